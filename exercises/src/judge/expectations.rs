//! What a check returns, and how it lists what it expects.

/// What a check observed, or, as the error, a message for the student.
pub type Verdict = Result<String, String>;

/// The message of the first expectation that is not met, as an error.
///
/// # Examples
///
/// ```
/// use exercises::judge::expect_all;
///
/// let requests = 6;
/// let refused = expect_all([
///     (requests > 0, "Your program sent no request.".to_owned()),
///     (requests <= 5, format!("{requests} requests were in flight instead of five.")),
/// ]);
/// assert_eq!(refused, Err("6 requests were in flight instead of five.".to_owned()));
/// ```
pub fn expect_all(expectations: impl IntoIterator<Item = (bool, String)>) -> Result<(), String> {
    let unmet = expectations.into_iter().find(|(is_met, _)| !is_met);
    unmet.map_or(Ok(()), |(_, message)| Err(message))
}

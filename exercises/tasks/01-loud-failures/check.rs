//! Task 1: what failed must be named, counted and reflected in the exit code.
//!
//! The submission runs three times at once: on an album that is fine, on the album `trouble`, and on
//! one that does not exist.

use crate::judge::{Submission, Run, Verdict, saved_all, serve, settings};
use crate::{blocking, files};

/// Images of `trouble` that no single request can get.
const LOST: [&str; 5] = ["not-found", "gone", "always-down", "cut-short", "goes-silent"];
/// Images of `trouble` of which the others must not spoil the download.
const FINE: [&str; 3] = ["healthy", "twin", "numbered"];

pub fn check(submission: &Submission) -> Verdict {
    let server = serve(&settings(8))?;
    let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
    let links = blocking::list(&list, "Client-ID check").map_err(|error| error.to_string())?;

    let fine = submission.start(&server)?;
    let trouble = submission.start_with(&server, &[("ALBUM", practice::TROUBLE)])?;
    let nothing = submission.start_with(&server, &[("ALBUM", "missing")])?;
    let (fine, trouble, nothing) = (fine.wait()?, trouble.wait()?, nothing.wait()?);

    fine.succeeded()?;
    saved_all(&fine, &server)?;
    let failed = judge(&trouble, &links)?;
    counts(&fine, 8, 8)?;
    if nothing.code() == Some(101) {
        return Err(panicked("an album that does not exist"));
    }
    if nothing.code() == Some(0) || nothing.stderr.is_empty() {
        return Err("Asked for an album that does not exist, your program saw no reason to \
                    complain. When the list itself does not come, there is nothing to download, and \
                    that is a failure, too: say so, and end with an exit code that is not 0. What \
                    does `unwrap_or_default` do with an error?"
            .into());
    }
    Ok(format!(
        "The album trouble: {failed} of {} downloads failed, each is named, and the exit code says \
         so. The album without faults: exit code 0. No album: a failure.",
        links.len()
    ))
}

/// Judges the run on `trouble`; how many of its links failed.
fn judge(run: &Run, links: &[String]) -> Result<usize, String> {
    if run.code() == Some(101) {
        return Err(panicked("the album trouble"));
    }
    run.ended()?;
    let saved = |link: &str| {
        let path = format!("downloads/{}", files::name(link)).to_lowercase();
        run.files.keys().any(|file| file.to_lowercase() == path)
    };
    // A link may be escaped: `{link:?}` is as good as `{link}`.
    let escaped = |link: &str| link.escape_debug().to_string();
    let named = |link: &str| run.stderr.contains(link) || run.stderr.contains(&escaped(link));
    let without_a_word: Vec<_> = links
        .iter()
        .filter(|link| !saved(link) && !named(link))
        .map(|link| files::name(link))
        .collect();
    let one_of = |names: &[&str], file: &str| names.iter().any(|it| file == format!("{it}.png"));
    if let Some(file) = without_a_word.iter().find(|file| one_of(&FINE, file)) {
        return Err(format!(
            "On the album trouble your program gave up before it had tried all images: {file} is \
             neither saved nor named, although the server would have sent it. One image that fails \
             must not stop the others. Who sees the error first, and does that place know what \
             else is to be done?"
        ));
    }
    if without_a_word.iter().any(|file| one_of(&LOST, file) && run.stdout.contains(*file)) {
        return Err(
            "Your program names what failed, but on stdout, among what it has saved. Whoever sends \
             that into a file sees no error any more. Errors belong on stderr (`eprintln!`)."
                .into(),
        );
    }
    if without_a_word.iter().any(|file| one_of(&LOST, file) && run.stderr.contains(*file)) {
        return Err(
            "Your program names the files that failed. Name the whole links: who wants to try \
                    one of them by hand needs the address."
                .into(),
        );
    }
    if let Some(file) = without_a_word.iter().find(|file| one_of(&LOST, file)) {
        return Err(format!(
            "{} downloads of the album trouble failed in silence: {file}, for one, was not saved, and \
             no line on stderr holds its link. The error is there, `fetch` returns it. Who drops it?",
            without_a_word.len()
        ));
    }
    if let Some(link) = links.iter().find(|link| one_of(&FINE, files::name(link)) && named(link)) {
        return Err(format!(
            "Your program says that {link} failed. The server would have sent it."
        ));
    }
    let reason = |line: &&str| line.contains("not-found.png") && line.contains("404");
    if !run.stderr.lines().any(|line| reason(&line)) {
        return Err(
            "Your program names what failed, but not why: the server answered 404 for \
                    not-found.png, and no line on stderr says both. With the name alone nobody knows \
                    whether it helps to try again. The `Error` can be printed (`{error}`)."
                .into(),
        );
    }
    if run.code() == Some(0) {
        return Err(
            "Your program names what failed and then ends with exit code 0: to a script, or \
                    to the program that started it, that means all is well. `main` may return an \
                    `ExitCode`."
                .into(),
        );
    }
    let failed = links.iter().filter(|link| named(link)).count();
    counts(run, links.len() - failed, links.len())?;
    Ok(failed)
}

/// An error, unless stdout says how many of how many images were saved.
fn counts(run: &Run, saved: usize, of: usize) -> Result<(), String> {
    let words = format!("{saved} of {of} images saved");
    if run.stdout.lines().any(|line| line.trim() == words) {
        return Ok(());
    }
    Err(format!(
        "The numbers do not add up. Of {of} links, your program named {} as failed, so its last line \
         should be `{words}`. It is `{}`.",
        of - saved,
        run.stdout.lines().last().unwrap_or_default()
    ))
}

fn panicked(album: &str) -> String {
    format!(
        "On {album} your program panicked. A panic says: there is a bug in this program. But a list or \
         an image that does not come is nobody's bug, it is to be expected; it deserves an `Err` that \
         somebody handles. Where are the `unwrap`s?"
    )
}

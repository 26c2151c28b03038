//! For task 14: the two mirrors of an image.

/// The two links under which an image can be requested. Which one is faster changes with each image.
pub fn mirrors(link: &str) -> [String; 2] {
    ["north", "south"].map(|mirror| format!("{link}?mirror={mirror}"))
}

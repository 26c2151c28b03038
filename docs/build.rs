//! Finds the chapters and the tasks' pages, so that `cargo test` compiles every Rust block in them (see `checks/lib.rs`).

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let docs = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut chapters = vec![docs.with_file_name("README.md")];
    find(&docs, &mut chapters)?;
    find(&docs.with_file_name("exercises").join("tasks"), &mut chapters)?;
    chapters.sort();

    let mut modules = String::new();
    for chapter in chapters {
        let path = chapter.to_str().expect("paths are text");
        let name = chapter.strip_prefix(docs.parent().expect("docs has one")).expect("it is below");
        let name = name.display().to_string().to_lowercase();
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        writeln!(modules, "#[doc = include_str!({path:?})] mod r#{name} {{}}")
            .expect("memory takes everything");
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("chapters.rs"), modules)
}

fn find(folder: &Path, chapters: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, chapters)?;
        } else if path.extension().is_some_and(|extension| extension == "md")
            && !path.ends_with("hints.md")
        {
            chapters.push(path);
        }
    }
    Ok(())
}

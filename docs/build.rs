//! Finds what `cargo test` checks: the chapters, the pages of the tasks, and the programs in
//! `broken/`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let docs = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let root = docs.parent().expect("docs is a folder of the workspace");
    let mut modules = String::new();

    let mut chapters = vec![root.join("README.md")];
    find(&docs, "md", &mut chapters)?;
    find(&root.join("exercises/tasks"), "md", &mut chapters)?;
    // Code in a hint may be incomplete.
    chapters.retain(|chapter| !chapter.ends_with("hints.md"));
    for chapter in chapters {
        let path = chapter.to_str().expect("paths are UTF-8");
        push_module(&mut modules, root, &chapter, &format!("include_str!({path:?})"));
    }

    let mut programs = Vec::new();
    find(&docs.join("broken"), "rs", &mut programs)?;
    for program in programs {
        let path = program.to_str().expect("paths are UTF-8");
        let doc = format!(r#"concat!("```compile_fail\n", include_str!({path:?}), "```")"#);
        push_module(&mut modules, root, &program, &doc);
    }

    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("modules.rs"), modules)?;
    detect_compiler()
}

/// Adds the paths of all files with this extension in a folder and in the folders below it.
fn find(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, extension, found)?;
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    Ok(())
}

/// Adds an empty module with this documentation. It is named after the file.
fn push_module(modules: &mut String, root: &Path, file: &Path, doc: &str) {
    let name = file.strip_prefix(root).expect("the file is in the workspace").display().to_string();
    let name = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    writeln!(modules, "#[doc = {doc}] mod r#{name} {{}}").expect("a string can grow");
}

/// Sets the `cfg` flag `compiler_of_the_messages` where the compiler is the one whose messages the
/// chapters show: that of the workspace's `rust-version`.
fn detect_compiler() -> io::Result<()> {
    println!("cargo::rustc-check-cfg=cfg(compiler_of_the_messages)");
    let rustc = env::var("RUSTC").expect("cargo sets it");
    let version = Command::new(rustc).arg("--version").output()?.stdout;
    if version.starts_with(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), ".").as_bytes()) {
        println!("cargo::rustc-cfg=compiler_of_the_messages");
    }
    Ok(())
}

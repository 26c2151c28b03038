//! The folder for everything that is written while measuring. It is removed at the end, and when a
//! signal ends the program.

use std::fs;
use std::io;
use std::thread::sleep;
use std::time::Duration;
use tempfile::TempDir;

/// Creates the folder. From then on, all temporary folders of this process are inside it.
pub fn folder() -> io::Result<TempDir> {
    let folder = TempDir::new()?;
    // Fails only if it has been called before.
    let _ = tempfile::env::override_temp_dir(folder.path());
    let path = folder.path().to_owned();
    shared::stop::on_signal(move || {
        end_children();
        // A program that is still running may add files meanwhile.
        while fs::remove_dir_all(&path).is_err() && path.exists() {
            sleep(Duration::from_millis(10));
        }
    });
    Ok(folder)
}

/// Asks the programs that this process has started to end. Elsewhere than on Linux, they end because
/// their server does.
fn end_children() {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::signal::{Signal, kill};
        use nix::unistd::Pid;
        use procfs::process::Process;
        let tasks = Process::myself().and_then(|this| this.tasks());
        for task in tasks.into_iter().flatten().flatten() {
            for child in task.children().unwrap_or_default() {
                let _ = kill(Pid::from_raw(child.cast_signed()), Signal::SIGTERM);
            }
        }
    }
}

//! The machine: its cores, and reasons to distrust its measurements.

use std::thread::available_parallelism;

/// The load average above which the machine counts as busy.
const BUSY: f32 = 0.5;

/// Number of threads that can run at the same time.
pub fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The processor's name where it is known, its cores, and the system.
pub fn name() -> String {
    format!("{}, {} cores, {}", processor(), cores(), std::env::consts::OS)
}

#[cfg(target_os = "linux")]
fn processor() -> String {
    use procfs::Current;
    let info = procfs::CpuInfo::current().ok();
    let name = info.as_ref().and_then(|info| info.model_name(0));
    name.unwrap_or(std::env::consts::ARCH).to_owned()
}

#[cfg(not(target_os = "linux"))]
fn processor() -> String {
    std::env::consts::ARCH.to_owned()
}

/// Today, such as `27 Nov 2026`.
pub fn date() -> String {
    httpdate::fmt_http_date(std::time::SystemTime::now())[5..16].to_owned()
}

/// The machine, its limits, and the date.
pub fn made(rounds: u16) -> String {
    let rounds =
        if rounds == 1 { "One round".into() } else { format!("Medians of {rounds} rounds") };
    format!("{rounds}, {}{}, {}", name(), limits(), date())
}

/// Raises the limit on open files as far as this process may; programs that it starts inherit it. A
/// privileged process may also raise the hard limit, up to the system's maximum for a process.
pub fn raise_open_files() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        let hard = getrlimit(Resource::RLIMIT_NOFILE).map(|(_, hard)| hard).ok();
        for max in max_open_files().into_iter().chain(hard) {
            if hard.is_some_and(|hard| max >= hard)
                && setrlimit(Resource::RLIMIT_NOFILE, max, max).is_ok()
            {
                break;
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn max_open_files() -> Option<u64> {
    std::fs::read_to_string("/proc/sys/fs/nr_open").ok()?.trim().parse().ok()
}

#[cfg(not(target_os = "linux"))]
#[cfg(unix)]
fn max_open_files() -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
fn limits() -> String {
    use procfs::Current;
    let memory = procfs::Meminfo::current().map_or(0, |it| it.mem_total >> 30);
    let ids = procfs::sys::kernel::pid_max().unwrap_or(0);
    let files = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE);
    let files = files.map_or(0, |(files, _)| files);
    format!(", {memory} GiB, at most {files} open files for a process and {ids} threads in all")
}

#[cfg(not(target_os = "linux"))]
fn limits() -> String {
    String::new()
}

/// Reasons not to trust what is measured now.
pub fn warnings() -> Vec<String> {
    let mut warnings = Vec::new();
    if cfg!(debug_assertions) {
        warnings.push("05-compare itself is a debug build: use --release".to_owned());
    }
    let load = load();
    if load > BUSY {
        warnings.push(format!("this machine is busy: its load average is {load:.1}"));
    }
    warnings
}

/// Load average of the last minute.
#[cfg(target_os = "linux")]
fn load() -> f32 {
    use procfs::Current;
    procfs::LoadAverage::current().map_or(0.0, |load| load.one)
}

#[cfg(not(target_os = "linux"))]
fn load() -> f32 {
    0.0
}

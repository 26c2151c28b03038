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

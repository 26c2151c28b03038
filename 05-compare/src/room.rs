//! How many threads and how much memory the system has left, and which limit says so.

/// What is left below the lowest limit.
pub struct Room {
    pub left: u64,
    /// The limit's name, such as `kernel.pid_max`.
    pub limit: &'static str,
}

/// Threads that may still be started; `None` where the system doesn't say.
pub fn threads() -> Option<Room> {
    lowest(system::threads())
}

/// Memory that can still be used without swapping, in bytes; `None` where the system doesn't say.
pub fn memory() -> Option<Room> {
    lowest(system::memory())
}

/// Why this many threads and bytes of memory do not fit, if they don't.
pub fn shortage(threads: u64, memory: u64) -> Option<String> {
    let missing =
        |needed: u64, room: &Option<Room>| room.as_ref().is_some_and(|it| it.left < needed);
    let (thread_room, memory_room) = (self::threads(), self::memory());
    let (room, needed, left) = if missing(threads, &thread_room) {
        let room = thread_room?;
        (room.limit, format!("{threads} threads"), format!("{} more", room.left))
    } else if missing(memory, &memory_room) {
        let room = memory_room?;
        let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
        (room.limit, format!("{} of memory", gigabytes(memory)), gigabytes(room.left))
    } else {
        return None;
    };
    Some(format!("it would need about {needed}, and {room} allows {left}"))
}

fn lowest(rooms: Vec<Option<Room>>) -> Option<Room> {
    rooms.into_iter().flatten().min_by_key(|it| it.left)
}

#[cfg(target_os = "linux")]
mod system {
    use super::Room;
    use nix::sys::resource::{Resource, getrlimit};
    use procfs::process::Process;
    use procfs::sys::kernel;
    use procfs::{Current, LoadAverage, Meminfo};
    use std::fs::read_to_string;
    use std::path::Path;

    pub fn threads() -> Vec<Option<Room>> {
        // All threads of the system, and those of this user at most.
        let used = LoadAverage::current().map_or(0, |load| u64::from(load.max));
        let room = |limit, max: Option<u64>| Some(Room { left: max?.saturating_sub(used), limit });
        let of_user = getrlimit(Resource::RLIMIT_NPROC).ok().map(|(max, _)| max);
        vec![
            room("kernel.pid_max", kernel::pid_max().ok().map(|max| max.cast_unsigned().into())),
            room("kernel.threads-max", kernel::threads_max().ok().map(u64::from)),
            room("RLIMIT_NPROC", of_user),
            control_group("pids", "the control group's pids.max", ["pids.max", "pids.current"]),
        ]
    }

    pub fn memory() -> Vec<Option<Room>> {
        let available = Meminfo::current().ok().and_then(|memory| memory.mem_available);
        let limit = "the control group's limit";
        vec![
            available.map(|left| Room { left, limit: "the memory that is free" }),
            control_group("memory", limit, ["memory.max", "memory.current"]),
            control_group("memory", limit, ["memory.limit_in_bytes", "memory.usage_in_bytes"]),
        ]
    }

    /// What this process's control groups allow: the group itself and all above it count.
    fn control_group(controller: &str, limit: &'static str, files: [&str; 2]) -> Option<Room> {
        let groups = Process::myself().ok()?.cgroups().ok()?;
        let rooms = groups.into_iter().flat_map(|group| {
            // Version 2 has one tree for all controllers.
            let controller = group.controllers.iter().find(|it| *it == controller);
            let root = Path::new("/sys/fs/cgroup").join(controller.map_or("", String::as_str));
            let above: Vec<_> =
                Path::new(&group.pathname).ancestors().map(Path::to_owned).collect();
            above.into_iter().filter_map(move |group| {
                let path = root.join(group.strip_prefix("/").ok()?);
                // "max" is no number: no limit.
                let read = |file| read_to_string(path.join(file)).ok()?.trim().parse::<u64>().ok();
                Some(read(files[0])?.saturating_sub(read(files[1])?))
            })
        });
        rooms.min().map(|left| Room { left, limit })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Room;

    pub fn threads() -> Vec<Option<Room>> {
        Vec::new()
    }

    pub fn memory() -> Vec<Option<Room>> {
        Vec::new()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_names_what_is_missing_and_the_limit() {
        assert_eq!(shortage(1, 1), None);
        let threads = shortage(u64::MAX, 1).unwrap();
        assert!(threads.contains(" threads, and "), "{threads}");
        let memory = shortage(1, 1 << 60).unwrap();
        assert!(memory.contains("1152921504.6 GB of memory, and "), "{memory}");
    }
}

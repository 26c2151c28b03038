//! Plays all orders in which two threads can count. See `docs/hazards.md`.

/// A thread reads the count, adds 1 to what it has read, and writes the result.
const STEPS: usize = 3;

#[derive(Clone, Default)]
struct State {
    count: u32,
    /// How many steps each thread has done, and what number it holds.
    threads: [(usize, u32); 2],
}

/// Plays all schedules from here on. Returns how many there are, and how many count to 2.
fn play(state: &State) -> (u32, u32) {
    let mut found = (0, 0);
    for thread in 0..2 {
        let mut next = state.clone();
        let (done, number) = &mut next.threads[thread];
        match *done {
            0 => *number = next.count,
            1 => *number += 1,
            2 => next.count = *number,
            _ => continue,
        }
        *done += 1;
        let (all, right) = play(&next);
        found = (found.0 + all, found.1 + right);
    }
    let ended = state.threads.iter().all(|thread| thread.0 == STEPS);
    if ended { (1, u32::from(state.count == 2)) } else { found }
}

fn main() {
    let (all, right) = play(&State::default());
    println!("{all} schedules, {right} of them right");
}

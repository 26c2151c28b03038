//! The explorer against numbers that can be calculated, against what the memory model allows, and
//! against another explorer.

mod channels;
mod memory;
mod picture;
mod schedules;

use exercises::explore::{Kind, Loads, Report, explore};

fn latest(program: &dyn Fn() -> Result<(), String>) -> Report {
    explore(file!(), Loads::Latest, program)
}

/// The first sentence of the failure, with its kind and how many schedules end like this.
fn fails(report: Report) -> (Kind, usize, String) {
    let failure = report.failure.expect("it fails");
    (failure.kind, failure.schedules, failure.message)
}

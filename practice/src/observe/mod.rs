//! What the server observed: each request is recorded once, and everything else is derived.

mod agent;
mod attempts;
mod observed;
mod observer;
mod recent;
mod records;
mod run;

pub use agent::Client;
pub use observed::{LoggedRequest, Observed};
pub use observer::{InFlight, Observer};
pub use records::{Snapshot, Totals};
pub use run::RequestKind;

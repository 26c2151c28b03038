//! What the server has observed: records of all requests, and what is derived from them.

mod agent;
mod attempts;
mod experiment;
mod in_flight;
mod observed;
mod recent;
mod records;
mod rule_change;
mod run;

pub use agent::Client;
pub use in_flight::InFlight;
pub use observed::{LoggedRequest, Observed};
pub use records::{Records, Snapshot};
pub use run::RequestKind;

//! What the server has observed: records of all requests, and what is derived from them.

mod agent;
mod attempts;
mod experiment;
mod in_flight;
mod kept;
mod names;
mod observed;
mod progress;
mod recent;
mod records;
mod rule_change;
mod run;

pub use agent::{Client, shown_name};
pub use in_flight::InFlight;
pub use kept::Kept;
pub use names::Names;
pub use observed::{LoggedRequest, Observed};
pub use records::{Records, Snapshot};
pub use run::RequestKind;

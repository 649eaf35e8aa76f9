//! The full-screen face: it shows what the engine tells, and turns keys into what the engine is asked.
//!
//! `run` holds the terminal and the loop; `update` changes the `model`; `views` and `layers` draw it. Sessions,
//! money and the store are the engine's; nothing here decides about them.

mod ability;
mod desktop;
mod guard;
mod input;
mod keeping;
mod layers;
mod linked;
mod model;
mod notify;
mod pace;
mod run;
mod sanitise;
#[cfg(test)]
mod testing;
mod text;
mod update;
mod views;
mod waiting;

pub use run::{Connector, Start, run};
pub use waiting::Connecting;

//! Measures the echo servers of all I/O models side by side, with the load
//! generator of the listings: scenes in which they tie, and scenes in which
//! they part.
//!
//! A [`Step`](scene::Step) is one measurement: some servers, and what their
//! clients do. What came out of all steps are [`Results`]; the tables and the
//! plots are [`Chart`]s of them.
#![cfg(target_os = "linux")]

pub mod book;
mod calls;
pub mod chart;
pub mod charts;
mod groups;
pub mod machine;
pub mod models;
mod notes;
pub mod page;
pub mod plot;
pub mod programs;
pub mod results;
pub mod run;
pub mod scene;
pub mod server;
mod silent;

pub use chart::Chart;
pub use results::Results;

//! Runs the listings of the book as black boxes.
//!
//! - [`listing`] reads what a listing says about itself in its `Cargo.toml`;
//!   [`programs`] builds the listings and finds their binaries.
//! - [`process`] and [`server`] start a program, keep its output drained, and
//!   kill and reap it when the test ends, however it ends; a [`queue`] keeps
//!   the order in which several programs wrote.
//! - [`transcript`] plays the recorded dialogues of the book again and
//!   compares; `cargo run -p testkit` records them anew.
//! - [`echo`] is the conformance suite that every echo server must pass; its
//!   hostile clients are those of the listing [`bad_peers`].
//! - [`trial`] makes tests of all this that say what a machine lacks for them.
//!
//! No wait is without a deadline, no port is fixed, and no test sleeps in the
//! hope that something has happened meanwhile.

pub mod c;
pub mod deadline;
pub mod echo;
pub mod limits;
pub mod listing;
pub mod need;
pub mod process;
pub mod procfs;
pub mod programs;
pub mod python;
#[cfg_attr(not(unix), path = "queue_elsewhere.rs")]
pub mod queue;
pub mod server;
pub mod transcript;
pub mod trial;

//! A load generator: one thread that plays many clients of an echo server,
//! compares every byte, and measures both sides.
//!
//! Several servers are driven *in turn*, in short slices, and compared round
//! by round with the first of them, the reference: a machine that others use
//! too may change its speed by half within a second, and then it does so for
//! all of them.
#![cfg(target_os = "linux")]

mod connect;
mod connection;
mod drive;
mod fault;
mod interrupt;
mod pattern;
mod pinned;
mod process;
mod result;
mod rounds;
mod stats;
mod subject;

pub use connect::{connect, raise_descriptors};
pub use drive::Talk;
pub use fault::Fault;
pub use interrupt::Interrupt;
pub use process::{cpu_time, memory};
pub use result::{Measured, Numbers, Outcome};
pub use rounds::{Plan, Stopped, run};
pub use stats::Spread;
pub use subject::Server;

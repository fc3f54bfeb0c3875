//! What the tests share.

mod book;
mod http;
mod process;

pub use book::Book;
pub use http::{Socket, get};
pub use process::Reader;

use std::time::Duration;

/// How long anything may take. Only a failing test waits that long.
pub const PATIENCE: Duration = Duration::from_secs(60);

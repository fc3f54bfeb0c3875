//! Non-blocking: one thread asks every client in turn, without rest
fn main() {}

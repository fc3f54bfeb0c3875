//! Connects, says hello, reads the whole reply, and then closes
fn main() {}

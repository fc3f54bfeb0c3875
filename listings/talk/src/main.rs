//! Your keyboard to a server, its answers to your screen
fn main() {}

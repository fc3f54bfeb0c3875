//! One thread, many clients, on every system: a selector calls back
fn main() {}

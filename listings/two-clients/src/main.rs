//! Blocking: two clients, and nobody is served before both have come
fn main() {}

//! Accept and read in one attempt: a client that is slow to speak is lost
fn main() {}

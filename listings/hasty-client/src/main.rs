//! Says hello and hangs up: the reply is never read
fn main() {}

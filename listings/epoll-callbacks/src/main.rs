//! One thread, many clients: epoll itself, with callbacks
fn main() {}

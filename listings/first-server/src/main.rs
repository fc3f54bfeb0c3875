//! socket, bind, listen, accept, recv, send, close: a server for one client
fn main() {}

//! A server that expects a length and a message, and three clients. Every byte
//! of each of them arrives; only the one that follows the same protocol is
//! understood.
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};

// ANCHOR: clients
const CLIENTS: [(&str, &[u8]); 3] = [
    ("the client speaks HTTP", b"GET / HTTP/1.0\r\n\r\n"),
    ("the client puts the lowest byte first", b"\x05\0\0\0hello"),
    ("the client speaks the server's protocol", b"\0\0\0\x05hello"),
];
// ANCHOR_END: clients

/// The longest message that the server takes, in bytes.
const LIMIT: u32 = 65_536;

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
    for (what, request) in CLIENTS {
        println!("-- {what}");
        let to_server = TcpStream::connect(listener.local_addr()?)?;
        let (to_client, _) = listener.accept()?;
        let server = thread::spawn(move || server(&to_client));
        client(&to_server, request)?;
        match server.join() {
            Ok(result) => result?,
            Err(_) => bail!("the server panicked"),
        }
    }
    Ok(())
}

fn client(mut server: &TcpStream, request: &[u8]) -> anyhow::Result<()> {
    server.set_read_timeout(Some(Duration::from_secs(10)))?;
    println!("client sends     \"{}\"", request.escape_ascii());
    server.write_all(request)?;
    server.shutdown(Shutdown::Write)?; // that was all
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    println!("client received  \"{}\"", answer.escape_ascii());
    Ok(())
}

// ANCHOR: server
fn server(mut client: &TcpStream) -> anyhow::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut request = Vec::new();
    client.read_to_end(&mut request)?;
    println!("server received  {}", hex(&request));

    let (first, rest) = request.split_at_checked(4).context("no length")?;
    let length = u32::from_be_bytes(first.try_into()?);
    println!("server reads     length {} = {length}", hex(first));
    if length > LIMIT {
        println!("server refuses   more than {LIMIT} bytes, and hangs up");
        return Ok(());
    }
    let Some(message) = rest.get(..length as usize) else {
        println!("server misses    bytes: only {} came", rest.len());
        return Ok(());
    };
    println!("server reads     message \"{}\"", message.escape_ascii());
    println!("server sends     \"welcome\"");
    client.write_all(b"welcome")?;
    Ok(())
}
// ANCHOR_END: server

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    bytes.join(" ")
}

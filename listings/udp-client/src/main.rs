//! A UDP client: sends three datagrams, and waits for the reply to each, but
//! not for ever.
use std::env;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use anyhow::Context;

const PATIENCE: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;

    // ANCHOR: connect
    let own: IpAddr = match addr {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let socket = UdpSocket::bind((own, 0))?;
    socket.connect(addr).with_context(|| format!("cannot send to {addr}"))?;
    println!("connected to {addr}, and nothing was sent for that");
    socket.set_read_timeout(Some(PATIENCE))?;
    // ANCHOR_END: connect

    let mut buf = vec![0; 65_535];
    for text in ["hello", "", "你好"] {
        println!("sending {} bytes: {text:?}", text.len());
        let n = ask(&socket, text.as_bytes(), &mut buf)
            .map_err(|e| explain(e, addr))?;
        println!(
            "reply of {n} bytes: {:?}",
            String::from_utf8_lossy(&buf[..n])
        );
    }
    Ok(())
}

// ANCHOR: receive
/// Sends one datagram, and waits for the next one that comes back.
fn ask(
    socket: &UdpSocket,
    question: &[u8],
    buf: &mut [u8],
) -> io::Result<usize> {
    socket.send(question)?;
    loop {
        match socket.recv(buf) {
            // A signal came first; nothing was received.
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn explain(e: io::Error, addr: SocketAddr) -> anyhow::Error {
    let sentence = match e.kind() {
        // Windows has the second name for it.
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => {
            format!("nobody listens on {addr}")
        }
        // Unix says WouldBlock, Windows TimedOut.
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!("no reply from {addr} within {PATIENCE:?}")
        }
        _ => format!("cannot talk to {addr}"),
    };
    anyhow::Error::new(e).context(sentence)
}
// ANCHOR_END: receive

//! Requests as bytes, so that no client puts a path right before it is sent.

use super::PATIENCE;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// An answer.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    /// The header fields, one a line, in lower case.
    pub head: String,
    pub body: String,
}

/// Asks for `target`, sent as it stands.
pub fn get(address: SocketAddr, target: &str) -> Page {
    let mut stream = connect(address);
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Page {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_lowercase(),
        body: body.to_owned(),
    }
}

/// The WebSocket that an open page holds.
pub struct Socket {
    stream: TcpStream,
}

impl Socket {
    /// Opens the page at `/`, and the WebSocket that its script names.
    pub fn of_page(address: SocketAddr) -> Socket {
        Socket::open(address, &Socket::path(address))
    }

    /// The path that the script of the page at `/` names.
    pub fn path(address: SocketAddr) -> String {
        let page = get(address, "/").body;
        let (_, rest) = page.split_once("\"__livereload/").unwrap();
        let (number, _) = rest.split_once('"').unwrap();
        format!("/__livereload/{number}")
    }

    /// Opens the WebSocket at `path` (RFC 6455, section 4.1).
    pub fn open(address: SocketAddr, path: &str) -> Socket {
        let mut stream = connect(address);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{head:?}");
        Socket { stream }
    }

    /// Waits for a message.
    pub fn message(&mut self) -> String {
        // A whole text message of the server, under 126 bytes (section 5.2).
        let mut frame = [0; 2];
        self.stream.read_exact(&mut frame).unwrap();
        assert_eq!(frame[0], 0x81);
        let mut text = vec![0; frame[1].into()];
        self.stream.read_exact(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Whether the server has sent nothing so far.
    pub fn is_silent(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).unwrap();
        peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

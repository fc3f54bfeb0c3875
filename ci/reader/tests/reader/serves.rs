//! The server: what it answers, where it listens, and how it ends.

use crate::support::{Book, Reader, get};
use std::net::{Ipv4Addr, TcpListener};

const ANY_PORT: [&str; 2] = ["--port", "0"];

#[test]
fn pages_come_with_their_types() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &ANY_PORT);
    let address = reader.address();
    assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
    assert_ne!(address.port(), 0);

    let index = get(address, "/");
    assert_eq!(index.status, 200, "{index:?}");
    assert!(index.body.contains("The first text."));
    assert!(!index.body.contains("__livereload"));
    assert!(index.head.contains("\r\ncache-control: no-store"));
    for (target, kind) in [
        ("/", "text/html"),
        ("/streams/tcp.html", "text/html"),
        ("/streams/tcp.html?highlight=main", "text/html"),
        ("/figures/layers.svg", "image/svg+xml"),
        ("/book/theme/additions.css", "text/css"),
    ] {
        let page = get(address, target);
        assert_eq!(page.status, 200, "{target}");
        let field = format!("\r\ncontent-type: {kind}");
        assert!(page.head.contains(&field), "{target}: {page:?}");
    }
}

#[test]
fn what_is_not_in_the_book_is_not_found() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &ANY_PORT);
    let address = reader.address();
    let outside = "../../book.toml";
    assert!(book.path("target/book").join(outside).is_file());
    for target in [
        "/no-such-page.html",
        "/../../book.toml",
        "/%2e%2e/%2e%2e/book.toml",
        "/..%2f..%2fbook.toml",
        "/streams/../../../book.toml",
        "/..\\..\\book.toml",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/C:/Windows/win.ini",
        "/__livereload/1",
    ] {
        let page = get(address, target);
        assert_eq!(page.status, 404, "{target}: {page:?}");
        assert!(page.body.contains("Document not found"), "{target}");
    }
}

#[test]
fn a_taken_port_moves_to_the_next_free_one() {
    let book = Book::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut reader = Reader::serve(&book, &["--port", &port.to_string()]);
    let told = reader.line("is taken");
    let address = reader.address();
    assert!(address.port() > port, "{address}");
    let expected = format!("port {port} is taken, {} is free", address.port());
    assert_eq!(told, expected);
    assert_eq!(get(address, "/").status, 200);
}

#[test]
fn a_broken_book_is_not_served() {
    let book = Book::new();
    book.write("book/introduction.md", "{{#include no.rs}}\n");
    for arguments in [&ANY_PORT[..], &["--port", "0", "--watch"]] {
        let mut reader = Reader::serve(&book, arguments);
        reader.line("book/introduction.md:1: ");
        assert_eq!(reader.status().code(), Some(1));
    }
}

#[test]
fn a_root_may_be_relative() {
    let book = Book::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reader"));
    command.current_dir(book.path("book")).args([
        "--port",
        "0",
        "--no-open",
        "--root",
        "..",
    ]);
    let mut reader = Reader::start(command);
    assert_eq!(get(reader.address(), "/").status, 200);
    assert!(book.path("target/book/index.html").is_file());
}

/// Each socket of the system that listens on the port is on 127.0.0.1.
#[cfg(target_os = "linux")]
#[test]
fn only_loopback_is_bound() {
    const LISTEN: &str = "0A";
    let book = Book::new();
    let mut reader = Reader::serve(&book, &ANY_PORT);
    let port = format!("{:04X}", reader.address().port());
    let mut hosts = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        // A system may have no IPv6.
        let table = std::fs::read_to_string(table).unwrap_or_default();
        for socket in table.lines().skip(1) {
            let fields: Vec<&str> = socket.split_whitespace().collect();
            let (host, local_port) = fields[1].split_once(':').unwrap();
            if fields[3] == LISTEN && local_port == port {
                hosts.push(host.to_owned());
            }
        }
    }
    let localhost = u32::from_ne_bytes([127, 0, 0, 1]);
    assert_eq!(hosts, [format!("{localhost:08X}")]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_and_leaves_nothing_behind() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &["--port", "0", "--watch"]);
    let address = reader.address();
    // A page that is open does not hold it up.
    let _page = crate::support::Socket::of_page(address);
    let interrupted = std::process::Command::new("kill")
        .args(["-INT", &reader.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert!(reader.status().success());
    assert_eq!(book.built(), ["book"]);
}

/// Elsewhere the browser is not looked for in `PATH`, and one would open.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_a_browser_is_served_too() {
    let book = Book::new();
    let mut command = Reader::command(&book, &ANY_PORT);
    command.env("PATH", book.root());
    let mut reader = Reader::start(command);
    let address = reader.address();
    reader.line("no browser was found here");
    assert_eq!(get(address, "/").status, 200);
}

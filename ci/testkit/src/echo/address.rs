//! Addresses where the server cannot listen.

use std::net::TcpListener;

use anyhow::{Context, ensure};

use super::Subject;
use crate::process::{Ear, Heard, Process};

/// A word that is no address, and an address that is taken: each time the
/// server says so on standard error, in a sentence that names it, and fails.
pub fn address(subject: &Subject) -> anyhow::Result<()> {
    refuses(subject, "not-an-address")?;
    let holder = TcpListener::bind("127.0.0.1:0")
        .context("cannot hold a port for the server to find taken")?;
    refuses(subject, &holder.local_addr()?.to_string())
}

fn refuses(subject: &Subject, addr: &str) -> anyhow::Result<()> {
    let mut process = Process::start(subject.command(addr), Ear::Errors)?;
    let status = process
        .wait(subject.wait())
        .with_context(|| format!("started with {addr}"))?;
    let mut said = String::new();
    while let Heard::Line(line) = process.hear(subject.wait()) {
        said.push_str(&line.text);
        said.push('\n');
    }
    ensure!(
        !status.success(),
        "started with {addr}, it ends as if all were well"
    );
    for (sign, what) in [
        ("panicked at", "it panics"),
        ("Os {", "it shows the error's insides"),
        ("ParseIntError", "it shows the error's insides"),
        ("AddrParseError", "it shows the error's insides"),
    ] {
        ensure!(
            !said.contains(sign),
            "started with {addr}, {what} instead of saying a sentence: {said}"
        );
    }
    ensure!(
        said.contains(addr),
        "started with {addr}, it does not name it on standard error: {said}"
    );
    Ok(())
}

//! The reader's program, run.

use super::{Book, PATIENCE};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

/// A reader that runs, until it is dropped.
pub struct Reader {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Reader {
    /// The program with `arguments` for `book`.
    pub fn command<S: AsRef<OsStr>>(book: &Book, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reader"));
        command.args(arguments).arg("--root").arg(book.root());
        command
    }

    /// Runs `reader build` to its end.
    pub fn build(book: &Book) -> Output {
        Reader::command(book, &["build"]).output().unwrap()
    }

    /// Starts a server with `arguments`; it opens no browser.
    pub fn serve<S: AsRef<OsStr>>(book: &Book, arguments: &[S]) -> Reader {
        let mut command = Reader::command(book, arguments);
        command.arg("--no-open");
        Reader::start(command)
    }

    pub fn start(mut command: Command) -> Reader {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        pass_on(child.stdout.take().unwrap(), sender.clone());
        pass_on(child.stderr.take().unwrap(), sender);
        Reader { child, lines, seen: Vec::new() }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line, on either output, that holds `text`.
    pub fn line(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(rest) else {
                panic!("no line with {text:?} in {:#?}", self.seen);
            };
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits until the book is served, and says where.
    pub fn address(&mut self) -> SocketAddr {
        let line = self.line("the book is at ");
        let url = line.strip_prefix("the book is at http://").unwrap();
        url.strip_suffix('/').unwrap().parse().unwrap()
    }

    /// Waits until the program has ended by itself.
    pub fn status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the reader does not end");
            sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It fails if the program has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends each line of `output` to `lines`, until the program ends.
fn pass_on(output: impl Read + Send + 'static, lines: Sender<String>) {
    spawn(move || {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            // The test may be over; the output is read to its end even so.
            let _ = lines.send(line);
        }
    });
}

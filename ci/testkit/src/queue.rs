//! One queue for the output of several programs, in the order in which they
//! wrote it.
//!
//! With a pipe for each program, nobody can tell afterwards which of two
//! programs wrote first: the threads that read the pipes wake in any order.
//! Here every program writes to a datagram socket of its own, and all of these
//! are connected to the same one. The kernel keeps what arrives there in
//! order (unix(7): datagram sockets are reliable and do not reorder).

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context;
use tempfile::TempDir;

use crate::process::Line;

/// The queue, and the thread that takes the lines out.
#[derive(Debug)]
pub struct Queue {
    folder: TempDir,
    joined: Mutex<u32>,
    programs: Arc<Mutex<HashMap<OsString, Sender<Line>>>>,
}

/// Where a program writes. When it is dropped, the lines of that program end.
#[derive(Debug)]
pub struct Mouth(UnixDatagram);

impl Queue {
    /// An empty queue.
    ///
    /// # Errors
    ///
    /// Where the system refuses a temporary folder or a socket in it.
    pub fn new() -> anyhow::Result<Queue> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let socket = UnixDatagram::bind(folder.path().join("queue"))
            .context("cannot make a queue")?;
        let programs = Arc::new(Mutex::new(HashMap::new()));
        let ours = Arc::clone(&programs);
        thread::spawn(move || take_out(&socket, &programs));
        Ok(Queue { folder, joined: Mutex::new(0), programs: ours })
    }

    /// A way into the queue for one more program, and the lines that it
    /// writes there.
    ///
    /// # Errors
    ///
    /// Where the system refuses another socket.
    pub fn join(&self) -> anyhow::Result<(Mouth, Receiver<Line>)> {
        let mut joined = lock(&self.joined);
        *joined += 1;
        let name = OsString::from(joined.to_string());
        let socket = UnixDatagram::bind(self.folder.path().join(&name))
            .context("cannot join the queue")?;
        socket
            .connect(self.folder.path().join("queue"))
            .context("cannot join the queue")?;
        let (sender, lines) = mpsc::channel();
        lock(&self.programs).insert(name, sender);
        Ok((Mouth(socket), lines))
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // Without an address of its own: the sign to end. If no socket can be
        // had, the thread stays until the program ends.
        if let Ok(socket) = UnixDatagram::unbound() {
            let _ = socket.send_to(&[], self.folder.path().join("queue"));
        }
    }
}

impl Mouth {
    /// What the program gets as its output.
    ///
    /// # Errors
    ///
    /// Where the system has no descriptor left.
    pub fn stdio(&self) -> io::Result<Stdio> {
        self.0.try_clone().map(|socket| Stdio::from(OwnedFd::from(socket)))
    }
}

impl Drop for Mouth {
    fn drop(&mut self) {
        // An empty datagram: no program writes one. It fails only if the
        // queue is gone, and then nobody waits for it.
        let _ = self.0.send(&[]);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands each program's lines on, until the queue itself is dropped.
fn take_out(
    socket: &UnixDatagram,
    programs: &Mutex<HashMap<OsString, Sender<Line>>>,
) {
    let mut begun: HashMap<OsString, Vec<u8>> = HashMap::new();
    let mut buf = vec![0; 64 * 1024];
    while let Ok((n, from)) = socket.recv_from(&mut buf) {
        let path = from.as_pathname();
        let Some(name) = path.and_then(Path::file_name) else {
            return; // from the queue's own drop
        };
        let mut programs = lock(programs);
        let Some(lines) = programs.get(name) else { continue };
        let begun = begun.entry(name.to_owned()).or_default();
        begun.extend_from_slice(&buf[..n]);
        while let Some(end) = begun.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = begun.drain(..=end).collect();
            // Nobody may listen any more; then nobody misses it.
            let _ = lines.send(Line::new(&line));
        }
        if n == 0 {
            if !begun.is_empty() {
                let _ = lines.send(Line::new(begun));
            }
            programs.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::PATIENCE;

    #[test]
    fn lines_keep_the_order_in_which_they_were_written() {
        let queue = Queue::new().unwrap();
        let (a, lines_of_a) = queue.join().unwrap();
        let (b, lines_of_b) = queue.join().unwrap();
        for _ in 0..100 {
            a.0.send(b"a line").unwrap();
            b.0.send(b"from b\n").unwrap();
            a.0.send(b" in two parts\n").unwrap();
        }
        drop((a, b));
        for _ in 0..100 {
            let from_b = lines_of_b.recv_timeout(PATIENCE).unwrap();
            let from_a = lines_of_a.recv_timeout(PATIENCE).unwrap();
            assert_eq!(from_b.text, "from b");
            assert_eq!(from_a.text, "a line in two parts");
            assert!(from_b.at < from_a.at);
        }
        assert!(lines_of_a.recv_timeout(PATIENCE).is_err());
        assert!(lines_of_b.recv_timeout(PATIENCE).is_err());
    }
}

//! A server that runs while it is measured.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, set_parent_process_death_signal};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it takes at most until something is known that has happened.
const MOMENT: Duration = Duration::from_millis(500);

/// A running server. Dropping it kills and reaps it; and if this program is
/// killed, it dies too.
#[derive(Debug)]
pub struct Server {
    child: Child,
    addr: SocketAddr,
    errors: Receiver<String>,
}

impl Server {
    /// Starts one, and waits until it listens.
    ///
    /// # Errors
    ///
    /// In the server's words, if it has any.
    pub fn start(mut command: Command) -> Result<Server, String> {
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C in the terminal is for this program, which then ends them.
        command.process_group(0);
        // SAFETY: between fork and exec there is one system call, which takes
        // no lock and no memory.
        unsafe {
            command.pre_exec(|| {
                set_parent_process_death_signal(Some(Signal::KILL))?;
                Ok(())
            });
        }
        let mut child =
            command.spawn().map_err(|e| format!("cannot be started: {e}"))?;
        let output = lines(child.stdout.take().expect("it is a pipe"));
        let errors = lines(child.stderr.take().expect("it is a pipe"));
        let (first, unused) = ([0, 0, 0, 0], 0);
        let mut server = Server { child, addr: (first, unused).into(), errors };
        let first = output.recv_timeout(PATIENCE);
        let addr = first.as_ref().ok();
        let addr = addr.and_then(|line| line.strip_prefix("listening on "));
        match (addr.and_then(|addr| addr.parse().ok()), first) {
            (Some(addr), _) => {
                server.addr = addr;
                Ok(server)
            }
            (None, Ok(line)) => {
                Err(format!("does not listen, but says: {line}"))
            }
            (None, Err(_)) => Err(server
                .ended()
                .unwrap_or_else(|| format!("did not listen in {PATIENCE:?}"))),
        }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// If it has ended by now, says how.
    pub fn ended_already(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        Some(obituary(status, self.last_words()))
    }

    /// If it has ended, says how. Its connections tell of its end a moment
    /// before the system has the whole of it.
    pub fn ended(&mut self) -> Option<String> {
        let until = Instant::now() + MOMENT;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => {
                    thread::sleep(Duration::from_millis(5));
                }
                _ => return None,
            }
        };
        Some(obituary(status, self.last_words()))
    }
}

impl Server {
    /// The last line of its errors. It has ended, and so they end.
    fn last_words(&self) -> Option<String> {
        let mut last = None;
        while let Ok(line) = self.errors.recv_timeout(MOMENT) {
            last = Some(line);
        }
        last
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What can fail here: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn obituary(status: ExitStatus, last: Option<String>) -> String {
    match last {
        Some(line) => format!("ended ({status}): {line}"),
        None => format!("ended ({status})"),
    }
}

/// Reads on until the end, so that the writer never waits; gives the lines.
/// Who listens no more misses them.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Server, String> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::start(command)
    }

    #[test]
    fn what_does_not_listen_is_named() {
        let words = |script| shell(script).expect_err("it is no server");
        assert_eq!(words("echo hello"), "does not listen, but says: hello");
        let ended = "ended (exit status: 3): no port for me";
        assert_eq!(words("echo no port for me >&2; exit 3"), ended);
        let error = Server::start(Command::new("/none")).expect_err("none");
        assert!(error.starts_with("cannot be started: "), "{error}");
    }

    #[test]
    fn its_end_is_told_and_dropping_kills() {
        let listening = "echo listening on 127.0.0.1:7;";
        let mut server =
            shell(&format!("{listening} read x; exit 4")).expect("it listens");
        assert_eq!(server.addr().port(), 7);
        assert_eq!(server.ended().as_deref(), Some("ended (exit status: 4)"));
        let server = shell(&format!("{listening} exec sleep 60"));
        let mut server = server.expect("it listens");
        assert_eq!(server.ended(), None);
        let pid = server.pid();
        drop(server);
        let gone = rustix::process::test_kill_process(pid);
        assert_eq!(gone, Err(rustix::io::Errno::SRCH));
    }
}

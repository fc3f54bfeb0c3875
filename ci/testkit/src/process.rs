//! A program that runs, its output line by line, and its certain end.

use std::io::{self, BufRead, BufReader, PipeReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::deadline::eventually;
use crate::queue::{Mouth, Queue};

/// What came from a program.
#[derive(Debug)]
pub enum Heard {
    /// A line of its output.
    Line(Line),
    /// Its output has ended.
    End,
    /// Nothing within the time given.
    Nothing,
}

/// A line of a program's output.
#[derive(Debug, Eq, PartialEq)]
pub struct Line {
    /// Its text, without the line's end.
    pub text: String,
    /// When it was read.
    pub at: Instant,
}

impl Line {
    /// A line that was read now.
    pub(crate) fn new(bytes: &[u8]) -> Line {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Line { text: text.to_owned(), at: Instant::now() }
    }
}

/// Which output of a program is heard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ear {
    /// Standard output and standard error, in the order they were written.
    Both,
    /// Standard error alone.
    Errors,
}

/// A running program. Dropping it kills and reaps it.
///
/// A thread reads its output all the time, so that it never waits for a
/// reader.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Line>,
    /// Kept while the program may still write to a queue.
    mouth: Option<Mouth>,
}

/// Held while a program is started. Where a pipe is made in two steps, open
/// and then close-on-exec (macOS), a program started between the two by
/// another thread would inherit the pipe, and its end would never be seen.
static STARTING: Mutex<()> = Mutex::new(());

impl Process {
    /// Starts `command` with a pipe for its input and its output.
    ///
    /// # Errors
    ///
    /// Where it cannot be started, with its name.
    pub fn start(command: Command, ear: Ear) -> anyhow::Result<Process> {
        let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let (reader, writer) = io::pipe().context("cannot make a pipe")?;
        let stdout = match ear {
            Ear::Both => Stdio::from(writer.try_clone()?),
            Ear::Errors => Stdio::null(),
        };
        let mut child = spawn(command, stdout, Stdio::from(writer))?;
        drop(starting);

        let (sender, lines) = mpsc::channel();
        thread::spawn(move || send_lines(reader, &sender));
        let input = child.stdin.take();
        Ok(Process { child, input, lines, mouth: None })
    }

    /// Starts `command` with all of its output going into `queue`.
    ///
    /// # Errors
    ///
    /// Where it cannot be started, with its name, or the queue is full.
    pub fn start_in(
        queue: &Queue,
        command: Command,
    ) -> anyhow::Result<Process> {
        let (mouth, lines) = queue.join()?;
        let mut child = spawn(command, mouth.stdio()?, mouth.stdio()?)?;
        let input = child.stdin.take();
        Ok(Process { child, input, lines, mouth: Some(mouth) })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line of output, waiting for it at most `patience`.
    pub fn hear(&mut self, patience: Duration) -> Heard {
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            // A queue does not notice the end of a program: look for it.
            let look = Duration::from_millis(10);
            let wait = if self.mouth.is_some() { left.min(look) } else { left };
            match self.lines.recv_timeout(wait) {
                Ok(line) => return Heard::Line(line),
                Err(RecvTimeoutError::Disconnected) => return Heard::End,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Ok(Some(_)) = self.child.try_wait() {
                self.mouth = None;
            }
            if left.is_zero() {
                return Heard::Nothing;
            }
        }
    }

    /// Writes a line to the program's input, as if it were typed.
    ///
    /// # Errors
    ///
    /// Where its input is closed, or it has ended.
    pub fn type_line(&mut self, text: &str) -> anyhow::Result<()> {
        let input = self.input.as_mut().context("its input is closed")?;
        input
            .write_all(format!("{text}\n").as_bytes())
            .context("it does not take input")
    }

    /// Closes the program's input: Ctrl-D, or Ctrl-Z on Windows.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Ctrl-C, where it can be sent to one process (Unix); else a kill.
    ///
    /// # Errors
    ///
    /// Where the system refuses it.
    pub fn interrupt(&mut self) -> anyhow::Result<()> {
        #[cfg(unix)]
        if self.is_running()? {
            // Not yet reaped, so the id is still its own.
            rustix::process::kill_process(
                rustix::process::Pid::from_child(&self.child),
                rustix::process::Signal::INT,
            )
            .context("cannot send SIGINT")?;
        }
        #[cfg(not(unix))]
        self.child.kill().context("cannot end the program")?;
        Ok(())
    }

    /// Whether it has not ended yet.
    ///
    /// # Errors
    ///
    /// Where the system cannot say.
    pub fn is_running(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Waits for its end, at most `patience`.
    ///
    /// # Errors
    ///
    /// Where it still runs then.
    pub fn wait(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        eventually(patience, "the program to end", || Ok(!self.is_running()?))?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Either fails only if the program has ended and is reaped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program whose output goes where it is told. The command is dropped:
/// with the writing end of a pipe open in it, the output would never end.
fn spawn(
    mut command: Command,
    stdout: Stdio,
    stderr: Stdio,
) -> anyhow::Result<Child> {
    #[cfg(unix)]
    notice_ctrl_c()?;
    #[cfg(target_os = "linux")]
    {
        unblock_signals()?;
        hand_on_no_descriptors()?;
    }
    command
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(stderr)
        // Errors print as sentences, without a backtrace after them.
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        // Python writes each line at once, in English.
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .env("LC_ALL", "C");
    command.spawn().with_context(|| {
        let program = command.get_program().to_string_lossy();
        format!("cannot start {program}")
    })
}

/// Makes the programs that are started notice a SIGINT, even if this one was
/// told to ignore it, as shells tell what they start in the background. What
/// is ignored stays so in a program that is started; what is handled does not
/// (execve(2), "Effect on process attributes"). Here the handler does what
/// would be done without it.
#[cfg(unix)]
fn notice_ctrl_c() -> anyhow::Result<()> {
    static HANDLED: Mutex<bool> = Mutex::new(false);
    let mut handled = HANDLED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*handled {
        let always = Arc::new(AtomicBool::new(true));
        let sigint = signal_hook::consts::SIGINT;
        signal_hook::flag::register_conditional_default(sigint, always)
            .context("cannot handle SIGINT")?;
        *handled = true;
    }
    Ok(())
}

/// Blocks no signal in this thread, and so in the programs that it starts:
/// which are blocked is inherited, like what is ignored.
#[cfg(target_os = "linux")]
fn unblock_signals() -> anyhow::Result<()> {
    let none = nix::sys::signal::SigSet::empty();
    none.thread_set_mask().context("cannot unblock signals")
}

/// Closes in all programs that are started what this one has inherited beside
/// the standard streams: the servers' descriptors are counted. What std has
/// opened is closed there anyway.
#[cfg(target_os = "linux")]
fn hand_on_no_descriptors() -> anyhow::Result<()> {
    use rustix::io::{FdFlags, fcntl_setfd};
    use std::os::fd::{BorrowedFd, RawFd};

    static DONE: Mutex<bool> = Mutex::new(false);
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if *done {
        return Ok(());
    }
    let ours =
        std::fs::read_dir("/proc/self/fd").context("cannot list them")?;
    for entry in ours {
        let number = entry?.file_name().to_string_lossy().parse::<RawFd>();
        if let Ok(number @ 3..) = number {
            // SAFETY: the number is borrowed for one call, which changes
            // nothing for this program, and fails if it is closed by now.
            let fd = unsafe { BorrowedFd::borrow_raw(number) };
            let _closed_by_now = fcntl_setfd(fd, FdFlags::CLOEXEC);
        }
    }
    *done = true;
    Ok(())
}

/// Sends the lines that come from `reader`, up to its end.
fn send_lines(reader: PipeReader, lines: &Sender<Line>) {
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while let Ok(1..) = reader.read_until(b'\n', &mut line) {
        if lines.send(Line::new(&line)).is_err() {
            return;
        }
        line.clear();
    }
}

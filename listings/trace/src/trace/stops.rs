//! The tracee stops, and the tracer asks why and lets it go on: `man 2
//! ptrace`.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr::null_mut;

use anyhow::Context;
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::unistd::Pid;
use rustix::process::{WaitOptions, WaitStatus, wait};

use super::signals::Signals;

/// Why a thread of the tracee stands still.
pub enum Stop {
    /// It is about to enter the kernel, with the number of a call.
    Entry { number: u64, args: [u64; 6] },
    /// The kernel is about to go back to it, with a result, which from -4095
    /// to -1 is the number of an error.
    Exit(i64),
    /// It has begun another thread, or another process, of this id.
    Begun { id: i32, process: bool },
    /// It runs another program now; this was its id before.
    Exec { former: i32 },
    /// A signal is about to be delivered to it.
    Signal(i32),
    /// Nothing that is shown.
    Other,
    /// It is no more.
    End(End),
}

#[derive(Clone, Copy)]
pub enum End {
    Code(u8),
    Signal(u8),
}

/// The stops of a program, of its threads, and of all that they start.
pub struct Stops {
    /// The process id of the program.
    pub pid: i32,
    signals: Signals,
}

impl Stops {
    /// Starts a program as a tracee. It stops before its first instruction.
    pub fn start(mut command: Command) -> anyhow::Result<Stops> {
        let signals = Signals::block()?;
        let mask = signals.mask_before();
        // ANCHOR: trace_me
        // SAFETY: between fork and exec these two make one system call each.
        unsafe {
            command.pre_exec(move || {
                mask.thread_set_mask()?;
                ptrace::traceme()?; // from here on the parent is its tracer
                Ok(())
            });
        }
        let child = command.spawn().map_err(refused)?;
        // ANCHOR_END: trace_me
        let pid = child.id() as i32;
        wait_for(pid)?;
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL; // it does not outlive its tracer
        ptrace::setoptions(Pid::from_raw(pid), options)?;
        let stops = Stops { pid, signals };
        stops.resume(pid, 0)?;
        Ok(stops)
    }

    /// The next stop of any thread. `None` when all have ended.
    pub fn next(&mut self) -> anyhow::Result<Option<(i32, Stop)>> {
        loop {
            match wait(WaitOptions::NOHANG | every_thread()) {
                Ok(Some((thread, status))) => {
                    let thread = thread.as_raw_nonzero().get();
                    return Ok(Some((thread, why(thread, status)?)));
                }
                Ok(None) => self.signals.wait(self.pid)?,
                Err(rustix::io::Errno::CHILD) => return Ok(None),
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e).context("cannot wait"),
            }
        }
    }

    /// Lets a thread go on to its next call, or out of the one it is in; a
    /// `signal` other than 0 is delivered to it.
    pub fn resume(&self, thread: i32, signal: i32) -> anyhow::Result<()> {
        let (address, data) = (null_mut::<u8>(), libc::c_long::from(signal));
        // SAFETY: this request touches no memory of this process.
        let result = unsafe {
            libc::ptrace(libc::PTRACE_SYSCALL, thread, address, data)
        };
        match Errno::result(result) {
            Ok(_) | Err(Errno::ESRCH) => Ok(()), // killed meanwhile
            Err(e) => Err(e).context("cannot let it go on"),
        }
    }
}

/// Threads are waited for as well as processes.
fn every_thread() -> WaitOptions {
    WaitOptions::from_bits_retain(libc::__WALL as u32)
}

fn wait_for(pid: i32) -> anyhow::Result<()> {
    let child = rustix::process::Pid::from_raw(pid);
    rustix::process::waitpid(child, every_thread())
        .context("cannot wait for it")?;
    Ok(())
}

/// What stopped a thread.
fn why(thread: i32, status: WaitStatus) -> anyhow::Result<Stop> {
    let pid = Pid::from_raw(thread);
    if let Some(code) = status.exit_status() {
        return Ok(Stop::End(End::Code(code as u8)));
    }
    if let Some(signal) = status.terminating_signal() {
        return Ok(Stop::End(End::Signal(signal as u8)));
    }
    let Some(signal) = status.stopping_signal() else {
        return Ok(Stop::Other);
    };
    let event = status.as_raw() >> 16;
    let message = || ptrace::getevent(pid).map(|message| message as i32);
    let stop = match event {
        libc::PTRACE_EVENT_CLONE => {
            message().map(|id| Stop::Begun { id, process: false })
        }
        libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK => {
            message().map(|id| Stop::Begun { id, process: true })
        }
        libc::PTRACE_EVENT_EXEC => {
            message().map(|former| Stop::Exec { former })
        }
        // PTRACE_O_TRACESYSGOOD sets this bit where the cause is a call.
        _ if signal == libc::SIGTRAP | 0x80 => entry_or_exit(pid),
        // There is no signal, if the thread stops because its process does.
        _ => ptrace::getsiginfo(pid).map(|_| Stop::Signal(signal)),
    };
    match stop {
        Ok(stop) => Ok(stop),
        Err(Errno::ESRCH) => Ok(Stop::Other), // killed meanwhile
        Err(Errno::EINVAL) if event == 0 => Ok(Stop::Other),
        Err(Errno::EIO) => Err(Errno::EIO).context("needs Linux 5.3 or newer"),
        Err(e) => Err(e).context("cannot ask why it stopped"),
    }
}

fn entry_or_exit(thread: Pid) -> nix::Result<Stop> {
    let info = ptrace::syscall_info(thread)?;
    // SAFETY: `op` says which field of the union holds.
    Ok(unsafe {
        match info.op {
            libc::PTRACE_SYSCALL_INFO_ENTRY => {
                Stop::Entry { number: info.u.entry.nr, args: info.u.entry.args }
            }
            libc::PTRACE_SYSCALL_INFO_EXIT => Stop::Exit(info.u.exit.sval),
            _ => Stop::Other,
        }
    })
}

/// Says so where the system does not grant a tracee.
fn refused(error: io::Error) -> anyhow::Error {
    const WHY: &str = "the system does not let this program trace another: \
        some containers forbid it, and who is traced can trace nobody";
    match error.raw_os_error() {
        Some(libc::EPERM | libc::ENOSYS) => {
            anyhow::Error::new(error).context(WHY)
        }
        _ => error.into(),
    }
}

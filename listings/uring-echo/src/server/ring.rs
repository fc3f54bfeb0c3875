//! The two rings: what is asked of the kernel, and what it has done.
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::raw::c_int;

use anyhow::{Context, anyhow};
use io_uring::types::{Fd, Timespec};
use io_uring::{IoUring, cqueue, opcode, squeue};

use super::buffers::GROUP;

const SUBMISSIONS: u32 = 256;
const COMPLETIONS: u32 = 1024;

/// At most so many submissions come of one completion.
const FOR_EACH: usize = 2;

static A_SECOND: Timespec = Timespec::new().sec(1);

/// What comes back with a completion: the operation, and whose it is. No number
/// is used twice.
#[derive(Clone, Copy, PartialEq)]
pub struct Key {
    pub slot: u32,
    pub number: u64,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Operation {
    Accept,
    Timer,
    Receive,
    Send,
    Stop,
}

/// Three bits for the operation, 21 for the slot, the rest for the number.
fn token(operation: Operation, key: Key) -> u64 {
    operation as u64 | u64::from(key.slot) << 3 | key.number << 24
}

pub fn from_token(token: u64) -> (Operation, Key) {
    use Operation::*;
    let operation = [Accept, Timer, Receive, Send, Stop][token as usize & 7];
    let slot = (token >> 3 & 0x1f_ffff) as u32;
    (operation, Key { slot, number: token >> 24 })
}

/// The listener, and the timer, are nobody's.
const NOBODY: Key = Key { slot: 0, number: 0 };

pub struct Ring {
    uring: IoUring,
}

impl Ring {
    // ANCHOR: new
    pub fn new() -> anyhow::Result<Ring> {
        let uring = IoUring::builder()
            .setup_cqsize(COMPLETIONS)
            .setup_coop_taskrun() // no interrupt when something is done:
            .setup_single_issuer() // one thread submits,
            .setup_defer_taskrun() // and fetches it when it asks
            .build(SUBMISSIONS);
        uring.map(|uring| Ring { uring }).map_err(|e| {
            let why = match e.raw_os_error() {
                Some(libc::ENOSYS) => "this kernel has no io_uring",
                Some(libc::EPERM) => "this system forbids io_uring",
                Some(libc::EINVAL) => "this kernel is older than Linux 6.1",
                _ => "io_uring cannot be set up",
            };
            anyhow!(e).context(why)
        })
    }
    // ANCHOR_END: new

    pub fn uring(&self) -> &IoUring {
        &self.uring
    }

    /// Submits what has been prepared, and waits until something is done.
    pub fn enter(&self) -> anyhow::Result<()> {
        match self.uring.submit_and_wait(1) {
            Ok(_) => Ok(()),
            Err(e) => match e.kind() {
                // A signal; or fetch what is done first (EBUSY, EAGAIN).
                ErrorKind::Interrupted
                | ErrorKind::ResourceBusy
                | ErrorKind::WouldBlock => Ok(()),
                _ => Err(e).context("io_uring_enter"),
            },
        }
    }

    /// Fetches as much of what is done as can be answered at once.
    pub fn fetch(&mut self, done: &mut Vec<cqueue::Entry>) {
        let most = self.room() / FOR_EACH;
        done.extend(self.uring.completion().take(most));
    }

    /// How many more can be submitted.
    pub fn room(&mut self) -> usize {
        let submissions = self.uring.submission();
        submissions.capacity() - submissions.len()
    }

    // ANCHOR: submit
    pub fn accept(&mut self, listener: &impl AsRawFd) {
        let fd = Fd(listener.as_raw_fd());
        let accept = opcode::AcceptMulti::new(fd).flags(libc::SOCK_CLOEXEC);
        // SAFETY: it takes no memory of ours.
        unsafe { self.push(accept.build(), Operation::Accept, NOBODY) };
    }

    pub fn receive(&mut self, stream: &impl AsRawFd, key: Key) {
        let fd = Fd(stream.as_raw_fd());
        let receive = opcode::RecvMulti::new(fd, GROUP);
        // SAFETY: it writes into the group's buffers, which are never freed.
        unsafe { self.push(receive.build(), Operation::Receive, key) };
    }

    /// # Safety
    ///
    /// `bytes` must stay where they are, and as they are, until the completion
    /// of this operation has been fetched.
    pub unsafe fn send(
        &mut self,
        stream: &impl AsRawFd,
        key: Key,
        bytes: &[u8],
        flags: c_int,
    ) {
        let (fd, len) = (Fd(stream.as_raw_fd()), bytes.len() as u32);
        let send = opcode::Send::new(fd, bytes.as_ptr(), len).flags(flags);
        // SAFETY: as our caller has promised.
        unsafe { self.push(send.build(), Operation::Send, key) };
    }
    // ANCHOR_END: submit

    /// Ends a client's receive, which then completes for the last time.
    pub fn stop_receiving(&mut self, key: Key) {
        let stop = opcode::AsyncCancel::new(token(Operation::Receive, key));
        // SAFETY: it takes no memory of ours.
        unsafe { self.push(stop.build(), Operation::Stop, key) };
    }

    pub fn wake_in_a_second(&mut self) {
        let timer = opcode::Timeout::new(&raw const A_SECOND);
        // SAFETY: a static lives for ever.
        unsafe { self.push(timer.build(), Operation::Timer, NOBODY) };
    }

    /// # Safety
    ///
    /// The memory that the entry names must be valid until it has completed.
    unsafe fn push(
        &mut self,
        entry: squeue::Entry,
        operation: Operation,
        key: Key,
    ) {
        let entry = entry.user_data(token(operation, key));
        // SAFETY: as our caller has promised.
        let pushed = unsafe { self.uring.submission().push(&entry) };
        pushed.expect("no more is fetched than there is room to answer");
    }
}

/// What an operation returns: a number, or an error's number with a minus.
pub fn result(done: &cqueue::Entry) -> io::Result<usize> {
    let result = done.result();
    usize::try_from(result).map_err(|_| io::Error::from_raw_os_error(-result))
}

/// The socket that an accept has made.
///
/// # Safety
///
/// `fd` must come from a completed accept, and be taken once.
pub unsafe fn accepted(fd: usize) -> TcpStream {
    // SAFETY: as our caller has promised, nobody else owns it.
    unsafe { TcpStream::from_raw_fd(fd as c_int) }
}

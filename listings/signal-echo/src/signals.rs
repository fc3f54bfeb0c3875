use std::ffi::{c_int, c_long};
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::process;
use std::ptr;
use std::time::Duration;

use libc::{F_SETOWN, SIG_BLOCK, SIGIO, siginfo_t, sigset_t};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// What a signal says.
pub enum Signal {
    /// Something has happened at this socket.
    Socket(RawFd),
    /// The queue was full, and signals are lost: it may be any socket.
    Any,
}

/// The signals that are taken from the queue.
pub struct Signals(sigset_t);

/// From `asm-generic/fcntl.h`: the crate `libc` has it for musl alone.
const F_SETSIG: c_int = 10;

/// Real-time signals are queued one by one, and say which socket it was.
fn ring() -> c_int {
    libc::SIGRTMIN()
}

impl Signals {
    // ANCHOR: block
    /// From now on these signals interrupt nobody: they wait in the queue.
    pub fn block() -> io::Result<Signals> {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `sigemptyset` makes a set of it, before others read it.
        let (set, error) = unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), ring());
            libc::sigaddset(set.as_mut_ptr(), SIGIO);
            let set = set.assume_init();
            let error = libc::pthread_sigmask(SIG_BLOCK, &set, ptr::null_mut());
            (set, error)
        };
        if error != 0 {
            return Err(io::Error::from_raw_os_error(error));
        }
        Ok(Signals(set))
    }
    // ANCHOR_END: block

    // ANCHOR: hang_bell
    /// Hangs a bell on the socket. What came before it was there has not
    /// rung it.
    pub fn hang_bell(&self, socket: &impl AsFd) -> io::Result<()> {
        let fd = socket.as_fd().as_raw_fd();
        let me = process::id().cast_signed();
        // SAFETY: the descriptor is open, and these two commands of `fcntl`
        // take an integer.
        let failed = unsafe {
            libc::fcntl(fd, F_SETOWN, me) == -1
                || libc::fcntl(fd, F_SETSIG, ring()) == -1
        };
        if failed {
            return Err(io::Error::last_os_error());
        }
        let flags = fcntl_getfl(socket)?;
        fcntl_setfl(socket, flags | OFlags::ASYNC | OFlags::NONBLOCK)?;
        Ok(())
    }
    // ANCHOR_END: hang_bell

    // ANCHOR: next
    /// Takes one from the queue. Waits for it until `limit`, if there is one.
    pub fn next(&self, limit: Option<Duration>) -> io::Result<Option<Signal>> {
        let limit = limit.map(|limit| libc::timespec {
            tv_sec: limit.as_secs() as _,
            tv_nsec: limit.subsec_nanos() as _,
        });
        let limit = limit.as_ref().map_or(ptr::null(), ptr::from_ref);
        let mut info = MaybeUninit::<siginfo_t>::uninit();
        // SAFETY: the kernel reads the set and the limit, and writes `info`.
        let number =
            unsafe { libc::sigtimedwait(&self.0, info.as_mut_ptr(), limit) };
        match number {
            -1 => match io::Error::last_os_error() {
                e if e.kind() == ErrorKind::WouldBlock => Ok(None), // the limit
                e if e.kind() == ErrorKind::Interrupted => Ok(None),
                e => Err(e),
            },
            SIGIO => Ok(Some(Signal::Any)),
            _ => {
                // SAFETY: `info` has been written; its layout is this one for
                // the signal of a descriptor, and it is larger.
                let info = unsafe { *info.as_ptr().cast::<Info>() };
                Ok(Some(Signal::Socket(info.fd)))
            }
        }
    }
}

/// The beginning of `siginfo_t`, in a signal of a descriptor
/// (`man 2 sigaction`). The crate `libc` has no field for the descriptor.
#[repr(C)]
#[derive(Clone, Copy)]
struct Info {
    signo: c_int,
    errno: c_int,
    code: c_int,
    band: c_long,
    fd: c_int,
}
// ANCHOR_END: next

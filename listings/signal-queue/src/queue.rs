//! The calls about signals that only libc has.
use std::ffi::{c_int, c_long};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::process;
use std::ptr;
use std::time::Duration;

use libc::{F_SETOWN, siginfo_t, sigset_t};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// From `asm-generic/fcntl.h`: the crate `libc` has it for musl alone.
const F_SETSIG: c_int = 10;

/// A signal that was taken from the queue.
pub struct Taken {
    pub number: c_int,
    /// Where it comes from a socket, and says so: which, and the same flags as
    /// `poll` reports.
    pub socket: Option<(RawFd, c_long)>,
}

pub struct Queue(sigset_t);

impl Queue {
    /// Blocks the signals: they interrupt nobody, and wait to be taken.
    pub fn of(signals: &[c_int]) -> io::Result<Queue> {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `sigemptyset` makes a set of it, before others read it.
        let set = unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in signals {
                libc::sigaddset(set.as_mut_ptr(), *signal);
            }
            set.assume_init()
        };
        let how = libc::SIG_BLOCK;
        // SAFETY: the set is read, and where the old one goes may be null.
        match unsafe { libc::pthread_sigmask(how, &set, ptr::null_mut()) } {
            0 => Ok(Queue(set)),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }

    /// Takes the next. `None`: none has come within the limit.
    pub fn take(&self, limit: Duration) -> io::Result<Option<Taken>> {
        let limit = libc::timespec {
            tv_sec: limit.as_secs() as _,
            tv_nsec: limit.subsec_nanos() as _,
        };
        let mut info = MaybeUninit::<siginfo_t>::uninit();
        // SAFETY: the kernel reads the set and the limit, and writes `info`.
        let number =
            unsafe { libc::sigtimedwait(&self.0, info.as_mut_ptr(), &limit) };
        if number == -1 {
            let error = io::Error::last_os_error();
            let late = error.kind() == io::ErrorKind::WouldBlock;
            return if late { Ok(None) } else { Err(error) };
        }
        // SAFETY: `info` has been written, is larger than this, and begins so
        // if the signal comes from a descriptor.
        let info = unsafe { *info.as_ptr().cast::<Info>() };
        // POLL_IN to POLL_HUP are 1 to 6; other senders have other codes.
        let of_socket = (1..=6).contains(&info.code);
        let socket = of_socket.then_some((info.fd, info.band));
        Ok(Some(Taken { number, socket }))
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

/// Sends a signal to this process.
pub fn send(signal: c_int) {
    // SAFETY: `kill` takes two numbers.
    unsafe { libc::kill(process::id().cast_signed(), signal) };
}

/// Lets the socket send `signal` to this process whenever something happens
/// there; with 0, plain SIGIO, which says no more than that.
pub fn ring(socket: &impl AsFd, signal: c_int) -> io::Result<()> {
    let fd = socket.as_fd().as_raw_fd();
    let me = process::id().cast_signed();
    // SAFETY: the descriptor is open, and both commands take an integer.
    let failed = unsafe {
        libc::fcntl(fd, F_SETOWN, me) == -1
            || libc::fcntl(fd, F_SETSIG, signal) == -1
    };
    if failed {
        return Err(io::Error::last_os_error());
    }
    fcntl_setfl(socket, fcntl_getfl(socket)? | OFlags::ASYNC)?;
    Ok(())
}

//! The calls about signals that only libc has.
use std::ffi::c_int;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;

/// From now on `signal` calls `handler`, in the middle of whatever its thread
/// is doing.
///
/// # Safety
///
/// `handler` makes only calls that are async-signal-safe
/// (`man 7 signal-safety`).
pub unsafe fn handle(
    signal: c_int,
    handler: extern "C" fn(c_int),
    flags: c_int,
) -> io::Result<()> {
    // SAFETY: `action` is filled in before the kernel reads it.
    let result = unsafe {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = flags;
        libc::sigemptyset(&mut action.sa_mask);
        libc::sigaction(signal, &action, ptr::null_mut())
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sends it to this thread; when `raise` returns, the handler has run.
pub fn raise(signal: c_int) {
    // SAFETY: `raise` takes a number.
    unsafe { libc::raise(signal) };
}

/// Ends this process by SIGALRM, after so many seconds; also where whoever has
/// started it lets it ignore the signal.
pub fn alarm(seconds: u32) {
    // SAFETY: both take numbers, and `SIG_DFL` is no function.
    unsafe {
        libc::signal(libc::SIGALRM, libc::SIG_DFL);
        libc::alarm(seconds);
    }
}

/// A thread that does not end before `send` has been used for the last time.
#[derive(Clone, Copy)]
pub struct Thread(libc::pthread_t);

impl Thread {
    pub fn current() -> Thread {
        // SAFETY: it has no conditions.
        Thread(unsafe { libc::pthread_self() })
    }

    pub fn send(self, signal: c_int) {
        // SAFETY: the thread has not ended.
        unsafe { libc::pthread_kill(self.0, signal) };
    }
}

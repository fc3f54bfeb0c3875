//! What wakes the tracer: something happened to a tracee, or somebody wants
//! to end it all.

use anyhow::Context;
use nix::errno::Errno;
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;

pub struct Signals {
    fd: SignalFd,
    before: SigSet,
}

impl Signals {
    /// From here on the signals that matter are not delivered, but read.
    pub fn block() -> anyhow::Result<Signals> {
        let mut set = SigSet::empty();
        for signal in [Signal::SIGCHLD, Signal::SIGINT, Signal::SIGTERM] {
            set.add(signal);
        }
        let before = set.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        // The program that is traced does not inherit the descriptor.
        let fd = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC)
            .context("cannot make a signalfd")?;
        Ok(Signals { fd, before })
    }

    /// The signals that were blocked before. A new program inherits them.
    pub fn mask_before(&self) -> SigSet {
        self.before
    }

    /// Waits for the next signal. One that is meant to end the tracer is given
    /// to the process `pid`: when that ends, the tracer does too.
    pub fn wait(&mut self, pid: i32) -> anyhow::Result<()> {
        let signal = match self.fd.read_signal() {
            Ok(Some(signal)) => signal,
            Ok(None) | Err(Errno::EINTR) => return Ok(()),
            Err(e) => return Err(e).context("cannot read signals"),
        };
        // A terminal's Ctrl-C comes from the kernel, to both of them.
        let number = signal.ssi_signo as i32;
        if number != libc::SIGCHLD && signal.ssi_code != libc::SI_KERNEL {
            let ended = kill(Pid::from_raw(pid), Signal::try_from(number)?);
            anyhow::ensure!(ended.is_ok(), "ended by a signal");
        }
        Ok(())
    }
}

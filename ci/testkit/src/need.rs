//! What a listing needs of a machine beyond its system, and whether it is
//! here.

use std::io;
use std::net::{Ipv6Addr, UdpSocket};
use std::process::{Command, Stdio};
use std::thread;

use serde::Deserialize;
use socket2::{Domain, Protocol, Socket, Type};

/// Something that one machine grants and another of the same system does not.
/// Each is found out by trying it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// An ordinary user may make a user namespace, be root in it, and make
    /// network namespaces there: `man 7 user_namespaces`.
    UserNamespaces,
    /// There is the command `ip`, and it makes pairs of virtual Ethernet
    /// devices for whoever is root in a network namespace: `man 4 veth`.
    VethPairs,
    /// This user may open a socket that sends pings, be it a datagram socket
    /// or a raw one: `man 7 icmp`.
    IcmpSockets,
    /// A program may trace another that it starts: `man 2 ptrace`. Some
    /// containers forbid it.
    Ptrace,
    /// The loopback address of IPv6 is there: `man 7 ipv6`.
    Ipv6,
    /// The files in `/var/tmp` lie on a disk, and on their way through the
    /// page cache: not in memory alone, as on a tmpfs, nor in a cache that
    /// their file system keeps for itself, as ZFS does.
    DiskUnderVarTmp,
    /// A program may set up a ring of io_uring, as Linux 6.1 has them: `man 7
    /// io_uring`. A filter for system calls may forbid it, as in containers,
    /// and so may the setting `kernel.io_uring_disabled`.
    IoUring,
    /// A program may have 10,200 descriptors if it asks for them: `man 2
    /// getrlimit`, `RLIMIT_NOFILE`.
    ManyDescriptors,
    /// Two threads may run at the same instant.
    TwoCores,
}

impl Need {
    /// Every need.
    pub const ALL: &[Need] = &[
        Need::UserNamespaces,
        Need::VethPairs,
        Need::IcmpSockets,
        Need::Ptrace,
        Need::Ipv6,
        Need::DiskUnderVarTmp,
        Need::IoUring,
        Need::ManyDescriptors,
        Need::TwoCores,
    ];

    /// The name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Need::UserNamespaces => "user namespaces",
            Need::VethPairs => "veth pairs, made with ip",
            Need::IcmpSockets => "ICMP sockets",
            Need::Ptrace => "ptrace",
            Need::DiskUnderVarTmp => "a disk under /var/tmp",
            Need::Ipv6 => "IPv6",
            Need::IoUring => "io_uring",
            Need::ManyDescriptors => "10,200 descriptors",
            Need::TwoCores => "two cores",
        }
    }

    /// Whether this machine grants it to this user.
    pub fn is_met(self) -> bool {
        match self {
            Need::UserNamespaces => runs_in_namespaces("true"),
            Need::VethPairs => runs_in_namespaces("ip link add type veth"),
            Need::IcmpSockets => [Type::DGRAM, Type::RAW].iter().any(|kind| {
                let icmp = Some(Protocol::ICMPV4);
                Socket::new(Domain::IPV4, *kind, icmp).is_ok()
            }),
            Need::Ptrace => starts_a_tracee().is_ok(),
            Need::DiskUnderVarTmp => {
                file_system("/var/tmp").is_some_and(|name| {
                    !matches!(&*name, "tmpfs" | "ramfs" | "zfs")
                })
            }
            Need::Ipv6 => UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok(),
            Need::IoUring => sets_up_a_ring().is_ok(),
            Need::ManyDescriptors => may_have_descriptors(10_200),
            Need::TwoCores => {
                thread::available_parallelism().is_ok_and(|n| n.get() >= 2)
            }
        }
    }

    /// `None` if this machine meets all `needs`, and else a phrase that names
    /// the first that it does not: `needs user namespaces`.
    pub fn unmet_of(needs: &[Need]) -> Option<String> {
        let unmet = needs.iter().find(|need| !need.is_met())?;
        Some(format!("needs {}", unmet.name()))
    }
}

/// Whether a command succeeds in a user namespace and a network namespace of
/// its own. These are made in a child, with util-linux: a process with
/// threads, as tests are, cannot go into a user namespace.
fn runs_in_namespaces(command: &str) -> bool {
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--net"])
        .args(command.split(' '))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The name of the file system under a folder. The option is that of GNU's
/// `stat`.
fn file_system(folder: &str) -> Option<String> {
    let stat = ["--file-system", "--format=%T", folder];
    let output = Command::new("stat").args(stat).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| name.trim().to_owned())
}

/// Starts a program as a tracee of this one, and kills it.
#[cfg(target_os = "linux")]
fn starts_a_tracee() -> io::Result<()> {
    use std::os::unix::process::CommandExt;

    let mut command = Command::new("true");
    // SAFETY: between fork and exec it makes one system call, and no more.
    unsafe { command.pre_exec(|| Ok(nix::sys::ptrace::traceme()?)) };
    let mut child = command.spawn()?;
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn starts_a_tracee() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether a program may raise its limit of descriptors so far.
fn may_have_descriptors(number: u64) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let most = getrlimit(Resource::Nofile).maximum;
        most.is_none_or(|most| most >= number)
    }
    #[cfg(not(unix))]
    {
        let _no_limit_of_this_kind = number;
        true
    }
}

/// Sets up a small ring, and closes it. The flags are refused by a Linux before
/// 6.1. A thread of its own does it: when a ring has been closed, the kernel
/// interrupts the thread that made it, and a `read` with a time limit then
/// fails (`man 7 signal`, "Interruption of system calls").
#[cfg(target_os = "linux")]
fn sets_up_a_ring() -> io::Result<()> {
    use rustix::io_uring::{IoringSetupFlags, io_uring_params, io_uring_setup};

    let set_up = || {
        let mut params = io_uring_params::default();
        params.flags =
            IoringSetupFlags::SINGLE_ISSUER | IoringSetupFlags::DEFER_TASKRUN;
        // SAFETY: the kernel only writes to `params`, and nothing else is
        // shared with it: the ring is closed before its queues are mapped.
        unsafe { io_uring_setup(2, &mut params) }
    };
    thread::scope(|scope| {
        let ring = scope.spawn(set_up).join();
        ring.map_err(|_| io::Error::other("the thread failed"))??;
        Ok(())
    })
}

#[cfg(not(target_os = "linux"))]
fn sets_up_a_ring() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn proc_is_no_disk() {
        assert_eq!(file_system("/proc").as_deref(), Some("proc"));
        assert_eq!(file_system("/no/such/folder"), None);
    }

    #[test]
    fn an_unmet_need_is_named() {
        assert_eq!(Need::unmet_of(&[]), None);
        for need in Need::ALL {
            let phrase = format!("needs {}", need.name());
            let expected = (!need.is_met()).then_some(phrase);
            assert_eq!(Need::unmet_of(&[*need]), expected);
        }
    }
}

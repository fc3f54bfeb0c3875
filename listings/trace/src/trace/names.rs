//! Names for the numbers in arguments. The numbers are those of the `libc`
//! crate; they differ between processors.

use nix::sys::signal::Signal;

pub type Names = &'static [(u64, &'static str)];

macro_rules! names {
    ($($name:ident)* $(, $own:ident = $value:literal)*) => {
        &[
            $((libc::$name as u32 as u64, stringify!($name)),)*
            $(($value, stringify!($own)),)*
        ]
    };
}

pub const DOMAINS: Names = names![
    AF_UNSPEC AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_VSOCK
];
pub const TYPES: Names = names![
    SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET
];
pub const SOCKET_FLAGS: Names = names![SOCK_CLOEXEC SOCK_NONBLOCK];
pub const PROTOCOLS: Names = names![
    IPPROTO_IP IPPROTO_ICMP IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6
    IPPROTO_ICMPV6
];
pub const LEVELS: Names = names![SOL_SOCKET SOL_IP SOL_TCP SOL_UDP SOL_IPV6];
pub const SOCKET_OPTIONS: Names = names![
    SO_REUSEADDR SO_TYPE SO_ERROR SO_BROADCAST SO_SNDBUF SO_RCVBUF
    SO_KEEPALIVE SO_OOBINLINE SO_LINGER SO_REUSEPORT SO_PASSCRED SO_PEERCRED
    SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_BINDTODEVICE
    SO_TIMESTAMP SO_ACCEPTCONN SO_PROTOCOL SO_DOMAIN SO_INCOMING_CPU
    SO_ZEROCOPY SO_BUSY_POLL
];
pub const TCP_OPTIONS: Names = names![
    TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT
    TCP_SYNCNT TCP_LINGER2 TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO
    TCP_QUICKACK TCP_CONGESTION TCP_USER_TIMEOUT TCP_FASTOPEN
];
pub const IP_OPTIONS: Names = names![
    IP_TOS IP_TTL IP_RECVERR IP_MTU_DISCOVER IP_MTU IP_PKTINFO IP_MULTICAST_IF
    IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP
];
pub const IPV6_OPTIONS: Names = names![
    IPV6_V6ONLY IPV6_UNICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_HOPS
    IPV6_MULTICAST_LOOP IPV6_RECVPKTINFO IPV6_MTU IPV6_TCLASS
];
pub const MESSAGE_FLAGS: Names = names![
    MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR
    MSG_WAITALL MSG_CONFIRM MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_FASTOPEN
    MSG_CMSG_CLOEXEC MSG_ZEROCOPY
];
pub const SHUTDOWNS: Names = names![SHUT_RD SHUT_WR SHUT_RDWR];
pub const FCNTL_COMMANDS: Names = names![
    F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_SETOWN F_GETOWN
    F_DUPFD_CLOEXEC F_GETPIPE_SZ F_SETPIPE_SZ,
    // asm-generic/fcntl.h; libc leaves them out.
    F_SETSIG = 10, F_GETSIG = 11
];
pub const DESCRIPTOR_FLAGS: Names = names![FD_CLOEXEC];
pub const ACCESS_MODES: Names = names![O_RDONLY O_WRONLY O_RDWR];
/// O_SYNC holds O_DSYNC, so it stands before it.
pub const FILE_FLAGS: Names = names![
    O_CREAT O_EXCL O_TRUNC O_APPEND O_NONBLOCK O_SYNC O_DSYNC O_ASYNC O_DIRECT
    O_DIRECTORY O_NOFOLLOW O_CLOEXEC
];
/// In place of a folder's descriptor.
pub const FOLDERS: Names = names![AT_FDCWD];
pub const IOCTLS: Names = names![FIONBIO FIONREAD FIOASYNC FIOCLEX];
pub const POLL_EVENTS: Names = names![
    POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND
    POLLWRNORM POLLWRBAND POLLRDHUP
];
pub const EPOLL_OPS: Names = names![EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD];
pub const EPOLL_EVENTS: Names = names![
    EPOLLIN EPOLLPRI EPOLLOUT EPOLLERR EPOLLHUP EPOLLRDNORM EPOLLRDBAND
    EPOLLWRNORM EPOLLWRBAND EPOLLRDHUP EPOLLEXCLUSIVE EPOLLWAKEUP EPOLLONESHOT
    EPOLLET
];
pub const EPOLL_FLAGS: Names = names![EPOLL_CLOEXEC];
pub const EVENT_FLAGS: Names = names![EFD_SEMAPHORE EFD_CLOEXEC EFD_NONBLOCK];
pub const TIMER_FLAGS: Names = names![TFD_CLOEXEC TFD_NONBLOCK];
/// linux/io_uring.h; libc leaves them out.
pub const URING_ENTER_FLAGS: Names = names![
    , IORING_ENTER_GETEVENTS = 1, IORING_ENTER_SQ_WAKEUP = 2,
    IORING_ENTER_SQ_WAIT = 4, IORING_ENTER_EXT_ARG = 8
];
pub const CLOCKS: Names = names![CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_BOOTTIME];

/// linux/futex.h; libc leaves the newer ones out.
pub const FUTEX_OPS: Names = names![
    FUTEX_WAIT FUTEX_WAKE FUTEX_REQUEUE FUTEX_CMP_REQUEUE FUTEX_WAKE_OP
    FUTEX_LOCK_PI FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI FUTEX_WAIT_BITSET
    FUTEX_WAKE_BITSET
];
pub const FUTEX_FLAGS: Names = names![FUTEX_PRIVATE_FLAG FUTEX_CLOCK_REALTIME];

pub fn signal(number: i32) -> String {
    match Signal::try_from(number) {
        Ok(signal) => signal.as_str().to_owned(),
        Err(_) => format!("SIGRTMIN+{}", number - libc::SIGRTMIN()),
    }
}

/// The signals whose bits are set; the lowest bit is that of signal 1.
pub fn signals(set: u64) -> String {
    let is_in = |number: &i32| set >> (number - 1) & 1 == 1;
    let names: Vec<String> = (1..=64).filter(is_in).map(signal).collect();
    format!("[{}]", names.join(" "))
}

/// The name of one of several values.
pub fn one(names: Names, value: u64) -> String {
    let value = value & u64::from(u32::MAX); // they are ints
    let known = names.iter().find(|(number, _)| *number == value);
    known.map_or_else(|| value.to_string(), |(_, name)| (*name).to_owned())
}

/// The names of the bits that are set.
pub fn flags(names: Names, value: u64) -> String {
    let mut rest = value & u64::from(u32::MAX);
    let mut words = Vec::new();
    for (bits, name) in names {
        if rest & bits == *bits && *bits != 0 {
            words.push((*name).to_owned());
            rest &= !bits;
        }
    }
    if rest != 0 || words.is_empty() {
        words.push(if rest == 0 { "0".into() } else { format!("{rest:#x}") });
    }
    words.join("|")
}

/// The name of the value in the bits of `mask`, and those of the other bits.
pub fn one_and_flags(
    mask: u64,
    names: Names,
    bits: Names,
    value: u64,
) -> String {
    let name = one(names, value & mask);
    match value & !mask {
        0 => name,
        rest => format!("{name}|{}", flags(bits, rest)),
    }
}

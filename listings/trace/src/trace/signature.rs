//! Which calls take what. Names come from the crate `syscalls`, which has all
//! of them; here are those whose arguments are shown.

use super::names::{self, Names};

/// What an argument is, and how many numbers it takes.
#[derive(Clone, Copy, PartialEq)]
pub enum Arg {
    /// A descriptor.
    Fd,
    /// A number, which may be negative.
    Int,
    /// The size of memory, or how many there are.
    Size,
    /// An address that means nothing to a reader.
    Pointer,
    One(Names),
    Flags(Names),
    /// The type of a socket, with flags.
    Type,
    /// Its meaning depends on the domain, the first argument.
    Protocol,
    /// Bytes, which the kernel takes; their size comes next.
    Bytes,
    /// Room for bytes, which the kernel fills; its size comes next.
    Room,
    /// Several pieces of bytes, or of room; how many comes next.
    Pieces,
    RoomInPieces,
    Path,
    /// The address of a socket, and its size: two numbers.
    Address,
    /// Room for it: two numbers.
    AddressRoom,
    /// The same, for the address that a message or client came from.
    From,
    /// Bytes with an address, for sendmsg and recvmsg.
    Message,
    MessageRoom,
    /// The name of a socket's option; the argument before it is its level.
    OptionName,
    /// An option's value, and its size: two numbers.
    Value,
    ValueRoom,
    /// The number or address that fcntl and ioctl take; the argument before
    /// it is what they are to do.
    Control,
    Ioctl,
    /// Descriptors and what is asked of them, and how many: two numbers.
    PollSet,
    /// A set of descriptors as bits; the first argument says how many.
    BitSet,
    EpollEvent,
    EpollRoom,
    /// A struct timespec, or none; a struct timeval, or none.
    Timespec,
    Timeval,
    /// What timerfd_settime sets: when it rings, and then how often.
    Timer,
    /// Room for two descriptors.
    Pair,
    OpenFlags,
    /// What a thread does about a word in memory: `man 2 futex`.
    FutexOp,
    /// A set of signals, as bits.
    Signals,
    /// Room for what comes with a signal.
    SignalRoom,
}

/// The arguments of a call; those behind them are not shown.
pub fn signature(name: &str) -> Option<&'static [Arg]> {
    use Arg::*;
    Some(match name {
        "socket" => &[One(names::DOMAINS), Type, Protocol],
        "socketpair" => &[One(names::DOMAINS), Type, Protocol, Pair],
        "bind" | "connect" => &[Fd, Address],
        "listen" => &[Fd, Int],
        "accept" => &[Fd, From],
        "accept4" => &[Fd, From, Flags(names::SOCKET_FLAGS)],
        "getsockname" | "getpeername" => &[Fd, AddressRoom],
        "setsockopt" => &[Fd, One(names::LEVELS), OptionName, Value],
        "getsockopt" => &[Fd, One(names::LEVELS), OptionName, ValueRoom],
        "shutdown" => &[Fd, One(names::SHUTDOWNS)],
        "close" | "dup" => &[Fd],
        "dup2" => &[Fd, Int],
        "dup3" => &[Fd, Int, OpenFlags],

        "read" => &[Fd, Room, Size],
        "pread64" => &[Fd, Room, Size, Int],
        "recvfrom" => &[Fd, Room, Size, Flags(names::MESSAGE_FLAGS), From],
        "readv" => &[Fd, RoomInPieces, Size],
        "recvmsg" => &[Fd, MessageRoom, Flags(names::MESSAGE_FLAGS)],
        "write" => &[Fd, Bytes, Size],
        "pwrite64" => &[Fd, Bytes, Size, Int],
        "sendto" => &[Fd, Bytes, Size, Flags(names::MESSAGE_FLAGS), Address],
        "writev" => &[Fd, Pieces, Size],
        "sendmsg" => &[Fd, Message, Flags(names::MESSAGE_FLAGS)],
        "recvmmsg" | "sendmmsg" => {
            &[Fd, Pointer, Size, Flags(names::MESSAGE_FLAGS)]
        }
        "sendfile" => &[Fd, Int, Pointer, Size],
        "splice" => &[Fd, Pointer, Int, Pointer, Size],

        "fcntl" => &[Fd, One(names::FCNTL_COMMANDS), Control],
        "ioctl" => &[Fd, One(names::IOCTLS), Ioctl],

        "poll" => &[PollSet, Int],
        "ppoll" => &[PollSet, Timespec],
        "select" => &[Int, BitSet, BitSet, BitSet, Timeval],
        "pselect6" => &[Int, BitSet, BitSet, BitSet, Timespec],
        "epoll_create" => &[Int],
        "epoll_create1" => &[Flags(names::EPOLL_FLAGS)],
        "epoll_ctl" => &[Fd, One(names::EPOLL_OPS), Int, EpollEvent],
        "epoll_wait" | "epoll_pwait" => &[Fd, EpollRoom, Int, Int],
        "epoll_pwait2" => &[Fd, EpollRoom, Int, Timespec],
        "eventfd2" => &[Int, Flags(names::EVENT_FLAGS)],
        "timerfd_create" => &[One(names::CLOCKS), Flags(names::TIMER_FLAGS)],
        "timerfd_settime" => &[Fd, Int, Timer],
        "signalfd4" => &[Int, Pointer, Size, Int],
        "rt_sigtimedwait" => &[Signals, SignalRoom, Timespec],
        "futex" => &[Pointer, FutexOp, Int],
        "io_uring_setup" => &[Size, Pointer],
        "io_uring_enter" => &[Fd, Size, Size, Flags(names::URING_ENTER_FLAGS)],
        "io_uring_register" => &[Fd, Int, Pointer, Size],

        "openat" => &[One(names::FOLDERS), Path, OpenFlags],
        "execve" => &[Path],
        "pipe2" => &[Pair, OpenFlags],
        "fsync" | "fdatasync" => &[Fd],
        "lseek" => &[Fd, Int, Int],
        "exit" | "exit_group" => &[Int],
        _ => return None,
    })
}

/// Calls that make something to wait for or to talk through.
pub fn makes_one(name: &str) -> bool {
    let makers = [
        "socket",
        "socketpair",
        "epoll_create",
        "epoll_create1",
        "eventfd2",
        "timerfd_create",
        "signalfd4",
        "io_uring_setup",
    ];
    makers.contains(&name)
}

//! Which process listens at an address: `/proc/net/tcp` tells the number of
//! the listening socket, and `/proc/PID/fd` who has it.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::Pid;

/// The process that listens there, if it may be found, and if it is one:
/// where several do, as the workers of a server, the CPU time of one of them
/// would say little.
pub fn listening_at(addr: SocketAddr) -> Option<Pid> {
    let sockets = sockets(addr);
    let mut found = holders(&sockets);
    // A program that is being started has, for a moment, all descriptors of
    // the one that starts it.
    if found.len() > 1 {
        sleep(Duration::from_millis(50));
        found = holders(&sockets);
    }
    match found[..] {
        [pid] => Some(pid),
        _ => None,
    }
}

/// The sockets to which a connection to that address may come, as the links
/// in `/proc/PID/fd` name them. The kernel prefers one that listens at this
/// address alone to one for all addresses, and IPv4 to IPv6 that takes IPv4
/// too.
fn sockets(addr: SocketAddr) -> Vec<String> {
    let anywhere = IpAddr::from(Ipv6Addr::UNSPECIFIED);
    let places = match addr.ip() {
        IpAddr::V4(ip) => vec![
            ip.into(),
            ip.to_ipv6_mapped().into(),
            Ipv4Addr::UNSPECIFIED.into(),
            anywhere,
        ],
        ip => vec![ip, anywhere],
    };
    let mut found = places.into_iter().map(|ip| listed(ip, addr.port()));
    found.find(|sockets| !sockets.is_empty()).unwrap_or_default()
}

/// The sockets that listen at exactly this address.
fn listed(ip: IpAddr, port: u16) -> Vec<String> {
    let hex = |word: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(word));
    let (table, ip) = match ip {
        IpAddr::V4(ip) => ("/proc/net/tcp", hex(ip.octets())),
        IpAddr::V6(ip) => {
            let words = ip.octets();
            let words = words.as_chunks().0.iter().map(|word| hex(*word));
            ("/proc/net/tcp6", words.collect())
        }
    };
    let place = format!("{ip}:{port:04X}");
    let text = fs::read_to_string(table).unwrap_or_default();
    let sockets = text.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // 0A is LISTEN.
        let listens = *fields.get(1)? == place && *fields.get(3)? == "0A";
        listens.then_some(format!("socket:[{}]", fields.get(9)?))
    });
    sockets.collect()
}

/// The processes that have one of these sockets or more.
fn holders(sockets: &[String]) -> Vec<Pid> {
    let is_one = |link: &std::path::Path| {
        sockets.iter().any(|socket| link.as_os_str() == &**socket)
    };
    let holds = |pid: &i32| {
        fs::read_dir(format!("/proc/{pid}/fd")).is_ok_and(|entries| {
            entries.flatten().any(|entry| {
                fs::read_link(entry.path()).is_ok_and(|link| is_one(&link))
            })
        })
    };
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(holds)
        .filter_map(Pid::from_raw)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::fd::OwnedFd;
    use std::process::{Child, Command};

    use rustix::net::{AddressFamily, SocketFlags, SocketType, sockopt};
    use rustix::process::getpid;

    use super::*;

    #[test]
    fn it_is_found_at_each_address() {
        for (bound, connected) in [
            ("127.0.0.1", "127.0.0.1"),
            ("0.0.0.0", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[::]", "[::1]"),
            ("[::]", "127.0.0.1"),
            ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ] {
            // Not every system has IPv6.
            let Ok(listener) = TcpListener::bind(format!("{bound}:0")) else {
                assert!(bound.contains(':'), "{bound}");
                continue;
            };
            let port = listener.local_addr().expect("it is bound").port();
            let addr = format!("{connected}:{port}").parse().expect("valid");
            // Nor does every one let IPv6 take IPv4.
            if std::net::TcpStream::connect(addr).is_ok() {
                assert_eq!(listening_at(addr), Some(getpid()), "{bound}");
            }
        }
    }

    /// A process that has the socket too, and does nothing.
    struct Worker(Child);

    impl Worker {
        fn of(socket: impl Into<OwnedFd>) -> Worker {
            let mut sleep = Command::new("sleep");
            let child = sleep.arg("60").stdin(socket.into()).spawn();
            Worker(child.expect("there is sleep"))
        }
    }

    impl Drop for Worker {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn several_processes_are_none() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let addr = listener.local_addr().expect("it is bound");
        let worker = Worker::of(listener.try_clone().expect("it can be"));
        assert_eq!(listening_at(addr), None);
        drop(listener);
        let alone = Some(Pid::from_child(&worker.0));
        assert_eq!(listening_at(addr), alone);
    }

    #[test]
    fn a_socket_for_each_worker_is_none() {
        let mut addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut socket = || {
            let (family, kind) = (AddressFamily::INET, SocketType::STREAM);
            let socket = rustix::net::socket_with(
                family,
                kind,
                SocketFlags::CLOEXEC,
                None,
            )
            .expect("there is room for one");
            sockopt::set_socket_reuseport(&socket, true).expect("it can be");
            rustix::net::bind(&socket, &addr).expect("loopback");
            rustix::net::listen(&socket, 1).expect("it is bound");
            let listener = TcpListener::from(socket);
            addr = listener.local_addr().expect("it is bound");
            listener
        };
        let (ours, ours_too, other) = (socket(), socket(), socket());
        let worker = Worker::of(other);
        assert_eq!(listening_at(addr), None);
        drop(worker);
        assert_eq!(listening_at(addr), Some(getpid()));
        drop((ours, ours_too));
    }
}

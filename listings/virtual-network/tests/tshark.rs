//! An independent reader, Wireshark's `tshark`, sees in the pcap files what the
//! events say, and complains of nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use virtual_network::{Frame, Impairment, Link, Network};

fn main() -> ExitCode {
    let trials = vec![
        trial("no_complaint", no_complaint),
        trial("same_numbers", same_numbers),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: &str, test: fn() -> Result<(), Failed>) -> Trial {
    Trial::ignorable_test(name, move || match tshark(&["--version"]) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            Ok(Completion::ignored_with("skipped: needs tshark"))
        }
        _ => test().map(|()| Completion::Completed),
    })
}

/// No packet is malformed, and no checksum is wrong. A segment that an ICMP
/// error quotes is cut, so its checksum cannot be right.
fn no_complaint() -> Result<(), Failed> {
    let file = write("all.pcap", &scene()?)?;
    let complaint = "_ws.malformed || ip.checksum.status == 0 || \
         (tcp.checksum.status == 0 && !icmp) || udp.checksum.status == 0 || \
         icmp.checksum.status == 0 || icmpv6.checksum.status == 0";
    let found = read(&file, &["-Y", complaint])?;
    if !found.is_empty() {
        return Err(format!("tshark complains:\n{found}").into());
    }
    Ok(())
}

/// Time, flags and numbers of each segment are those of the event.
fn same_numbers() -> Result<(), Failed> {
    let net = scene()?;
    let file = write("numbers.pcap", &net)?;
    let mut expected = String::new();
    for event in net.events() {
        let Some(segment) = event.frame.tcp() else { continue };
        let bits = [
            segment.flags.fin,
            segment.flags.syn,
            segment.flags.rst,
            segment.flags.psh,
            segment.flags.ack,
        ];
        let flags = bits.iter().rev().fold(0, |n, &bit| n * 2 + u16::from(bit));
        writeln!(
            expected,
            "{:.9}\t{flags:#06x}\t{}\t{}\t{}\t{}",
            event.time.as_secs_f64(),
            segment.seq,
            segment.ack,
            segment.window,
            segment.payload.len(),
        )?;
    }
    let names = [
        "frame.time_epoch",
        "tcp.flags",
        "tcp.seq_raw",
        "tcp.ack_raw",
        "tcp.window_size_value",
        "tcp.len",
    ];
    let mut args = vec!["-Y", "tcp && !icmp", "-T", "fields"];
    args.extend(names.iter().flat_map(|name| ["-e", name]));
    let seen = read(&file, &args)?;
    if seen != expected {
        return Err(format!("tshark sees\n{seen}not\n{expected}").into());
    }
    Ok(())
}

/// Two networks with a router between them; ARP, NDP, ICMP and its errors,
/// UDP, whole and in pieces, and a TCP connection from SYN to TIME-WAIT, with
/// a loss.
fn scene() -> io::Result<Network> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.1.1/24", "fd00:1::1/64"])?;
    let bob = net.add_host("bob", &["10.0.2.1/24", "fd00:2::1/64"])?;
    let router = net.add_router("router");
    let left = net.add_port(router, &["10.0.1.254/24", "fd00:1::fe/64"])?;
    let right = net.add_port(router, &["10.0.2.254/24", "fd00:2::fe/64"])?;
    let link = net.link(alice, left, Link::default())?;
    net.link(right, bob, Link::default().mtu(1280))?;
    for (host, n) in [(alice, 1), (bob, 2)] {
        net.add_gateway(host, [10, 0, n, 254])?;
        net.add_gateway(host, [0xfd00, n.into(), 0, 0, 0, 0, 0, 0xfe])?;
    }
    let lose = Impairment::lose().of(Frame::has_data).nth(2);
    net.impair(link, alice, lose)?;

    for hops in [1, 64] {
        net.ping(alice, [10, 0, 2, 1], hops)?;
        net.ping(alice, [0xfd00, 2, 0, 0, 0, 0, 0, 1], hops)?;
    }
    net.ping(alice, [10, 0, 2, 99], 64)?;
    net.ping(alice, [192, 0, 2, 1], 64)?;
    let udp = net.udp_bind(alice, 0)?;
    for (len, port) in [(5, 9), (1400, 5000), (3000, 5001)] {
        net.udp_send_to(udp, &vec![0; len], ([10, 0, 2, 1], port))?;
    }
    let six = ([0xfd00, 2, 0, 0, 0, 0, 0, 1], 5000);
    net.udp_send_to(udp, &[0; 1400], six)?;
    net.udp_send_to(udp, &[0; 100], six)?;

    let server = net.tcp_listen(bob, 7000)?;
    let client = net.tcp_connect(alice, ([10, 0, 2, 1], 7000))?;
    net.run_for(Duration::from_secs(1));
    for _ in 0..4 {
        net.send(client, &[0; 1000])?;
        net.run_for(Duration::from_secs(3));
    }
    net.close(client);
    net.close(server);
    net.run_until_quiet(Duration::from_secs(60));
    Ok(net)
}

fn write(name: &str, net: &Network) -> io::Result<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    net.write_pcap(File::create(&path)?)?;
    Ok(path)
}

fn read(file: &Path, args: &[&str]) -> io::Result<String> {
    let file = file.to_string_lossy();
    let mut all = vec!["-n", "-r", &*file];
    for check in [
        "ip.check_checksum:TRUE",
        "tcp.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
    ] {
        all.extend(["-o", check]);
    }
    all.extend(args);
    tshark(&all)
}

/// What `tshark` prints; it reads a file, so it ends by itself.
fn tshark(args: &[&str]) -> io::Result<String> {
    let output =
        Command::new("tshark").args(args).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(why));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

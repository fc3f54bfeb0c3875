//! The listing `chat`, driven from outside.

#[path = "chat/guest.rs"]
mod guest;

use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use guest::Guest;
use libtest_mimic::{Arguments, Completion, Trial};
use socket2::{Domain, SockRef, Socket, Type};
use testkit::deadline::PATIENCE;
use testkit::limits::{lack_of_descriptors, raise_descriptors};
use testkit::programs::Programs;
use testkit::server::Server;
use testkit::trial::{skipped, trial};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    raise_descriptors();
    let trials = vec![
        trial("talk_and_leave", talk_and_leave),
        trial("names", names),
        trial("bad_lines", bad_lines),
        trial("silence", silence),
        trial("who_does_not_read_is_put_out", put_out),
        trial("a_reset_gives_the_name_back", reset_while_told),
        trial("who_is_loud_puts_nobody_out", loud),
        trial("a_thousand", a_thousand),
        interrupted("goes_down_in_good_order", goes_down),
        interrupted("does_not_wait_for_ever", deadline),
        interrupted("a_second_interrupt", second_interrupt),
    ];
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// A test that interrupts the server, and nobody else.
fn interrupted(name: &str, test: fn() -> anyhow::Result<Completion>) -> Trial {
    trial(name, move || match cfg!(unix) {
        true => test(),
        false => Ok(skipped("needs Linux or macOS")),
    })
}

/// The server, which puts out who is silent for so many seconds.
fn server(idle: u32) -> anyhow::Result<Server> {
    let mut command = Command::new(Programs::listings()?.binary("chat")?);
    command.args(["127.0.0.1:0", &idle.to_string()]);
    Server::start(command)
}

/// Longer than any test.
const LONG: u32 = 300;

fn talk_and_leave() -> anyhow::Result<Completion> {
    let server = server(LONG)?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    let mut bob = Guest::join(server.addr(), "李雷")?;
    alice.expect("* 李雷 came")?;
    for guest in [&mut alice, &mut bob] {
        guest.say("你好")?;
    }
    let mut order = Vec::new();
    for guest in [&mut alice, &mut bob] {
        order.push([guest.line()?, guest.line()?]);
    }
    ensure!(order[0] == order[1], "they hear it in another order: {order:?}");
    // Half-closed: what was said still comes, and then the end.
    bob.say("bye")?;
    bob.end_sending()?;
    bob.expect("<李雷> bye")?;
    bob.expect_end()?;
    alice.expect("<李雷> bye")?;
    alice.expect("* 李雷 left")?;
    // An empty line is no message, and a reset is no trouble for others.
    let carol = Guest::join(server.addr(), "carol")?;
    alice.expect("* carol came")?;
    SockRef::from(&carol.stream).set_linger(Some(Duration::ZERO))?;
    drop(carol);
    alice.expect("* carol left")?;
    alice.say("")?;
    alice.say("alone")?;
    alice.expect("<alice> alone")?;
    Ok(Completion::Completed)
}

fn names() -> anyhow::Result<Completion> {
    let server = server(LONG)?;
    let mut bob = Guest::join(server.addr(), "Bob")?;
    let mut other = Guest::connect(server.addr())?;
    other.say("bob")?;
    other.expect("! that name is taken")?;
    other.say("* root")?;
    other.expect("! a name has up to 16 letters, digits, - and _")?;
    other.say("bobby")?;
    other.expect("* welcome, bobby; here: Bob")?;
    bob.expect("* bobby came")?;
    // Whoever leaves gives the name back.
    other.end_sending()?;
    bob.expect("* bobby left")?;
    Guest::join(server.addr(), "BOBBY")?;
    let mut stubborn = Guest::connect(server.addr())?;
    for _ in 0..3 {
        stubborn.say("Bob")?;
        stubborn.expect("! that name is taken")?;
    }
    stubborn.expect("! too many tries")?;
    stubborn.expect_end()?;
    Ok(Completion::Completed)
}

fn bad_lines() -> anyhow::Result<Completion> {
    let server = server(LONG)?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    for (bytes, why) in [
        (&[b'x'; 4096][..], "! the line is too long"),
        (b"\xff\xfe\n", "! the line is not UTF-8"),
    ] {
        let mut bad = Guest::join(server.addr(), "bad")?;
        alice.expect("* bad came")?;
        bad.send(bytes)?;
        bad.expect(why)?;
        bad.expect_end()?;
        alice.expect("* bad left")?;
    }
    // The longest line that may be, and what no terminal should be sent.
    let longest = "x".repeat(512);
    alice.say(&longest)?;
    alice.expect(&format!("<alice> {longest}"))?;
    alice.say("\u{1b}[2J")?;
    alice.expect("! no control characters")?;
    Ok(Completion::Completed)
}

fn silence() -> anyhow::Result<Completion> {
    let server = server(3)?;
    let mut nobody = Guest::connect(server.addr())?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    let why = "! nothing from you for too long";
    nobody.expect(why)?;
    nobody.expect_end()?;
    alice.expect(why)?;
    alice.expect_end()?;
    Ok(Completion::Completed)
}

/// Connects with a small buffer, so that it is full soon.
fn guest_who_will_not_read(server: &Server) -> anyhow::Result<Guest> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_recv_buffer_size(4096)?;
    socket.connect(&server.addr().into())?;
    let mut guest = Guest::new(socket.into())?;
    guest.say("lazy")?;
    Ok(guest)
}

fn put_out() -> anyhow::Result<Completion> {
    let server = server(LONG)?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    let _lazy = guest_who_will_not_read(&server)?;
    alice.expect("* lazy came")?;
    // Alice reads each line before she says the next: she keeps up.
    let text = "x".repeat(500);
    for _ in 0..100_000 {
        alice.say(&text)?;
        let line = alice.line()?.context("she keeps up, and is put out")?;
        if line == "* too slow: lazy" {
            Guest::join(server.addr(), "lazy")?; // the name is free
            return Ok(Completion::Completed);
        }
        ensure!(line == format!("<alice> {text}"), "{line:?}");
    }
    anyhow::bail!("100,000 lines were kept for somebody who does not read")
}

/// Guests break off while they are told something: a write fails as often as a
/// read.
fn reset_while_told() -> anyhow::Result<Completion> {
    let server = server(LONG)?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    for _ in 0..100 {
        let carol = Guest::join(server.addr(), "carol")?;
        for text in ["a", "b", "c"] {
            alice.say(text)?;
        }
        SockRef::from(&carol.stream).set_linger(Some(Duration::ZERO))?;
        drop(carol);
        alice.say("d")?;
        while alice.line()?.as_deref() != Some("* carol left") {}
    }
    Ok(Completion::Completed)
}

/// Twenty thousand lines at once: who reads gets them all.
fn loud() -> anyhow::Result<Completion> {
    const LINES: usize = 20_000;
    let server = server(LONG)?;
    let mut bob = Guest::join(server.addr(), "bob")?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    bob.expect("* alice came")?;
    let mut mouth = alice.stream.try_clone()?;
    let speaker = thread::spawn(move || mouth.write_all(&b"a\n".repeat(LINES)));
    for _ in 0..LINES {
        alice.expect("<alice> a")?;
        bob.expect("<alice> a")?;
    }
    speaker.join().expect("it does not panic")?;
    Ok(Completion::Completed)
}

/// A thousand guests, ten of whom never read: all others get every line, in
/// one order.
fn a_thousand() -> anyhow::Result<Completion> {
    const GUESTS: usize = 1000;
    if let Some(lack) = lack_of_descriptors(GUESTS + 100) {
        return Ok(skipped(lack));
    }
    let mut server = server(LONG)?;
    let mut guests = Vec::new();
    for _ in 0..GUESTS {
        guests.push(Guest::connect(server.addr())?);
    }
    // They all come in at one moment, and have something to say.
    for (number, guest) in guests.iter_mut().enumerate() {
        guest.say(&format!("guest{number}\r\nhello"))?;
    }
    for guest in &mut guests {
        let line = guest.line()?.context("there is no room for a thousand")?;
        ensure!(line.starts_with("* welcome, "), "{line:?}");
    }
    let mut readers = guests.split_off(10);
    for round in 0..20 {
        for speaker in readers.iter_mut().step_by(100) {
            speaker.say(&format!("round {round}"))?;
        }
    }
    let spoken = 20 * readers.len().div_ceil(100);
    let mut first: Option<Vec<String>> = None;
    for (number, guest) in readers.iter_mut().enumerate() {
        let mut heard = Vec::new();
        while heard.len() < spoken {
            let line = guest.line()?.context("a reader was put out")?;
            if line.contains("> round ") {
                heard.push(line);
            }
        }
        let first = first.get_or_insert_with(|| heard.clone());
        ensure!(*first == heard, "reader {number} hears another order");
    }
    // Each speaker's lines are in the order in which they were said.
    let first = first.context("nobody has heard anything")?;
    let of_one = first.iter().filter(|line| line.starts_with("<guest10>"));
    let expected = (0..20).map(|round| format!("<guest10> round {round}"));
    ensure!(of_one.cloned().eq(expected), "lines are missing: {first:?}");

    // One more waits until somebody has left.
    let late = TcpStream::connect(server.addr())?;
    readers[0].say("one more")?;
    while !readers[0].line()?.context("it was put out")?.ends_with("more") {}
    let came = format!("{} came", late.local_addr()?);
    ensure!(!server.log().contains(&came), "there are 1001 guests");
    readers.pop();
    server.wait_for_line(|line| line == came, PATIENCE)?;
    Ok(Completion::Completed)
}

fn goes_down() -> anyhow::Result<Completion> {
    let mut server = server(LONG)?;
    let mut alice = Guest::join(server.addr(), "alice")?;
    let mut bob = Guest::join(server.addr(), "bob")?;
    for number in 0..100 {
        bob.say(&format!("line {number}"))?;
    }
    // All of it has been said when bob has heard the last.
    while bob.line()?.as_deref() != Some("<bob> line 99") {}
    // This is unread when the server ends: it must not become a reset.
    server.interrupt()?;
    server.wait_for_line(|it| it.starts_with("going down"), PATIENCE)?;
    ensure!(
        Guest::connect(server.addr()).is_err(),
        "somebody is let in while the server goes down"
    );
    alice.expect("* bob came")?;
    for number in 0..100 {
        alice.expect(&format!("<bob> line {number}"))?;
    }
    for guest in [&mut alice, &mut bob] {
        guest.expect("* the server is going down")?;
        guest.expect_end()?;
    }
    drop((alice, bob));
    server
        .wait_for_line(|it| it == "everybody has got everything", PATIENCE)?;
    ensure!(server.ends_within(PATIENCE), "the server does not end");
    Ok(Completion::Completed)
}

/// Guests who do not close hold the server up until its deadline, no longer.
fn deadline() -> anyhow::Result<Completion> {
    let mut server = server(LONG)?;
    let mut guests = Vec::new();
    for name in ["alice", "bob", "carol"] {
        guests.push(Guest::join(server.addr(), name)?);
    }
    server.interrupt()?;
    server.wait_for_line(|it| it == "cut off: 3", PATIENCE)?;
    ensure!(server.ends_within(PATIENCE), "the server does not end");
    Ok(Completion::Completed)
}

fn second_interrupt() -> anyhow::Result<Completion> {
    let mut server = server(LONG)?;
    let _alice = Guest::join(server.addr(), "alice")?;
    server.interrupt()?;
    server.wait_for_line(|it| it.starts_with("going down"), PATIENCE)?;
    server.interrupt()?;
    server.wait_for_line(|it| it == "at once", PATIENCE)?;
    ensure!(server.ends_within(PATIENCE), "the server does not end");
    Ok(Completion::Completed)
}

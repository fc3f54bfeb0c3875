//! A name becomes addresses. First the system is asked; then we ask a small
//! DNS server in this program, over UDP, and look at the bytes.
mod show;

use std::io::ErrorKind;
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use crate::show::show;

fn main() -> anyhow::Result<()> {
    // ANCHOR: system
    let name = "localhost";
    let found: Vec<SocketAddr> =
        (name, 80).to_socket_addrs().context(name)?.collect();
    let some = !found.is_empty();
    let all = found.iter().all(|address| address.ip().is_loopback());
    println!("{name} has an address: {some}; all are loopback: {all}");
    // ANCHOR_END: system

    let server = UdpSocket::bind("127.0.0.1:0")?;
    let to = server.local_addr()?;
    // It ends with the program.
    thread::spawn(move || {
        if let Err(e) = serve(&server) {
            eprintln!("the server ended: {e:#}");
        }
    });

    // ANCHOR: queries
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    for (id, name, kind, show_bytes) in [
        (0x1234, "book.example.", RecordType::A, true),
        (0x1235, "book.example.", RecordType::AAAA, false),
        (0x1236, "nobody.example.", RecordType::A, false),
    ] {
        let mut query = Message::new(id, MessageType::Query, OpCode::Query);
        query.metadata.recursion_desired = true;
        query.add_query(Query::query(Name::from_ascii(name)?, kind));
        println!("\n{kind} of {name}");
        let answer = ask(&socket, to, &query, show_bytes)?;
        for record in &answer.answers {
            println!("{}, for {} seconds", record.data, record.ttl);
        }
        if answer.metadata.response_code == ResponseCode::NXDomain {
            println!("there is no such name");
        }
    }
    // ANCHOR_END: queries
    Ok(())
}

// ANCHOR: ask
/// Sends a query, three times at most, and returns the answer to it.
fn ask(
    socket: &UdpSocket,
    server: SocketAddr,
    query: &Message,
    show_bytes: bool,
) -> anyhow::Result<Message> {
    let bytes = query.to_vec()?;
    if show_bytes {
        show(&bytes)?;
    }
    for _ in 0..3 {
        println!("sent {} bytes", bytes.len());
        socket.send_to(&bytes, server)?;
        // One deadline for all that comes, not one for each datagram.
        let deadline = Instant::now() + Duration::from_secs(1);
        while let Some((bytes, from)) = receive(socket, deadline)? {
            let Ok(answer) = Message::from_vec(&bytes) else {
                println!("ignored: no DNS message");
                continue;
            };
            if from != server {
                println!("ignored: it is from {from}");
            } else if answer.metadata.id != query.metadata.id {
                println!("ignored: its ID is {:x}", answer.metadata.id);
            } else if answer.metadata.message_type != MessageType::Response
                || answer.queries != query.queries
            {
                println!("ignored: it answers another question");
            } else {
                println!("received {} bytes", bytes.len());
                if show_bytes {
                    show(&bytes)?;
                }
                return Ok(answer);
            }
        }
        println!("no answer within one second");
    }
    bail!("no answer from {server}")
}
// ANCHOR_END: ask

/// The next datagram, and its source; `None` after the deadline.
fn receive(
    socket: &UdpSocket,
    deadline: Instant,
) -> anyhow::Result<Option<(Vec<u8>, SocketAddr)>> {
    let mut buffer = [0; 512]; // RFC 1035, section 2.3.4
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut buffer) {
            Ok((n, from)) => return Ok(Some((buffer[..n].to_vec(), from))),
            Err(e) => match e.kind() {
                ErrorKind::WouldBlock
                | ErrorKind::TimedOut
                | ErrorKind::Interrupted => {}
                _ => return Err(e.into()),
            },
        }
    }
}

/// Answers queries. The first is lost; before the second is answered, two
/// forged answers are sent.
fn serve(server: &UdpSocket) -> anyhow::Result<()> {
    let stranger = UdpSocket::bind("127.0.0.1:0")?;
    let mut buffer = [0; 512];
    for count in 1.. {
        let (n, client) = server.recv_from(&mut buffer)?;
        let Ok(query) = Message::from_vec(&buffer[..n]) else {
            continue;
        };
        // ANCHOR: forged
        if count == 2 {
            let mut forged = answer(&query, "203.0.113.66")?;
            stranger.send_to(&forged.to_vec()?, client)?;
            forged.metadata.id = 0x6666; // a guess
            server.send_to(&forged.to_vec()?, client)?;
        }
        // ANCHOR_END: forged
        if count > 1 {
            let answer = answer(&query, "192.0.2.7")?;
            server.send_to(&answer.to_vec()?, client)?;
        }
    }
    Ok(())
}

fn answer(query: &Message, address: &str) -> anyhow::Result<Message> {
    let mut answer = query.clone().into_response();
    answer.metadata.authoritative = true;
    let question = query.queries.first().context("no question")?;
    let name = question.name().clone();
    if name != Name::from_ascii("book.example.")? {
        answer.metadata.response_code = ResponseCode::NXDomain;
        return Ok(answer);
    }
    let data = match question.query_type() {
        RecordType::A => RData::A(A(address.parse()?)),
        RecordType::AAAA => RData::AAAA(AAAA("2001:db8::7".parse()?)),
        _ => return Ok(answer), // the name exists, such a record does not
    };
    answer.add_answer(Record::from_rdata(name, 300, data));
    Ok(answer)
}

//! Echo servers with one fault each, `broken_echo FAULT [ADDR]`: what the
//! suite must refuse.

use std::env;
use std::hint;
use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use socket2::{Domain, Socket, Type};

/// How many clients are here, ...
static HERE: AtomicUsize = AtomicUsize::new(0);

/// ... and how many may be, for a server that turns others away.
const MOST: usize = 500;

fn main() -> anyhow::Result<()> {
    let mut args = env::args().skip(1);
    let fault = args.next().context("which fault?")?;
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_owned());
    let listener = listen(&fault, &addr)?;
    println!("listening on {}", listener.local_addr()?);
    if fault == "burns" {
        thread::spawn(|| {
            loop {
                hint::spin_loop();
            }
        });
    }
    if fault == "starves" {
        return Ok(starves(&listener)?);
    }
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(e) if fault == "ends-without-descriptors" => Err(e)?,
            Err(_) if fault == "spins-without-descriptors" => continue,
            Err(_) => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        if fault == "turns-away" && HERE.load(Ordering::Relaxed) >= MOST {
            continue;
        }
        HERE.fetch_add(1, Ordering::Relaxed);
        let fault = fault.clone();
        if fault == "one-at-a-time" {
            serve(&fault, stream);
        } else {
            thread::spawn(move || serve(&fault, stream));
        }
    }
}

fn listen(fault: &str, addr: &str) -> anyhow::Result<TcpListener> {
    match fault {
        "panics" => {
            let addr: SocketAddr = addr.parse().expect("an address");
            Ok(TcpListener::bind(addr).expect("a free port"))
        }
        "says-nothing" => TcpListener::bind(addr).or_else(|_| process::exit(1)),
        "no-reuse" => {
            let addr: SocketAddr = addr.parse()?;
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.bind(&addr.into()).context("cannot bind")?;
            socket.listen(128)?;
            Ok(socket.into())
        }
        _ => TcpListener::bind(addr)
            .with_context(|| format!("cannot listen on {addr}")),
    }
}

fn serve(fault: &str, stream: TcpStream) {
    let served = match fault {
        "leaks" => leaks(stream),
        "hoards" => hoards(stream),
        "reads-once" => reads_once(stream),
        "drops-unread" => drops_unread(stream),
        "keeps-everything" => keeps_everything(stream),
        "forgets-at-the-end" => forgets_at_the_end(stream),
        "shouts" => copy(stream, |_, bytes| bytes.make_ascii_uppercase()),
        "corrupts" => copy(stream, |offset, bytes| {
            if offset > 1 << 20 {
                bytes[0] ^= 1;
            }
        }),
        _ => copy(stream, |_, _| {}),
    };
    HERE.fetch_sub(1, Ordering::Relaxed);
    if served.is_err() && fault == "ends-on-reset" {
        process::exit(1);
    }
}

/// Echoes, with `change` made to what it sends.
fn copy(
    mut stream: impl Read + Write,
    change: impl Fn(u64, &mut [u8]),
) -> io::Result<()> {
    let mut buf = [0; 64 * 1024];
    let mut offset = 0;
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        change(offset, &mut buf[..n]);
        stream.write_all(&buf[..n])?;
        offset += n as u64;
    }
}

/// Never closes a socket.
fn leaks(stream: TcpStream) -> io::Result<()> {
    let kept = stream.try_clone()?;
    copy(stream, |_, _| {})?;
    kept.shutdown(Shutdown::Both)?;
    mem::forget(kept);
    Ok(())
}

/// Has much memory ready for a client that may never need it.
fn hoards(stream: TcpStream) -> io::Result<()> {
    let ready = vec![1; 512 * 1024];
    copy(stream, |_, bytes| bytes[0] *= ready[0])
}

/// Serves whoever speaks until they are silent, and nobody else meanwhile.
fn starves(listener: &TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut clients: Vec<TcpStream> = Vec::new();
    loop {
        thread::sleep(Duration::from_millis(1));
        while let Ok((stream, _)) = listener.accept() {
            stream.set_read_timeout(Some(Duration::from_millis(200)))?;
            clients.push(stream);
        }
        clients.retain_mut(|client| {
            let silent = client.set_nonblocking(true).is_ok()
                && client.peek(&mut [0]).is_err();
            let _ = client.set_nonblocking(false);
            // A read that brings nothing for some time is an error.
            silent || copy(client, |_, _| {}).is_err()
        });
    }
}

/// Takes one read for the whole message.
fn reads_once(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 1024];
    let n = stream.read(&mut buf)?;
    stream.write_all(&buf[..n])
}

/// Throws away what does not go out at once.
fn drops_unread(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 64 * 1024];
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        stream.set_nonblocking(true)?;
        let _ = stream.write(&buf[..n]);
        stream.set_nonblocking(false)?;
    }
}

/// Takes all that comes, whether or not it can be sent.
fn keeps_everything(mut stream: TcpStream) -> io::Result<()> {
    let (sender, unsent) = mpsc::channel::<Vec<u8>>();
    let mut out = stream.try_clone()?;
    let writer = thread::spawn(move || {
        unsent.iter().try_for_each(|bytes| out.write_all(&bytes))
    });
    let mut buf = [0; 64 * 1024];
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            break;
        }
        if sender.send(buf[..n].to_vec()).is_err() {
            break;
        }
    }
    drop(sender);
    writer.join().unwrap_or(Ok(()))
}

/// Waits for a pause before it answers, and forgets its answer when the peer
/// ends sending.
fn forgets_at_the_end(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(50)))?;
    let mut unsent = Vec::new();
    let mut buf = [0; 64 * 1024];
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => unsent.extend_from_slice(&buf[..n]),
            Err(e) => match e.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    stream.write_all(&unsent)?;
                    unsent.clear();
                }
                _ => return Err(e),
            },
        }
    }
}

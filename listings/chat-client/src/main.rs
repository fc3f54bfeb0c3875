//! A client for the chat: what you type goes to the server, what the server
//! says is printed, and neither waits for the other.
use std::env;
use std::io::{self, BufRead};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// The server puts out who is silent for five minutes.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let stream = TcpStream::connect(&addr)
        .await
        .with_context(|| format!("cannot connect to {addr}"))?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut typed = typed();
    let mut typing = true;
    let mut sign_of_life = interval(SIGN_OF_LIFE);
    sign_of_life.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sign_of_life.tick().await; // the first comes at once

    loop {
        tokio::select! {
            line = lines.next_line() => {
                match line.context("the connection is lost")? {
                    Some(line) => println!("{}", printable(&line)),
                    None => break,
                }
            }
            line = typed.recv(), if typing => match line {
                Some(line) => send(&mut writer, &line).await?,
                None => {
                    typing = false;
                    writer.shutdown().await.context("the server is gone")?;
                }
            },
            _ = sign_of_life.tick(), if typing => send(&mut writer, "").await?,
        }
    }
    println!("the server has ended the conversation");
    Ok(())
}
// ANCHOR_END: main

async fn send(
    writer: &mut (impl AsyncWriteExt + Unpin),
    line: &str,
) -> anyhow::Result<()> {
    let line = format!("{line}\r\n");
    writer.write_all(line.as_bytes()).await.context("the server is gone")
}

// ANCHOR: typed
/// The lines that are typed. No system can wait for the keyboard in the same
/// way everywhere, so a thread does; it ends with the program.
fn typed() -> mpsc::Receiver<String> {
    let (tell, typed) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if tell.blocking_send(line).is_err() {
                return;
            }
        }
    });
    typed
}
// ANCHOR_END: typed

/// A server is trusted no more than a client: no control characters.
fn printable(line: &str) -> String {
    line.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

//! A client for the chat: what you type goes to the server, what the server
//! says is printed, and neither waits for the other.
use std::env;
use std::io::{self, BufRead};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// The chat's lines are shorter: see its protocol.
const LONGEST_LINE: usize = 1500;

/// The server puts out who is silent for five minutes.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let stream = TcpStream::connect(&addr)
        .await
        .with_context(|| format!("cannot connect to {addr}"))?;
    let (mut reader, mut writer) = stream.into_split();
    let mut come = Vec::new(); // and not shown yet
    let mut typed = typed();
    let mut typing = true;
    let mut sign_of_life = interval(SIGN_OF_LIFE);
    sign_of_life.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sign_of_life.tick().await; // the first comes at once

    loop {
        tokio::select! {
            line = next_line(&mut reader, &mut come) => match line? {
                Some(line) => println!("{}", printable(&line)),
                None => break,
            },
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

/// The server's next line; `None` at the end. What has come of it stays in
/// `come`, whoever drops this future.
async fn next_line(
    reader: &mut OwnedReadHalf,
    come: &mut Vec<u8>,
) -> anyhow::Result<Option<String>> {
    loop {
        if let Some(end) = come.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = come.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            return Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()));
        }
        ensure!(come.len() < LONGEST_LINE, "the server's line has no end");
        let read = reader.read_buf(come).await;
        if read.context("the connection is lost")? == 0 {
            return Ok(None);
        }
    }
}

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

/// A server is trusted no more than a client: no control characters, and none
/// that turn the direction of the text.
fn printable(line: &str) -> String {
    let turns =
        |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars()
        .map(|c| if c.is_control() || turns(c) { '?' } else { c })
        .collect()
}

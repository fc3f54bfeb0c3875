//! Bob reads what he is told, Carol does not. Three ways to tell them both,
//! and what becomes of Bob and of the memory.
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel, unbounded_channel};
use tokio::time::timeout;

/// How many lines are to be told.
const LINES: usize = 100_000;
/// How many may wait in a queue, where it has a limit.
const QUEUE: usize = 16;
/// How long the room may wait for one who does not read.
const PATIENCE: Duration = Duration::from_millis(300);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("-- wait until there is room");
    waits().await?;
    println!("-- a queue without a limit");
    without_a_limit()?;
    println!("-- a limit, and nobody waits");
    with_a_policy();
    Ok(())
}

// ANCHOR: waits
async fn waits() -> anyhow::Result<()> {
    let (to_bob, mut bob) = channel(QUEUE);
    let (to_carol, _carol) = channel(QUEUE);
    let mut read = 0;
    for line in 1..=LINES {
        to_bob.send(line).await?;
        read += read_all(&mut bob);
        if timeout(PATIENCE, to_carol.send(line)).await.is_err() {
            println!("line {line}: the room waits for Carol");
            println!("Bob has read {read} of {LINES} lines");
            break;
        }
    }
    Ok(())
}
// ANCHOR_END: waits

// ANCHOR: without
fn without_a_limit() -> anyhow::Result<()> {
    let (to_bob, mut bob) = unbounded_channel();
    let (to_carol, carol) = unbounded_channel();
    let mut read = 0;
    for line in 1..=LINES {
        to_bob.send(line)?;
        to_carol.send(line)?;
        while bob.try_recv().is_ok() {
            read += 1;
        }
    }
    println!("Bob has read {read} of {LINES} lines");
    println!("lines that are kept for Carol: {}", carol.len());
    Ok(())
}
// ANCHOR_END: without

// ANCHOR: policy
fn with_a_policy() {
    let (to_bob, mut bob) = channel(QUEUE);
    let (to_carol, carol) = channel(QUEUE);
    let mut members = vec![("Bob", to_bob), ("Carol", to_carol)];
    let mut read = 0;
    for line in 1..=LINES {
        members.retain(|(name, queue)| {
            let keeps_up = queue.try_send(line).is_ok();
            if !keeps_up {
                println!("line {line}: {name} is put out");
            }
            keeps_up
        });
        read += read_all(&mut bob);
    }
    println!("Bob has read {read} of {LINES} lines");
    println!("lines that are kept for Carol: {}", carol.len());
}
// ANCHOR_END: policy

fn read_all(queue: &mut Receiver<usize>) -> usize {
    let mut read = 0;
    while queue.try_recv().is_ok() {
        read += 1;
    }
    read
}

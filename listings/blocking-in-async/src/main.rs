//! Two tasks on one thread. A does something that takes long; B wants to be
//! woken after 10 ms, and to tell A of it.
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::Context;
use tokio::task::{spawn, spawn_blocking, yield_now};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("-- A blocks the thread");
    let (tell, told) = channel();
    let b = spawn(b(tell));
    let a = spawn(a_that_blocks(told));
    a.await?;
    b.await?;

    println!("-- A lets another thread block");
    let (tell, told) = channel();
    let b = spawn(self::b(tell));
    let a = spawn(a_with_a_thread(told));
    a.await??;
    b.await?;

    println!("-- A computes, and gives way");
    let a = spawn(compute());
    let b = spawn(look());
    a.await?;
    b.await.context("it has ended")
}

// ANCHOR: b
async fn b(tell: Sender<()>) {
    println!("B: wake me in 10 ms");
    sleep(Duration::from_millis(10)).await;
    println!("B: I am awake");
    let _ = tell.send(()); // A may be done already
}
// ANCHOR_END: b

// ANCHOR: blocks
async fn a_that_blocks(told: Receiver<()>) {
    println!("A: I wait for B");
    wait_for_b(&told, Duration::from_millis(300));
}

/// Blocks the thread that it runs on, until B has been here.
fn wait_for_b(told: &Receiver<()>, patience: Duration) {
    match told.recv_timeout(patience) {
        Ok(()) => println!("A: B has been here"),
        Err(_) => println!("A: nobody has been here in {patience:?}"),
    }
}
// ANCHOR_END: blocks

// ANCHOR: thread
async fn a_with_a_thread(told: Receiver<()>) -> anyhow::Result<()> {
    println!("A: another thread waits for B");
    let patience = Duration::from_secs(20);
    spawn_blocking(move || wait_for_b(&told, patience)).await?;
    Ok(())
}
// ANCHOR_END: thread

// ANCHOR: yields
async fn compute() {
    println!("A: the first half of my work");
    yield_now().await;
    println!("A: the second half");
}

async fn look() {
    println!("B: it is my turn");
}
// ANCHOR_END: yields

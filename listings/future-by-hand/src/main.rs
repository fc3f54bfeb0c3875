//! What a future is: a value with one method, `poll`. Nothing happens until
//! somebody calls it. Here the somebody is this program, by hand.
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

fn main() {
    println!("-- called, and not polled");
    called();
    println!("-- a future by hand");
    poll_to_the_end(CountDown(2));
    println!("-- an async fn is a state machine");
    poll_to_the_end(two_counts());
    println!("-- the same machine by hand");
    poll_to_the_end(TwoCounts::Begin);
    println!("-- dropped half-way");
    dropped();
    println!("-- what is kept while it waits");
    kept();
}

// ANCHOR: lazy
async fn greet(name: &str) {
    println!("hello, {name}");
}

fn called() {
    let future = greet("Ann");
    println!("greet has returned a future");
    drop(future);
    println!("it is dropped, and nobody has been greeted");

    let mut future = pin!(greet("Bob"));
    let mut cx = Context::from_waker(Waker::noop());
    println!("another future; we call poll");
    let answer = future.as_mut().poll(&mut cx);
    println!("poll has returned {answer:?}");
}
// ANCHOR_END: lazy

// ANCHOR: count_down
/// Is ready when it has been polled often enough.
struct CountDown(u32);

impl Future for CountDown {
    type Output = &'static str;

    fn poll(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<&'static str> {
        if self.0 == 0 {
            return Poll::Ready("zero");
        }
        self.0 -= 1;
        Poll::Pending
    }
}
// ANCHOR_END: count_down

// ANCHOR: poll_to_the_end
fn poll_to_the_end(future: impl Future<Output = &'static str>) {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    for turn in 1.. {
        let answer = future.as_mut().poll(&mut cx);
        println!("poll {turn}: {answer:?}");
        if answer.is_ready() {
            break;
        }
    }
}
// ANCHOR_END: poll_to_the_end

// ANCHOR: async_fn
async fn two_counts() -> &'static str {
    println!("  begin");
    let word = CountDown(1).await;
    println!("  the first is at {word}");
    let word = CountDown(2).await;
    println!("  the second is at {word}");
    "both"
}
// ANCHOR_END: async_fn

// ANCHOR: machine
/// `two_counts`, as the compiler sees it: a state for the beginning, one for
/// each `await`, one for the end.
enum TwoCounts {
    Begin,
    First(CountDown),
    Second(CountDown),
    End,
}

impl Future for TwoCounts {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<&'static str> {
        let state = self.get_mut();
        loop {
            match state {
                TwoCounts::Begin => {
                    println!("  begin");
                    *state = TwoCounts::First(CountDown(1));
                }
                TwoCounts::First(count) => match Pin::new(count).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(word) => {
                        println!("  the first is at {word}");
                        *state = TwoCounts::Second(CountDown(2));
                    }
                },
                TwoCounts::Second(count) => match Pin::new(count).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(word) => {
                        println!("  the second is at {word}");
                        *state = TwoCounts::End;
                        return Poll::Ready("both");
                    }
                },
                TwoCounts::End => panic!("polled after it was ready"),
            }
        }
    }
}
// ANCHOR_END: machine

// ANCHOR: dropped
struct Socket;

impl Drop for Socket {
    fn drop(&mut self) {
        println!("  the socket is closed");
    }
}

async fn conversation() {
    let _socket = Socket;
    println!("  half of it is done");
    CountDown(1).await;
    println!("  the other half is done");
}

fn dropped() {
    let mut future = Box::pin(conversation());
    let mut cx = Context::from_waker(Waker::noop());
    println!("poll: {:?}", future.as_mut().poll(&mut cx));
    println!("the future is dropped");
    drop(future);
    println!("that was all");
}
// ANCHOR_END: dropped

// ANCHOR: kept
async fn in_scope() {
    let buf = [0u8; 4096];
    println!("a buffer of {} bytes", buf.len());
    CountDown(1).await;
}

async fn out_of_scope() {
    {
        let buf = [0u8; 4096];
        println!("a buffer of {} bytes", buf.len());
    }
    CountDown(1).await;
}

fn kept() {
    let (long, short) = (in_scope(), out_of_scope());
    let (long, short) = (size_of_val(&long), size_of_val(&short));
    println!("in scope at the await: more than 4096 bytes: {}", long > 4096);
    println!("out of scope: less than 100 bytes: {}", short < 100);
}
// ANCHOR_END: kept

//! `block_on` runs one future; while there is nothing to do, its thread
//! sleeps. The waker ends the sleep: first a future that does not keep it,
//! then one that does.
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

fn main() {
    println!("-- a future that forgets its waker");
    scene(false, Duration::from_secs(1));
    println!("-- a future that keeps its waker");
    scene(true, Duration::from_secs(60));
}

fn scene(keeps_waker: bool, patience: Duration) {
    let shared = Arc::new(Mutex::new(Shared::default()));
    let future = Answer { shared: shared.clone(), keeps_waker };
    let answer = block_on(future, patience);

    let worker = lock(&shared).worker.take();
    worker.map(JoinHandle::join); // whatever it prints stands above
    match answer {
        Some(answer) => println!("the answer is {answer}"),
        None => println!("{patience:?} have passed: we give up"),
    }
}

// ANCHOR: answer
/// An answer that another thread works out. The first poll starts it.
struct Answer {
    shared: Arc<Mutex<Shared>>,
    keeps_waker: bool,
}

#[derive(Default)]
struct Shared {
    answer: Option<u32>,
    waker: Option<Waker>,
    worker: Option<JoinHandle<()>>,
}

impl Future for Answer {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let mut shared = lock(&self.shared);
        if let Some(answer) = shared.answer {
            println!("poll: Ready");
            return Poll::Ready(answer);
        }
        println!("poll: Pending");
        if self.keeps_waker {
            shared.waker = Some(cx.waker().clone());
        }
        if shared.worker.is_none() {
            let theirs = self.shared.clone();
            shared.worker = Some(thread::spawn(move || work(&theirs)));
        }
        Poll::Pending
    }
}

fn work(shared: &Mutex<Shared>) {
    let mut shared = lock(shared);
    println!("  other thread: 6 times 7 is 42");
    shared.answer = Some(6 * 7);
    match shared.waker.take() {
        Some(waker) => {
            println!("  other thread: calls the waker");
            waker.wake();
        }
        None => println!("  other thread: there is no waker to call"),
    }
}
// ANCHOR_END: answer

// ANCHOR: wake
/// Wakes the thread that sleeps in `block_on`.
struct Alarm {
    thread: Thread,
    rung: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.thread.unpark();
    }
}
// ANCHOR_END: wake

// ANCHOR: block_on
/// Polls the future, and again each time its waker is called. `None` if
/// nobody has called it for as long as `patience`.
fn block_on<F: Future>(future: F, patience: Duration) -> Option<F::Output> {
    let mut future = pin!(future);
    let thread = thread::current();
    let alarm = Arc::new(Alarm { thread, rung: AtomicBool::new(false) });
    let waker = Waker::from(alarm.clone());
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        let deadline = Instant::now() + patience;
        // `park` may return for no reason, so the alarm is what counts.
        while !alarm.rung.swap(false, Ordering::Acquire) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            thread::park_timeout(left);
        }
    }
}
// ANCHOR_END: block_on

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

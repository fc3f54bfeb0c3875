//! Many tasks, one thread: a queue holds the tasks that are worth polling.
//! A task that waits stands in no queue; its waker puts it back.
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

fn main() {
    println!("-- three tasks take turns");
    let queue = Arc::default();
    spawn(&queue, "A", take_turns("A", 2));
    spawn(&queue, "B", take_turns("B", 1));
    spawn(&queue, "C", take_turns("C", 0));
    run(&queue);

    println!("-- one waits for another");
    let bell = Arc::default();
    spawn(&queue, "W", wait_for(Arc::clone(&bell)));
    spawn(&queue, "R", ring_later(bell));
    run(&queue);

    println!("-- one waits, and nobody can wake it");
    spawn(&queue, "X", std::future::pending());
    run(&queue);
}

// ANCHOR: task
type Queue = Mutex<VecDeque<Arc<Task>>>;

/// Any future with this output, whatever its own type.
type BoxedFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    name: &'static str,
    /// `None` when it is done.
    future: Mutex<Option<BoxedFuture>>,
    queue: Arc<Queue>,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        println!("  {} is woken", self.name);
        let queue = self.queue.clone();
        lock(&queue).push_back(self);
    }
}
// ANCHOR_END: task

impl Drop for Task {
    fn drop(&mut self) {
        println!("  {} is freed", self.name);
    }
}

fn spawn(
    queue: &Arc<Queue>,
    name: &'static str,
    future: impl Future<Output = ()> + Send + 'static,
) {
    let future: BoxedFuture = Box::pin(future);
    let future = Mutex::new(Some(future));
    let task = Task { name, future, queue: queue.clone() };
    lock(queue).push_back(Arc::new(task));
}

// ANCHOR: run
/// Polls whatever is in the queue, until nothing is.
fn run(queue: &Queue) {
    loop {
        // A statement of its own: the lock is given back at its end.
        let next = lock(queue).pop_front();
        let Some(task) = next else {
            println!("the queue is empty");
            return;
        };
        println!("poll {}; the queue: {}", task.name, names(queue));
        let waker = Waker::from(task.clone());
        let mut cx = Context::from_waker(&waker);
        let mut future = lock(&task.future);
        if let Some(polled) = future.as_mut()
            && polled.as_mut().poll(&mut cx).is_ready()
        {
            println!("  {} is done", task.name);
            *future = None;
        }
    }
}
// ANCHOR_END: run

fn names(queue: &Queue) -> String {
    let names: Vec<_> = lock(queue).iter().map(|task| task.name).collect();
    if names.is_empty() { "empty".to_string() } else { names.join(" ") }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// ANCHOR: take_turns
async fn take_turns(name: &str, times: u32) {
    for turn in 1..=times {
        println!("  {name} works, and yields ({turn})");
        Yield { asked: false }.await;
    }
}

/// Is ready at the second poll. At the first it asks for that second one.
struct Yield {
    asked: bool,
}

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.asked {
            return Poll::Ready(());
        }
        self.asked = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
// ANCHOR_END: take_turns

// ANCHOR: bell
#[derive(Default)]
struct Bell {
    rung: bool,
    waker: Option<Waker>,
}

async fn wait_for(bell: Arc<Mutex<Bell>>) {
    // poll_fn makes a future of a function: here, of this closure.
    std::future::poll_fn(|cx| {
        let mut bell = lock(&bell);
        if bell.rung {
            return Poll::Ready(());
        }
        bell.waker = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
    println!("  W has heard the bell");
}

async fn ring_later(bell: Arc<Mutex<Bell>>) {
    take_turns("R", 2).await;
    println!("  R rings the bell");
    let mut bell = lock(&bell);
    bell.rung = true;
    if let Some(waker) = bell.waker.take() {
        waker.wake();
    }
}
// ANCHOR_END: bell

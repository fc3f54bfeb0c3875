//! The ready queue, and now an executor that need not end when it is empty.
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use crate::reactor::Reactor;

pub type Queue = Mutex<VecDeque<Arc<Task>>>;
type BoxedFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Task {
    name: &'static str,
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

pub fn spawn(
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
/// Polls who is in the queue. When nobody is, sleeps in the reactor, until
/// nobody waits there either.
pub fn run(queue: &Queue, reactor: &Reactor) -> anyhow::Result<()> {
    loop {
        loop {
            let next = lock(queue).pop_front();
            let Some(task) = next else { break };
            println!("poll {}", task.name);
            poll(&task);
        }
        println!("the queue is empty");
        if reactor.is_idle() {
            return Ok(());
        }
        // A sleep may end for no reason: then there is nobody to poll yet.
        while lock(queue).is_empty() {
            reactor.wait()?;
        }
    }
}
// ANCHOR_END: run

fn poll(task: &Arc<Task>) {
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

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The executor of the listing `reactor`, without its printing.
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use crate::reactor::Reactor;

pub type Queue = Mutex<VecDeque<Arc<Task>>>;
type BoxedFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

pub struct Task {
    future: Mutex<Option<BoxedFuture>>,
    queue: Arc<Queue>,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let queue = self.queue.clone();
        lock(&queue).push_back(self);
    }
}

pub fn spawn(
    queue: &Arc<Queue>,
    future: impl Future<Output = ()> + Send + 'static,
) {
    let future: BoxedFuture = Box::pin(future);
    let future = Mutex::new(Some(future));
    lock(queue).push_back(Arc::new(Task { future, queue: queue.clone() }));
}

/// Polls who is in the queue. When nobody is, sleeps in the reactor, until
/// nobody waits there either.
pub fn run(queue: &Queue, reactor: &Reactor) -> io::Result<()> {
    loop {
        loop {
            let next = lock(queue).pop_front();
            let Some(task) = next else { break };
            poll(&task);
        }
        if reactor.is_idle() {
            return Ok(());
        }
        reactor.wait()?;
    }
}

fn poll(task: &Arc<Task>) {
    let waker = Waker::from(task.clone());
    let mut cx = Context::from_waker(&waker);
    let mut future = lock(&task.future);
    if let Some(polled) = future.as_mut()
        && polled.as_mut().poll(&mut cx).is_ready()
    {
        *future = None;
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

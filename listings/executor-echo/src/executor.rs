//! Polls the tasks that are ready, and sleeps when there is none.
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use crate::reactor::Reactor;

pub struct Executor {
    ready: Mutex<VecDeque<Arc<Task>>>,
    pub reactor: Arc<Reactor>,
}

type BoxedFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    /// `None` when it is done: all that the task had is freed then.
    future: Mutex<Option<BoxedFuture>>,
    executor: Arc<Executor>,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let executor = self.executor.clone();
        lock(&executor.ready).push_back(self);
    }
}

impl Executor {
    pub fn new() -> io::Result<Arc<Executor>> {
        let reactor = Arc::new(Reactor::new()?);
        Ok(Arc::new(Executor { ready: Mutex::default(), reactor }))
    }

    pub fn spawn(
        self: &Arc<Self>,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        let future: BoxedFuture = Box::pin(future);
        let future = Mutex::new(Some(future));
        let task = Task { future, executor: self.clone() };
        lock(&self.ready).push_back(Arc::new(task));
    }

    // ANCHOR: run
    /// One poll for each ready task, one look at the sockets, and again.
    pub fn run(&self) -> io::Result<()> {
        let mut round = VecDeque::new();
        loop {
            // Who is woken from here on has its turn in the next round: so no
            // task that wakes itself keeps the others from theirs.
            mem::swap(&mut round, &mut lock(&self.ready));
            for task in round.drain(..) {
                poll(&task);
            }
            let sleep = lock(&self.ready).is_empty();
            self.reactor.wait(sleep)?;
        }
    }
    // ANCHOR_END: run
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

//! The open loop: a request is sent when it is due.

use std::thread;
use std::time::Duration;

use super::{Driver, record, send};
use crate::fault::Fault;
use crate::subject::Subject;

impl Driver {
    /// Requests are due at a fixed rate, one connection after another. What
    /// is due while a connection has no room for it is sent later; its time
    /// runs from when it was due.
    // ANCHOR: open
    pub(super) fn open(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
        rate: f64,
    ) -> Result<u64, Fault> {
        let begin = self.now();
        let total = (rate * slice.as_secs_f64()).round().max(1.0) as usize;
        let due = |n: usize| begin + (n as f64 * 1e9 / rate) as u64;
        let active = subject.active.len();
        // The request of each connection that is sent next; its number among
        // all requests.
        let mut next: Vec<usize> = (0..active).collect();
        let (mut came_due, mut answered) = (0, 0);
        while answered < total {
            let now = self.now();
            while came_due < total && due(came_due) <= now {
                let key = came_due % active;
                came_due += 1;
                let connection = &mut subject.active[key];
                if connection.under_way() < self.talk.depth {
                    connection.ask(self.talk.size, due(next[key]));
                    next[key] += active;
                    send(&subject.epoll, connection, key, &self.pattern)?;
                }
            }
            if came_due < total {
                self.wait_until(subject, due(came_due))?;
            } else {
                self.wait(subject, due(total))?;
            }
            for event in &self.events {
                let key = event.data.u64() as usize;
                let connection = &mut subject.active[key];
                let now = self.now();
                answered += connection.receive(
                    &mut self.buf,
                    &self.pattern,
                    self.talk.size,
                    |due| record(&mut self.latency, now - due),
                )?;
                while connection.under_way() < self.talk.depth
                    && next[key] < came_due
                {
                    connection.ask(self.talk.size, due(next[key]));
                    next[key] += active;
                }
                send(&subject.epoll, connection, key, &self.pattern)?;
            }
        }
        // The slice ends when the next request would have been due.
        thread::sleep(Duration::from_nanos(
            due(total).saturating_sub(self.now()),
        ));
        Ok(answered as u64)
    }
    // ANCHOR_END: open
}

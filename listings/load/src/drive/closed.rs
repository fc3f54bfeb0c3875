//! The closed loop: each answer brings the next request.

use std::time::Duration;

use super::{Driver, nanos, record, send};
use crate::fault::Fault;
use crate::subject::Subject;

impl Driver {
    /// Each answer is followed by the next request, until the time is over.
    // ANCHOR: closed
    pub(super) fn closed(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
    ) -> Result<u64, Fault> {
        let begin = self.now();
        let end = begin + nanos(slice);
        let (mut asked, mut answered) = (0, 0);
        for (key, connection) in subject.active.iter_mut().enumerate() {
            let now = self.now();
            for _ in 0..self.talk.depth {
                connection.ask(self.talk.size, now);
                asked += 1;
            }
            send(&subject.epoll, connection, key, &self.pattern)?;
        }
        while answered < asked {
            self.wait(subject, end)?;
            for event in &self.events {
                let key = event.data.u64() as usize;
                let connection = &mut subject.active[key];
                let now = self.now();
                let came = connection.receive(
                    &mut self.buf,
                    &self.pattern,
                    self.talk.size,
                    |due| record(&mut self.latency, now - due),
                )?;
                answered += came;
                if now < end {
                    for _ in 0..came {
                        connection.ask(self.talk.size, now);
                        asked += 1;
                    }
                }
                send(&subject.epoll, connection, key, &self.pattern)?;
            }
        }
        Ok(answered as u64)
    }
    // ANCHOR_END: closed
}

//! Time passes: frames arrive, timers run out, and each has its effect.

use std::time::Duration;

use smoltcp::time::Instant;

use crate::clock::{later, since_start};
use crate::event::Fate;
use crate::frame::Frame;
use crate::network::{Kind, Network};
use crate::transmit::Flight;

/// What happens next.
enum Next {
    Arrival(Instant, u64),
    Timer(usize),
}

impl Network {
    /// Goes on to the next thing that happens, and lets it happen: a frame
    /// arrives, or a timer of a node runs out. `false` if nothing is in
    /// flight and no timer is set: nothing would happen ever again.
    pub fn step(&mut self) -> bool {
        let Some((at, next)) = self.next() else { return false };
        self.now = at;
        match next {
            Next::Arrival(at, number) => self.arrive(at, number),
            Next::Timer(node) => self.timer(node),
        }
        true
    }

    /// Lets `duration` pass.
    pub fn run_for(&mut self, duration: Duration) {
        let end = later(self.now, duration);
        while self.next().is_some_and(|(at, _)| at <= end) {
            self.step();
        }
        self.now = end;
    }

    /// Lets time pass until nothing is in flight and no timer is set. `true`
    /// if that is so; `false` if `limit` has passed first.
    ///
    /// Timers of TCP count: after a connection has closed, its TIME-WAIT
    /// passes too.
    pub fn run_until_quiet(&mut self, limit: Duration) -> bool {
        self.run_until(|_| false, limit);
        self.next().is_none()
    }

    /// Lets time pass, step by step, until `condition` holds. `true` if it
    /// does; `false` if `limit` has passed first, or nothing more can happen.
    pub fn run_until(
        &mut self,
        mut condition: impl FnMut(&mut Self) -> bool,
        limit: Duration,
    ) -> bool {
        let end = later(self.now, limit);
        loop {
            if condition(self) {
                return true;
            }
            match self.next() {
                Some((at, _)) if at <= end => self.step(),
                Some(_) => {
                    self.now = end;
                    return condition(self);
                }
                None => return false,
            };
        }
    }

    /// Lets a host send what its sockets have to send now.
    pub(crate) fn wake(&mut self, node: usize) {
        let now = self.now;
        self.host_mut(node).wake(now);
        self.timer(node);
    }

    /// What happens next, and when; of things at the same time the arrivals
    /// in their order, then the nodes in theirs.
    fn next(&mut self) -> Option<(Instant, Next)> {
        let now = self.now;
        let first = self.flights.keys().next().copied();
        let arrival = first.map(|(at, n)| (at, Next::Arrival(at, n)));
        let timers =
            self.nodes.iter_mut().enumerate().filter_map(|(i, node)| {
                let due = match &mut node.kind {
                    Kind::Host(host) => host.due(now),
                    Kind::Router(router) => router.due(),
                    Kind::Switch(_) => None,
                };
                Some((due?.max(now), Next::Timer(i)))
            });
        arrival.into_iter().chain(timers).min_by_key(|&(at, _)| at)
    }

    fn timer(&mut self, node: usize) {
        let now = self.now;
        match &mut self.nodes[node].kind {
            Kind::Host(_) => self.let_host_send(node),
            Kind::Router(router) => {
                let out = router.poll(now);
                self.put_all(node, out);
            }
            Kind::Switch(_) => {}
        }
    }

    fn arrive(&mut self, at: Instant, number: u64) {
        let Some(flight) = self.flights.remove(&(at, number)) else { return };
        let Flight { node, port, event } = flight;
        let frame = self.events[event].frame.clone();
        if self.events[event].fate != Fate::InFlight {
            return self.note_receiver(event, &frame); // it does not arrive
        }
        self.events[event].fate = Fate::Delivered { at: since_start(at) };
        let out = match &mut self.nodes[node].kind {
            Kind::Host(host) => {
                let answers = host.receive(at, &frame);
                answers.into_iter().map(|frame| (0, frame)).collect()
            }
            Kind::Switch(switch) => {
                let ports = switch.receive(port, &frame);
                ports.into_iter().map(|port| (port, frame.clone())).collect()
            }
            Kind::Router(router) => router.receive(at, port, &frame),
        };
        self.note_receiver(event, &frame);
        self.put_all(node, out);
        if matches!(self.nodes[node].kind, Kind::Host(_)) {
            self.let_host_send(node);
        }
    }

    /// Notes the state in which a segment's receiver is now.
    fn note_receiver(&mut self, event: usize, frame: &Frame) {
        let now = self.states(frame);
        if let (Some(states), Some(now)) = (&mut self.events[event].states, now)
        {
            states.receiver = now.receiver;
        }
    }

    /// Packet by packet, so that each event shows the states as they were
    /// when it was sent.
    fn let_host_send(&mut self, node: usize) {
        let now = self.now;
        while let Some(frames) = self.host_mut(node).send(now) {
            for frame in frames {
                self.put(node, 0, frame);
            }
        }
    }
}

//! A frame is put on a link: what befalls it there, and what is noted.

use std::net::SocketAddr;

use smoltcp::socket::tcp::State;

use crate::clock::{later, since_start};
use crate::describe::Numbers;
use crate::event::{Event, Fate, Names, States};
use crate::frame::Frame;
use crate::id::{LinkId, NodeId};
use crate::network::Network;
use crate::router::Out;
use crate::segment::Segment;

/// A frame on its way: where it comes to, and the event that tells of it. One
/// that is lost is on its way too: its receiver's state is noted at the end.
pub(crate) struct Flight {
    pub(crate) node: usize,
    pub(crate) port: usize,
    pub(crate) event: usize,
}

impl Network {
    pub(crate) fn put_all(&mut self, node: usize, out: Vec<Out>) {
        for (port, frame) in out {
            self.put(node, port, frame);
        }
    }

    /// Puts a frame on the link at a node's port; without a link it is gone.
    pub(crate) fn put(&mut self, node: usize, port: usize, frame: Frame) {
        let Some((link, end)) = self.nodes[node].ports[port] else { return };
        let wire = &mut self.wires[link];
        let (to, to_port) = wire.ends[1 - end];
        let effect = wire.effect(end, &frame);
        let fate = if frame.payload().len() > wire.link.mtu {
            Fate::TooLong
        } else if effect.lost {
            Fate::Lost
        } else {
            Fate::InFlight
        };
        let delay = wire.link.delay + effect.late;
        let event = Event {
            time: since_start(self.now),
            link: LinkId(link),
            from: NodeId(node),
            to: NodeId(to),
            copy: false,
            late: effect.late,
            fate,
            states: self.states(&frame),
            names: Names {
                from: self.nodes[node].name.clone(),
                to: self.nodes[to].name.clone(),
                width: self.width,
            },
            start: self.start(&frame),
            frame,
        };
        let twice = effect.copied && fate == Fate::InFlight;
        let copies = if twice { 2 } else { 1 };
        for copy in 0..copies {
            self.events.push(Event { copy: copy > 0, ..event.clone() });
            let event = self.events.len() - 1;
            let flight = Flight { node: to, port: to_port, event };
            let at = later(self.now, delay);
            self.flights.insert((at, self.flown), flight);
            self.flown += 1;
        }
    }

    /// The states of the ends of the connection, as they are now.
    pub(crate) fn states(&self, frame: &Frame) -> Option<States> {
        let Segment { source, destination, .. } = frame.tcp()?;
        let state = |own: SocketAddr, peer| {
            let mut hosts = self.hosts();
            hosts
                .find(|host| host.has_address(own.ip()))
                .map_or(State::Closed, |host| host.state(own, peer))
        };
        Some(States {
            sender: state(source, destination),
            receiver: state(destination, source),
        })
    }

    /// The first sequence numbers of the segment's two ends. A SYN tells its
    /// sender's.
    fn start(&mut self, frame: &Frame) -> Numbers {
        let Some(Segment { source, destination, seq, flags, .. }) = frame.tcp()
        else {
            return Numbers::default();
        };
        if flags.syn {
            self.starts.insert((source, destination), seq);
        }
        let of = |ends| self.starts.get(&ends).copied().unwrap_or(0);
        Numbers {
            seq: of((source, destination)),
            ack: of((destination, source)),
        }
    }
}

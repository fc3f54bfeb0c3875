//! A switch that learns: which station is behind which port.

use std::collections::BTreeMap;

use smoltcp::wire::EthernetAddress;

use crate::frame::Frame;

/// A learning switch (IEEE 802.1D, clause 7.8, without ageing and without the
/// spanning tree).
#[derive(Default)]
pub(crate) struct Switch {
    pub(crate) ports: usize,
    pub(crate) table: BTreeMap<EthernetAddress, usize>,
}

impl Switch {
    /// Learns the sender's port, and says through which ports the frame goes
    /// on: the receiver's, or all others where that is not known.
    pub(crate) fn receive(&mut self, port: usize, frame: &Frame) -> Vec<usize> {
        let Some(header) = frame.ethernet() else { return Vec::new() };
        if header.src_addr().is_unicast() {
            self.table.insert(header.src_addr(), port);
        }
        match self.table.get(&header.dst_addr()) {
            Some(&known) if known == port => Vec::new(),
            Some(&known) => vec![known],
            None => (0..self.ports).filter(|&other| other != port).collect(),
        }
    }
}

//! A host's network card: what smoltcp reads frames from and writes them to.

use smoltcp::phy::{self, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

use crate::frame::{ETHERNET_HEADER, Frame};

/// A card with room for one frame to come in and any number to go out.
pub(crate) struct Device {
    mtu: usize,
    arrived: Option<Vec<u8>>,
    sent: Vec<Frame>,
}

impl Device {
    /// A card for a link whose IP packets are at most `mtu` bytes long.
    pub(crate) fn new(mtu: usize) -> Self {
        Self { mtu, arrived: None, sent: Vec::new() }
    }

    /// The longest IP packet for the link, in bytes.
    pub(crate) fn mtu(&self) -> usize {
        self.mtu
    }

    /// Puts a frame where the interface will find it.
    pub(crate) fn arrive(&mut self, frame: &Frame) {
        self.arrived = Some(frame.bytes().to_vec());
    }

    /// What the interface has sent since the last call, in order.
    pub(crate) fn take_sent(&mut self) -> Vec<Frame> {
        std::mem::take(&mut self.sent)
    }
}

impl phy::Device for Device {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Outgoing<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Outgoing<'_>)> {
        let frame = self.arrived.take()?;
        Some((Arrived(frame), Outgoing(&mut self.sent)))
    }

    /// smoltcp sends the pieces of a packet one a poll, and loses the rest of
    /// them if a socket sends another packet in pieces meanwhile. So after a
    /// piece that is not the last, the card is busy until the next poll,
    /// which goes on with the pieces before it asks the sockets.
    fn transmit(&mut self, _: Instant) -> Option<Outgoing<'_>> {
        let last = self.sent.last().and_then(Frame::ip);
        let piece = last.and_then(|packet| packet.fragment);
        let busy = piece.is_some_and(|(_, more)| more);
        (!busy).then_some(Outgoing(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        // smoltcp counts the Ethernet header in.
        capabilities.max_transmission_unit = self.mtu + ETHERNET_HEADER;
        capabilities
    }
}

/// A frame that has come in.
pub(crate) struct Arrived(Vec<u8>);

impl phy::RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

/// The place for a frame that goes out.
pub(crate) struct Outgoing<'a>(&'a mut Vec<Frame>);

impl phy::TxToken for Outgoing<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, fill: F) -> R {
        let mut frame = vec![0; len];
        let result = fill(&mut frame);
        self.0.push(Frame::new(frame));
        result
    }
}

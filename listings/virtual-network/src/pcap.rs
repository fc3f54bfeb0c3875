//! Frames in a file that packet analysers read: pcap, the format of libpcap
//! (<https://www.tcpdump.org/manpages/pcap-savefile.5.html>), with
//! microseconds.

use std::io::{self, Write};
use std::time::Duration;

use crate::event::{Event, Fate};
use crate::frame::Frame;
use crate::id::NodeId;
use crate::network::Network;

/// The first four bytes of a file whose times are in microseconds.
const MAGIC: u32 = 0xa1b2_c3d4;
/// The longest frame that the file may hold, in bytes.
const SNAP_LEN: u32 = 262_144;
/// Frames with Ethernet headers.
const LINKTYPE_ETHERNET: u32 = 1;

impl Network {
    /// Writes every frame that was put on a link, in that order: lost frames
    /// too, and a frame that crosses two links twice.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_pcap(&self, to: impl Write) -> io::Result<()> {
        let frames = self.events.iter().map(|event| (event.time, &event.frame));
        write(to, frames.collect())
    }

    /// Writes what one node would capture: the frames that it sent, when it
    /// sent them (also those that were lost on the way), and those that came
    /// to it, when they came.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_pcap_of(
        &self,
        node: impl Into<NodeId>,
        to: impl Write,
    ) -> io::Result<()> {
        let node = node.into();
        let seen = |event: &Event| match event.fate {
            // A copy is made by the link.
            _ if event.from == node && !event.copy => Some(event.time),
            Fate::Delivered { at } if event.to == node => Some(at),
            _ => None,
        };
        let mut frames: Vec<_> = self
            .events
            .iter()
            .filter_map(|event| Some((seen(event)?, &event.frame)))
            .collect();
        frames.sort_by_key(|&(time, _)| time);
        write(to, frames)
    }
}

fn write(
    mut to: impl Write,
    frames: Vec<(Duration, &Frame)>,
) -> io::Result<()> {
    // Version 2.4; time zone and accuracy are 0 in every file.
    to.write_all(&MAGIC.to_le_bytes())?;
    to.write_all(&2_u16.to_le_bytes())?;
    to.write_all(&4_u16.to_le_bytes())?;
    for word in [0, 0, SNAP_LEN, LINKTYPE_ETHERNET] {
        to.write_all(&u32::to_le_bytes(word))?;
    }
    for (time, frame) in frames {
        let bytes = frame.bytes();
        let len = bytes.len() as u32;
        let seconds = time.as_secs() as u32;
        for word in [seconds, time.subsec_micros(), len, len] {
            to.write_all(&word.to_le_bytes())?;
        }
        to.write_all(bytes)?;
    }
    to.flush()
}

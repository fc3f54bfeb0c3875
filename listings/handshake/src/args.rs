//! What the command line asks for, and the loss that it asks for.
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::{env, io, sync::Arc};

use anyhow::Context;
use virtual_network::{Frame, HostId, Impairment, LinkId, Network};

/// `[--lose N] [PCAP]`
#[derive(Default)]
pub struct Args {
    /// Which segment to lose; the first is 1.
    pub lose: Option<u32>,
    /// The file for the packets.
    pub pcap: Option<PathBuf>,
}

impl Args {
    /// Reads the program's arguments.
    pub fn read() -> anyhow::Result<Self> {
        let mut args = Self::default();
        let mut rest = env::args().skip(1);
        while let Some(arg) = rest.next() {
            if arg == "--lose" {
                let n = rest.next().context("--lose needs a number")?;
                let n = n.parse().ok().filter(|&n| n > 0);
                args.lose = Some(n.context("--lose needs a number from 1")?);
            } else if arg.starts_with('-') || args.pcap.is_some() {
                anyhow::bail!("{arg} is not understood: [--lose N] [PCAP]");
            } else {
                args.pcap = Some(arg.into());
            }
        }
        Ok(args)
    }
}

/// Loses the `n`-th segment on the link, counted over both directions.
pub fn lose(
    net: &mut Network,
    link: LinkId,
    ends: [HostId; 2],
    n: u32,
) -> io::Result<()> {
    let count = Arc::new(AtomicU32::new(0));
    for from in ends {
        let count = count.clone();
        let is_nth = move |frame: &Frame| {
            frame.tcp().is_some() && count.fetch_add(1, Relaxed) + 1 == n
        };
        net.impair(link, from, Impairment::lose().of(is_nth))?;
    }
    Ok(())
}

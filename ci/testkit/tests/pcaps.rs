//! The listings on the virtual network write their packets into a file. An
//! independent reader, Wireshark's `tshark`, finds nothing wrong with any, and
//! sees the flags, numbers and addresses that the listing has printed.

mod pcaps {
    pub mod packets;
    pub mod printed;
}

use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Completion};
use testkit::listing::root;
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};

use crate::pcaps::{packets, printed};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        if !has_packets(&listing.name)? {
            continue;
        }
        let programs = Arc::clone(&programs);
        let name = listing.name.clone();
        trials.push(trial(&listing.name, move || {
            if !packets::tshark_is_there() {
                return Ok(skipped("needs tshark"));
            }
            test(&name, &programs).map(|()| Completion::Completed)
        }));
    }
    ensure!(!trials.is_empty(), "no listing is on the virtual network");
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// Whether the listing runs on the virtual network.
fn has_packets(listing: &str) -> anyhow::Result<bool> {
    let manifest = root().join("listings").join(listing).join("Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(manifest)?.parse()?;
    let dependencies = manifest.get("dependencies");
    Ok(dependencies.is_some_and(|it| it.get("virtual-network").is_some()))
}

fn test(listing: &str, programs: &Programs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("packets.pcap");
    // It ends by itself: its time is simulated.
    let output = Command::new(programs.binary(listing)?)
        .arg(&file)
        .stdin(Stdio::null())
        .output()?;
    ensure!(output.status.success(), "{listing} failed: {output:?}");

    let wrong = packets::wrong(&file)?;
    ensure!(wrong.is_empty(), "tshark finds fault with\n{wrong}");

    let mut seen = packets::read(&file).context("cannot read what it saw")?;
    ensure!(!seen.is_empty(), "the file holds no packet");
    for line in String::from_utf8(output.stdout)?.lines() {
        let Some(said) = printed::read(line) else { continue };
        // Each packet counts for one line.
        let at = seen.iter().position(|packet| said.is(packet));
        let at = at.with_context(|| format!("tshark does not see `{line}`"))?;
        seen.swap_remove(at);
    }
    Ok(())
}

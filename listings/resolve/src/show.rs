//! Prints a DNS message piece by piece (RFC 1035, section 4.1).
use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::{Context, bail};
use hickory_proto::rr::{DNSClass, RecordType};

/// Prints the bytes of a message, each piece with what it means.
///
/// # Errors
///
/// If the message ends too soon, or has more than questions and answers.
pub fn show(message: &[u8]) -> anyhow::Result<()> {
    let mut bytes = Bytes { rest: message };
    bytes.number(|_| "ID".to_owned())?;
    bytes.number(flags)?;
    let questions = bytes.number(|n| format!("questions: {n}"))?;
    let answers = bytes.number(|n| format!("answers: {n}"))?;
    bytes.number(|n| format!("authority records: {n}"))?;
    bytes.number(|n| format!("additional records: {n}"))?;
    for _ in 0..questions {
        bytes.name_type_class()?;
    }
    for _ in 0..answers {
        bytes.name_type_class()?;
        bytes.take(4, |ttl| {
            let seconds = ttl.iter().fold(0, |n, &b| n << 8 | u32::from(b));
            format!("TTL: {seconds} seconds")
        })?;
        let length = bytes.number(|n| format!("{n} bytes of data"))?;
        bytes.take(length.into(), data)?;
    }
    if !bytes.rest.is_empty() {
        bail!("{} more bytes, which we cannot read", bytes.rest.len());
    }
    Ok(())
}

/// What is not printed yet.
struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// Takes `n` bytes, and prints them with what they mean.
    fn take(
        &mut self,
        n: usize,
        meaning: impl FnOnce(&[u8]) -> String,
    ) -> anyhow::Result<&'a [u8]> {
        let (piece, rest) =
            self.rest.split_at_checked(n).context("it ends too soon")?;
        self.rest = rest;
        let hex: Vec<_> = piece.iter().map(|b| format!("{b:02x}")).collect();
        println!("  {:<24} {}", hex.join(" "), meaning(piece));
        Ok(piece)
    }

    /// Takes a number of two bytes, the highest first.
    fn number(
        &mut self,
        meaning: impl FnOnce(u16) -> String,
    ) -> anyhow::Result<u16> {
        let mut number = 0;
        self.take(2, |piece| {
            number = piece.iter().fold(0, |n, &b| n << 8 | u16::from(b));
            meaning(number)
        })?;
        Ok(number)
    }

    fn name_type_class(&mut self) -> anyhow::Result<()> {
        loop {
            match self.rest.first().copied().context("it ends too soon")? {
                0 => {
                    self.take(1, |_| "no more labels".to_owned())?;
                    break;
                }
                n @ 1..=63 => {
                    self.take(1 + usize::from(n), |label| {
                        let text = String::from_utf8_lossy(&label[1..]);
                        format!("a label of {n}: {text:?}")
                    })?;
                }
                0b1100_0000.. => {
                    // Fourteen bits are left: a place in this message.
                    self.number(|n| {
                        format!("the name at byte {}", n & 0x3fff)
                    })?;
                    break;
                }
                n => bail!("no label begins with {n:02x}"),
            }
        }
        self.number(|n| format!("type {n}: {}", RecordType::from(n)))?;
        self.number(|n| format!("class {n}: {}", DNSClass::from(n)))?;
        Ok(())
    }
}

/// The second two bytes of the header.
fn flags(bits: u16) -> String {
    let mut words = vec![match bits & 0x8000 {
        0 => "query",
        _ => "response",
    }];
    for (bit, word) in [
        (0x0400, "authoritative"),
        (0x0200, "truncated"),
        (0x0100, "recursion desired"),
        (0x0080, "recursion available"),
    ] {
        if bits & bit != 0 {
            words.push(word);
        }
    }
    match bits & 0x000f {
        0 => words.join(", "),
        code => format!("{}, error {code}", words.join(", ")),
    }
}

/// An address, if it has the length of one.
fn data(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        Ipv4Addr::from(four).to_string()
    } else if let Ok(sixteen) = <[u8; 16]>::try_from(bytes) {
        Ipv6Addr::from(sixteen).to_string()
    } else {
        "data".to_owned()
    }
}

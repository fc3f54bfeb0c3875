//! One number as bytes in both orders, the same bytes as two numbers, and a
//! struct whose memory is not what should be sent.
use std::mem::{offset_of, size_of};

fn main() -> anyhow::Result<()> {
    // ANCHOR: out
    println!("-- the number 500 as four bytes");
    let number: u32 = 500;
    println!("big-endian     {:02x?}", number.to_be_bytes());
    println!("little-endian  {:02x?}", number.to_le_bytes());
    println!("in this memory {:02x?}", number.to_ne_bytes());
    // ANCHOR_END: out

    // ANCHOR: back
    println!("-- the same four bytes, read both ways");
    let bytes = [0, 0, 1, 0xf4];
    println!("big-endian     {}", u32::from_be_bytes(bytes));
    println!("little-endian  {}", u32::from_le_bytes(bytes));
    // ANCHOR_END: back

    // ANCHOR: memory
    println!("-- a struct of five bytes, in memory");
    println!("size           {} bytes", size_of::<Reading>());
    println!("sensor         at {}", offset_of!(Reading, sensor));
    println!("value          at {}", offset_of!(Reading, value));
    // ANCHOR_END: memory

    // ANCHOR: fields
    println!("-- the same struct, field by field");
    let reading = Reading { sensor: 7, value: 500 };
    let bytes = reading.to_bytes();
    println!("sent           {bytes:02x?}");
    println!("received       {:?}", Reading::from_bytes(bytes));
    // ANCHOR_END: fields
    Ok(())
}

// ANCHOR: reading
/// What a sensor has measured.
#[derive(Debug)]
#[repr(C)] // laid out as C does it: the fields in this order
struct Reading {
    sensor: u8,
    value: u32,
}

impl Reading {
    /// Five bytes: the sensor, then the value, its highest byte first.
    fn to_bytes(&self) -> [u8; 5] {
        let [a, b, c, d] = self.value.to_be_bytes();
        [self.sensor, a, b, c, d]
    }

    fn from_bytes([sensor, a, b, c, d]: [u8; 5]) -> Reading {
        Reading { sensor, value: u32::from_be_bytes([a, b, c, d]) }
    }
}
// ANCHOR_END: reading

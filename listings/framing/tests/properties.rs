//! Properties of the decoder, each tried with 10,000 cases for each framing.
//! A case that fails is made smaller, and then printed.
mod check;

use check::{any_bytes, cut, decode};
use framing::{FrameError, Framing};
use proptest::collection::vec;
use proptest::prelude::*;

const FRAMINGS: [Framing; 2] = [Framing::LengthFirst, Framing::Lines];

/// A piece of a stream. Among bytes without order hardly a message is found.
#[derive(Clone, Debug)]
enum Part {
    Message(String),
    Bytes(Vec<u8>),
}

fn part() -> impl Strategy<Value = Part> {
    let byte = prop_oneof![
        any::<u8>(),
        Just(0),
        Just(b'\r'),
        Just(b'\n'),
        0_u8..9,
        Just(0xe4), // begins a character of three bytes
    ];
    prop_oneof![
        "[a-z你好\r]{0,6}".prop_map(Part::Message),
        vec(byte, 0..8).prop_map(Part::Bytes),
    ]
}

fn stream(framing: Framing, parts: &[Part]) -> Vec<u8> {
    let bytes = parts.iter().flat_map(|part| match part {
        Part::Message(text) => framing.encode(text, 100).expect("one line"),
        Part::Bytes(bytes) => bytes.clone(),
    });
    bytes.collect()
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// Never a panic, never more memory than allowed, the same messages and
    /// the same error however the stream is cut, and an error is final.
    #[test]
    fn any_stream_cut_anyhow(
        parts in vec(part(), 0..8),
        limit in 0_usize..24,
        sizes in vec(0_u8..12, 0..12),
    ) {
        for framing in FRAMINGS {
            any_bytes(framing, limit, &stream(framing, &parts), &sizes);
        }
    }

    /// The same for bytes without any order.
    #[test]
    fn any_bytes_at_all(
        bytes in vec(any::<u8>(), 0..64),
        limit in any::<usize>().prop_map(|limit| limit >> 2),
        sizes in vec(0_u8..12, 0..12),
    ) {
        for framing in FRAMINGS {
            any_bytes(framing, limit, &bytes, &sizes);
        }
    }

    // ANCHOR: encode_then_decode
    /// What is sent arrives, however it is cut.
    #[test]
    fn encode_then_decode(
        texts in vec("[^\n]{0,6}", 0..6),
        sizes in vec(0_u8..12, 0..12),
    ) {
        let limit = texts.iter().map(String::len).max().unwrap_or(0);
        for framing in FRAMINGS {
            let mut bytes = Vec::new();
            for text in &texts {
                bytes.extend(framing.encode(text, limit).expect("one line"));
            }
            let received = decode(framing, limit, &cut(&bytes, &sizes));
            prop_assert_eq!(received, (texts.clone(), Ok(())));
        }
    }
    // ANCHOR_END: encode_then_decode

    /// A stream that ends early gives the messages that are whole, and is
    /// whole itself only if it ends between two.
    #[test]
    fn an_early_end(
        texts in vec("[a-z你好]{0,4}", 1..4),
        keep in any::<prop::sample::Index>(),
    ) {
        for framing in FRAMINGS {
            let mut bytes = Vec::new();
            let mut ends = vec![0];
            for text in &texts {
                bytes.extend(framing.encode(text, 100).expect("one line"));
                ends.push(bytes.len());
            }
            let kept = keep.index(bytes.len());
            let whole = ends.iter().filter(|&&end| end <= kept).count() - 1;
            let after = kept - ends[whole];
            let end = match after {
                0 => Ok(()),
                _ => Err(FrameError::Cut { after }),
            };
            let received = decode(framing, 100, &[&bytes[..kept]]);
            prop_assert_eq!(received, (texts[..whole].to_vec(), end));
        }
    }
}

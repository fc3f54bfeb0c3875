//! What holds for every stream of bytes. The property tests call this, and so
//! do the fuzz targets in `ci/fuzz`.
use framing::{Decoder, FrameError, Framing, HEADER};

/// The messages of a stream, and what its end meant.
pub type Outcome = (Vec<String>, Result<(), FrameError>);

/// Decodes the pieces, one after the other.
///
/// # Panics
///
/// If the buffer has room for more than the documentation says, or if the
/// decoder goes on after an error.
pub fn decode(framing: Framing, limit: usize, pieces: &[&[u8]]) -> Outcome {
    let mut decoder = Decoder::new(framing, limit);
    let mut messages = Vec::new();
    let longest = pieces.iter().map(|piece| piece.len()).max().unwrap_or(0);
    for piece in pieces {
        decoder.push(piece);
        let room = decoder.capacity();
        assert!(room <= limit + HEADER + longest, "room for {room} bytes");
        loop {
            match decoder.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    is_final(&mut decoder, error);
                    break;
                }
            }
        }
    }
    (messages, decoder.end())
}

/// After an error: the same again, whatever comes, and nothing is kept.
fn is_final(decoder: &mut Decoder, error: FrameError) {
    decoder.push(b"\0\0\0\x02ok\nok\n");
    assert_eq!(decoder.next_message(), Err(error));
    assert_eq!(decoder.end(), Err(error));
    assert_eq!(decoder.capacity(), 0);
}

/// Cuts the stream into pieces of these sizes, in turn.
pub fn cut<'a>(stream: &'a [u8], sizes: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = stream;
    for &size in sizes {
        let (piece, behind) = rest.split_at(rest.len().min(size.into()));
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

/// Any bytes, cut anyhow: the same messages and the same end as in one piece,
/// and the messages, sent again, arrive.
///
/// # Panics
///
/// If it is not so.
pub fn any_bytes(framing: Framing, limit: usize, stream: &[u8], sizes: &[u8]) {
    let whole = decode(framing, limit, &[stream]);
    assert_eq!(decode(framing, limit, &cut(stream, sizes)), whole, "cut");
    let bytes: Vec<_> = stream.chunks(1).collect();
    assert_eq!(decode(framing, limit, &bytes), whole, "byte by byte");

    let mut again = Vec::new();
    for message in &whole.0 {
        let frame = framing.encode(message, limit);
        again.extend(frame.expect("what was received can be sent"));
    }
    let expected = (whole.0, Ok(()));
    assert_eq!(decode(framing, limit, &[&again]), expected, "sent again");
}

//! Streams whose meaning is written down here, one by one.
mod check;

use std::time::{Duration, Instant};

use check::{any_bytes, decode};
use framing::{Decoder, FrameError, Framing};

/// A stream, its messages, and what its end means.
type Case = (&'static [u8], &'static [&'static str], Result<(), FrameError>);

/// What a stream means where messages have at most five bytes.
fn meaning(framing: Framing, stream: &[u8]) -> check::Outcome {
    any_bytes(framing, 5, stream, &[2; 20]);
    decode(framing, 5, &[stream])
}

#[test]
fn lengths() {
    let cut = |after| Err(FrameError::Cut { after });
    let long = |length| Err(FrameError::TooLong { length, limit: 5 });
    let cases: [Case; 9] = [
        (b"", &[], Ok(())),
        (b"\0", &[], cut(1)),
        (b"\0\0\0\x02", &[], cut(4)),
        (b"\0\0\0\x02h", &[], cut(5)),
        (b"\0\0\0\x02hi", &["hi"], Ok(())),
        (b"\0\0\0\0\0\0\0\x05hello", &["", "hello"], Ok(())),
        (b"\0\0\0\x02hi\0\0\0\x06hello!", &["hi"], long(6)),
        (b"\xff\xff\xff\xff", &[], long(0xffff_ffff)),
        (b"GET / HTTP/1.0\r\n", &[], long(1_195_725_856)),
    ];
    for (stream, messages, end) in cases {
        let messages = messages.iter().map(ToString::to_string).collect();
        assert_eq!(meaning(Framing::LengthFirst, stream), (messages, end));
    }
}

#[test]
fn lines() {
    let cut = |after| Err(FrameError::Cut { after });
    let long = Err(FrameError::NoLineEnd { limit: 5 });
    let cases: [Case; 12] = [
        (b"", &[], Ok(())),
        (b"hi", &[], cut(2)),
        (b"hi\r", &[], cut(3)),
        (b"hi\n", &["hi"], Ok(())),
        (b"hi\r\n", &["hi"], Ok(())),
        (b"\n\r\n\n", &["", "", ""], Ok(())),
        (b"h\ri\r\r\n", &["h\ri\r"], Ok(())),
        (b"hello\nhello\r\n", &["hello", "hello"], Ok(())),
        (b"hello\r", &[], cut(6)),
        (b"hello!\n", &[], long),
        (b"hello!\r\n", &[], long),
        (b"hello!!", &[], long),
    ];
    for (stream, messages, end) in cases {
        let messages = messages.iter().map(ToString::to_string).collect();
        assert_eq!(meaning(Framing::Lines, stream), (messages, end));
    }
}

#[test]
fn a_message_is_checked_as_a_whole() {
    for (framing, stream) in [
        (Framing::LengthFirst, &b"\0\0\0\x04\xe4\xbd\xa0\xe5"[..]),
        (Framing::Lines, &b"\xe4\xbd\xa0\xe5\n"[..]),
    ] {
        let (messages, end) = meaning(framing, stream);
        assert!(messages.is_empty());
        assert!(matches!(end, Err(FrameError::NotUtf8(_))), "{end:?}");
    }
}

#[test]
fn what_cannot_be_sent() {
    let long = Err(FrameError::TooLong { length: 6, limit: 5 });
    for framing in [Framing::LengthFirst, Framing::Lines] {
        assert_eq!(framing.encode("hello!", 5), long);
    }
    assert_eq!(Framing::Lines.encode("a\nb", 5), Err(FrameError::LineEnd));
}

/// A megabyte, one byte at a time. Whoever looks at the old bytes again each
/// time needs many minutes; whoever makes room for one byte each time may
/// have to move them all.
#[test]
fn a_long_message_in_small_pieces() -> Result<(), FrameError> {
    const LENGTH: usize = 1 << 20;
    let text = "a".repeat(LENGTH);
    let deadline = Instant::now() + Duration::from_secs(60);
    for framing in [Framing::LengthFirst, Framing::Lines] {
        let mut decoder = Decoder::new(framing, LENGTH);
        let (mut messages, mut growths, mut room) = (0, 0, 0);
        for byte in framing.encode(&text, LENGTH)?.chunks(1) {
            decoder.push(byte);
            growths += usize::from(decoder.capacity() > room);
            room = decoder.capacity();
            messages += usize::from(decoder.next_message()?.is_some());
            assert!(Instant::now() < deadline, "{framing:?} takes for ever");
        }
        assert_eq!((messages, decoder.end()), (1, Ok(())));
        assert!(growths <= 22, "{framing:?} grew {growths} times");
    }
    Ok(())
}

/// Many messages in one piece: none that is taken moves the others.
#[test]
fn the_rest_stays_where_it_is() -> Result<(), FrameError> {
    for framing in [Framing::LengthFirst, Framing::Lines] {
        let frame = framing.encode("hello", 5)?;
        let mut decoder = Decoder::new(framing, 5);
        decoder.push(&frame.repeat(1000));
        let end = decoder.pending().as_ptr_range().end;
        for _ in 0..1000 {
            assert_eq!(decoder.next_message()?.as_deref(), Some("hello"));
            assert_eq!(decoder.pending().as_ptr_range().end, end);
        }
        assert_eq!(decoder.next_message(), Ok(None));
    }
    Ok(())
}

#[test]
fn errors_say_what_is_wrong() {
    let said = |stream| match meaning(Framing::LengthFirst, stream).1 {
        Ok(()) => "nothing".to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(said(b"\0\0\0\x06"), "6 bytes are more than 5");
    assert_eq!(
        said(b"\0\0\0\x01\xff"),
        "not UTF-8: invalid utf-8 sequence of 1 bytes from index 0"
    );
    assert_eq!(
        said(b"\0\0\0\x01"),
        "the stream ended inside a message, after 4 bytes"
    );
}

//! One test for each Rust program in the text, named for its chapter, its
//! heading and its line in the expanded text.
include!(concat!(env!("OUT_DIR"), "/skeptic-tests.rs"));

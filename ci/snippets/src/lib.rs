//! The tests of this crate are the Rust programs that stand in the chapters of
//! the book. Its build script expands the chapters as mdBook does, and skeptic
//! makes a test of each program.

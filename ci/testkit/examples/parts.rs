//! Prints two parts, each with its head: a demo for the transcripts' own
//! tests.

fn main() {
    println!("-- first\na\n-- second\nb");
}

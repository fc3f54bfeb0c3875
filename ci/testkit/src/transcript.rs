//! Transcripts: recorded dialogues, which the book shows and the tests play
//! again.
//!
//! `listings/NAME/transcript.txt` holds what a reader types, and what the
//! programs answer; a listing with more to show has `transcript-TITLE.txt`
//! too. A dialogue in one terminal:
//!
//! ```text
//! # ANCHOR: hello
//! $ cargo run -p first-client -- 127.0.0.1:8989
//! connected to 127.0.0.1:8989
//! > hello
//! received "hello"
//! ^D
//! # ANCHOR_END: hello
//! ```
//!
//! With several terminals every line has the number of its terminal in front,
//! and two spaces before output; an empty line of output is the digit alone:
//!
//! ```text
//! 1$ cargo run -p first-server
//! 1  listening on 127.0.0.1:8989
//! 2$ cargo run -p first-client
//! 1  127.0.0.1:50001 came
//! 1^C
//! ```
//!
//! - `$ ` starts a program: `cargo run -p NAME [-- ARG…]`, or
//!   `python3 listings/NAME/FILE.py [ARG…]`, from the repository's root. No
//!   quotes: words are split at spaces. The terminal's program before it must
//!   have ended.
//! - `> ` types a line, `^D` ends the input, `^C` ends the program: SIGINT on
//!   Unix; on Windows, where it cannot be sent to one program, a kill, and
//!   what the program would print after it is not expected.
//! - `[exit code 1]` is the last line of a program that failed, and
//!   `[ended by signal 6]` of one that was killed. After `^C` neither is
//!   written.
//! - `# ANCHOR: name` and `# ANCHOR_END: name` do nothing here. They stand
//!   before an action, or before the head of a part, a line of output that
//!   begins with `-- `, or at the end of the file: so they keep their place
//!   when the output is recorded anew.
//!
//! An action is done only when all output above it was seen: that is how a
//! transcript shows order without a clock. At the end of the file every
//! program must have ended, and all its output must stand there.
//!
//! # Addresses
//!
//! The address 127.0.0.1:8989 stands for a free port that each run picks. The
//! first program of a listing of kind `server` gets `127.0.0.1:0` where the
//! file gives it no argument or the default address; servers and clients
//! after it get the address that its ready line tells. A client that comes
//! before any server gets an address where nobody listens. (Let no client come
//! after the server has ended: somebody else may have its port by then.) In
//! all output the real address is written as the default one. (A Python program is of the
//! kind of the listing in whose folder it lies.)
//!
//! Other ports of loopback addresses, process ids and times differ between
//! runs, and are compared by [`Normaliser`]'s placeholders.

mod file;
mod grammar;
mod normal;
mod play;
mod record;
mod script;
mod stage;

pub use file::File;
pub use normal::Normaliser;
pub use play::play;
pub use record::record;
pub use script::{Action, CommandLine, Program, Script, Step, What};

use anyhow::Context;

use crate::programs::Programs;
use crate::python;

/// What this machine lacks to play the script: `needs Linux`, `needs user
/// namespaces`. `None` if it lacks nothing.
///
/// # Errors
///
/// Where the script names a listing that does not exist.
pub fn lacks(
    script: &Script,
    programs: &Programs,
) -> anyhow::Result<Option<String>> {
    for (line, command) in script.commands() {
        let listing = programs
            .listing(&command.listing)
            .with_context(|| script.at(line))?;
        if let Some(lack) = listing.metadata.lack() {
            return Ok(Some(lack));
        }
        if let Program::Python(_) = command.program
            && python::interpreter().is_none()
        {
            return Ok(Some("needs Python 3".to_owned()));
        }
    }
    Ok(None)
}

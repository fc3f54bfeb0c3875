//! A client that takes all the attention it gets.

use super::Subject;

/// One client sends without end, and reads all that comes back; the others are
/// served meanwhile.
pub fn loud(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| bad_peers::loud(&subject.target(server)))
}

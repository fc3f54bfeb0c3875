//! A client that has said all it has to say, and still listens.

use super::Subject;

/// Every byte comes back to it, then the end of the stream.
pub fn half_close(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| bad_peers::half_close(&subject.target(server)))
}

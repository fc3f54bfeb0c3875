//! What mdBook only logs, caught.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Interest, with_default};
use tracing::{Event, Metadata, Subscriber};

/// Runs `work`, and returns with its result the texts of all that it logs on
/// this thread at the levels WARN and ERROR.
pub(super) fn during<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let log = Log::default();
    let caught = Arc::clone(&log.warnings);
    let result = with_default(log, work);
    let mut caught = caught.lock().unwrap_or_else(PoisonError::into_inner);
    (result, std::mem::take(&mut caught))
}

/// A subscriber that keeps warnings, and ignores spans.
#[derive(Default)]
struct Log {
    warnings: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Log {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        // Asked each time: another thread may have another subscriber.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= LevelFilter::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The text of an event.
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // The message is a `fmt::Arguments`: its Debug is its text.
            self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_and_errors_are_caught_and_nothing_else() {
        let (result, caught) = during(|| {
            tracing::info!("all is well");
            tracing::warn!("an odd {}", "thing");
            tracing::error!("a bad thing");
            7
        });
        assert_eq!(result, 7);
        assert_eq!(caught, ["an odd thing", "a bad thing"]);
    }
}

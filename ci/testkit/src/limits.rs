//! Descriptors, shared out among tests that run beside one another.

use std::sync::{Condvar, Mutex, PoisonError};

pub use bad_peers::raise_descriptors;
use made::thousands;

/// Kept back for what is in nobody's share: pipes to programs, files, threads
/// of the harness.
const RESERVE: usize = 100;

/// How many descriptors of this process are in somebody's share, ...
static TAKEN: Mutex<usize> = Mutex::new(0);

/// ... and who waits until fewer are.
static RETURNED: Condvar = Condvar::new();

/// Descriptors that a test may open. Dropping it gives them back.
#[derive(Debug)]
pub struct Share(usize);

/// Takes a share, and waits until so many are to be had. Who asks for more
/// than there are gets all.
pub fn take_descriptors(number: usize) -> Share {
    let all = most_descriptors();
    let number = number.min(all);
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    while *taken > all - number {
        taken = RETURNED.wait(taken).unwrap_or_else(PoisonError::into_inner);
    }
    *taken += number;
    Share(number)
}

impl Drop for Share {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= self.0;
        RETURNED.notify_all();
    }
}

/// `None` if this process may have so many descriptors, and else a phrase
/// that says what is missing: `needs 10,100 descriptors`. Servers that it
/// starts inherit its limit.
pub fn lack_of_descriptors(number: usize) -> Option<String> {
    lack(number, most_descriptors())
}

fn lack(number: usize, most: usize) -> Option<String> {
    if number <= most {
        return None;
    }
    let words = thousands((number + RESERVE) as u64);
    Some(format!("needs {words} descriptors"))
}

/// How many descriptors there are to be shared out.
fn most_descriptors() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if let Some(current) = getrlimit(Resource::Nofile).current {
            let all = usize::try_from(current).unwrap_or(usize::MAX);
            return all.saturating_sub(RESERVE);
        }
    }
    usize::MAX // no limit, or not of this kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lack_is_named() {
        assert_eq!(lack(150, 150), None);
        let phrase = |number| lack(number, 149).expect("it is more");
        assert_eq!(phrase(150), "needs 250 descriptors");
        assert_eq!(phrase(10_000), "needs 10,100 descriptors");
    }

    #[test]
    fn a_share_comes_back() {
        let before = *TAKEN.lock().expect("no test panics with it");
        let share = take_descriptors(3);
        assert_eq!(*TAKEN.lock().expect("the same"), before + 3);
        drop(share);
        assert_eq!(*TAKEN.lock().expect("the same"), before);
    }
}

//! Swaps one folder for another.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long another program may hold a file of the folder open.
const PATIENCE: Duration = Duration::from_secs(3);

/// Moves the folder `new` to `place`, and what was at `place` to `old`. All
/// three are on one file system. On an error `place` is as it was.
pub(super) fn replace(place: &Path, new: &Path, old: &Path) -> io::Result<()> {
    let replaced = match rename(place, old) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    rename(new, place).inspect_err(|_| {
        if replaced {
            // The first error says more than one from the way back.
            let _ = rename(old, place);
        }
    })
}

/// Renames a folder. Windows refuses while any program, be it the search
/// index, has a file in the folder open, so there it is tried again.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match std::fs::rename(from, to) {
            Err(error)
                if cfg!(windows)
                    && error.kind() == ErrorKind::PermissionDenied
                    && Instant::now() < deadline =>
            {
                sleep(Duration::from_millis(50));
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{create_dir, read_to_string, write};

    #[test]
    fn the_old_folder_stays_if_the_new_one_cannot_come() -> io::Result<()> {
        let scratch = tempfile::tempdir()?;
        let [place, new, old] =
            ["place", "new", "old"].map(|name| scratch.path().join(name));
        create_dir(&place)?;
        write(place.join("page"), "first")?;

        assert!(replace(&place, &new, &old).is_err(), "there is no {new:?}");
        assert_eq!(read_to_string(place.join("page"))?, "first");

        create_dir(&new)?;
        write(new.join("page"), "second")?;
        replace(&place, &new, &old)?;
        assert_eq!(read_to_string(place.join("page"))?, "second");
        assert_eq!(read_to_string(old.join("page"))?, "first");
        Ok(())
    }
}

//! What the programs share that make figures and tables: a file of the
//! repository that a program makes, and how numbers are written there. The
//! program writes a file where it has changed, and a test sees that it has
//! not.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};

/// A file, and what belongs there.
#[derive(Debug)]
pub struct Made {
    /// Where it belongs.
    pub path: PathBuf,
    /// What belongs there.
    pub text: String,
}

impl Made {
    /// Its name, without the folder.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Writes it, if something else stands there. Returns whether it did.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self) -> anyhow::Result<bool> {
        if self.is_there() {
            return Ok(false);
        }
        fs::write(&self.path, &self.text)
            .with_context(|| format!("cannot write {}", self.name()))?;
        Ok(true)
    }

    /// Sees that it stands there; `command` is what would put it there.
    ///
    /// # Errors
    ///
    /// A sentence that names the file and the command.
    pub fn check(&self, command: &str) -> anyhow::Result<()> {
        let name = self.name();
        ensure!(self.is_there(), "{name} is not as it is made: {command}");
        Ok(())
    }

    fn is_there(&self) -> bool {
        // A checkout on Windows may have other ends of lines.
        fs::read_to_string(&self.path)
            .is_ok_and(|text| text.replace("\r\n", "\n") == self.text)
    }
}

/// A number with a comma between the thousands: 1,234,567.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_the_thousands() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn it_is_written_where_it_has_changed() {
        let folder = std::env::temp_dir();
        let name = format!("made-{}.txt", std::process::id());
        let made = |text: &str| Made {
            path: folder.join(&name),
            text: text.to_owned(),
        };
        let (old, new) = (made("a\nb\n"), made("c\n"));
        let error = old.check("do it").expect_err("it is not there");
        let words = format!("{name} is not as it is made: do it");
        assert_eq!(error.to_string(), words);
        assert!(old.write().expect("it can be written"));
        assert!(!old.write().expect("it is there"));
        fs::write(&old.path, "a\r\nb\r\n").expect("it can be written");
        assert!(old.check("do it").is_ok());
        assert!(new.check("do it").is_err());
        fs::remove_file(&old.path).expect("it is there");
    }
}

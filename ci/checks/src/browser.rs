//! Chromium, or one of its kin, without a window.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use testkit::deadline::{PATIENCE, eventually};

/// What it is called on one system or another. On macOS and Windows it is not
/// on the PATH.
const NAMES: [&str; 10] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// The end of every document that a browser prints.
const END: &str = "</html>";

/// The first of the browsers that can show a page.
pub fn find() -> Option<&'static str> {
    static FOUND: OnceLock<Option<&str>> = OnceLock::new();
    // `--version` would not do: Windows opens a window then.
    let shows = |program: &&str| shows_a_page(program).is_ok_and(|shows| shows);
    *FOUND.get_or_init(|| NAMES.into_iter().find(shows))
}

/// Whether the program prints the document of a page in a temporary folder.
fn shows_a_page(program: &str) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let page = folder.path().join("page.html");
    // Only a browser changes the title.
    let script = "document.title = [1, 2].join('+')";
    fs::write(&page, format!("<script>{script}</script>"))?;
    let document = document(program, &page, 3 * PATIENCE)?;
    Ok(document.contains("<title>1+2</title>"))
}

/// The document, as HTML, that the page in `file` has become when it and its
/// frames are loaded. The page may read other files, and reaches no host.
pub fn document(
    program: &str,
    file: &Path,
    patience: Duration,
) -> anyhow::Result<String> {
    let profile = tempfile::tempdir()?;
    let mut command = Command::new(program);
    command
        .args(["--headless", "--dump-dom", "--allow-file-access-from-files"])
        // Neither root nor most containers can have the sandbox. It is for
        // pages that one cannot trust; these are our own.
        .args(["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        // A phone's scrollbars take no room.
        .args(["--hide-scrollbars", "--no-first-run"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-quic"])
        .args(["--disable-background-networking", "--disable-sync"])
        .args(["--disable-component-update", "--disable-extensions"])
        .arg(with_value("--user-data-dir", profile.path()))
        .arg(format!("file:///{}", address(file)));
    document_of(command, patience)
}

/// The path as a part of an address: `a b/c.html` is `a%20b/c.html`, and
/// `C:\x.html` is `C:/x.html`.
pub fn address(path: &Path) -> String {
    const ENCODED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    let parts = path.components().filter_map(|part| match part {
        Component::Prefix(drive) => {
            Some(drive.as_os_str().to_string_lossy().into_owned())
        }
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            Some(utf8_percent_encode(&name, ENCODED).to_string())
        }
        Component::RootDir | Component::CurDir | Component::ParentDir => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn with_value(option: &str, value: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push("=");
    argument.push(value);
    argument
}

/// The document that a browser prints, once it has ended.
fn document_of(
    mut command: Command,
    patience: Duration,
) -> anyhow::Result<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let program = command.get_program().display().to_string();
    let child =
        command.spawn().with_context(|| format!("cannot start {program}"))?;
    let mut browser = Browser(child);
    let stdout = browser.0.stdout.take().context("it has no output")?;

    let (sender, printed) = channel();
    thread::spawn(move || sender.send(read_document(stdout)));
    let document = printed
        .recv_timeout(patience)
        .with_context(|| format!("{program} showed no page in {patience:?}"))?
        .with_context(|| format!("{program} showed no page"))?;
    // It still writes to its profile, which is about to be removed. If it does
    // not end by itself it is killed, and has done what it was started for.
    let has_ended = || Ok(browser.0.try_wait()?.is_some());
    let _ = eventually(PATIENCE, "the browser to end", has_ended);
    Ok(document)
}

/// A running browser. Dropping it kills and reaps it.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        // Either fails only if it has ended and is reaped.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads a document to its end. The output may stay open for longer: the
/// browser's helpers have it too.
fn read_document(output: impl Read) -> anyhow::Result<String> {
    let mut document = String::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        document.push_str(&line);
        document.push('\n');
        if line.ends_with(END) {
            return Ok(document);
        }
    }
    bail!("its output ended before the document")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_shows_no_page_is_named() {
        let page = Path::new("page.html");
        let told = |program| {
            let error = document(program, page, PATIENCE).unwrap_err();
            format!("{error:#}")
        };
        assert_eq!(
            told("cargo"),
            "cargo showed no page: its output ended before the document"
        );
        let missing = told("a-program-that-nobody-has");
        let start = "cannot start a-program-that-nobody-has: ";
        assert!(missing.starts_with(start), "{missing}");
    }

    #[test]
    fn an_address_has_neither_spaces_nor_backslashes() {
        let path = Path::new("a b").join("握-c.html");
        assert_eq!(address(&path), "a%20b/%E6%8F%A1-c.html");
        let path = if cfg!(windows) { r"C:\x.html" } else { "/x.html" };
        let expected = if cfg!(windows) { "C:/x.html" } else { "x.html" };
        assert_eq!(address(Path::new(path)), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_does_not_end_is_given_up() {
        let mut command = Command::new("sleep");
        command.arg("60");
        let patience = Duration::from_millis(10);
        let error = document_of(command, patience).unwrap_err();
        assert_eq!(error.to_string(), "sleep showed no page in 10ms");
    }
}

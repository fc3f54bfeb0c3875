//! As much of HTTP as is needed to ask a server on this machine for a page.
//!
//! In HTTP/1.0 an answer ends with the connection, and comes in one piece (RFC
//! 1945), so that no library is needed to read it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

/// How long the server may be silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body of the page at `path`, which begins with `/`.
///
/// # Errors
///
/// The server cannot be reached, is silent for 10 seconds, or answers with
/// anything but status 200 and the whole page.
pub fn get(address: SocketAddr, path: &str) -> anyhow::Result<String> {
    let answer = ask(address, path)
        .with_context(|| format!("http://{address}{path} is not served"))?;
    body(&answer).with_context(|| format!("http://{address}{path}"))
}

fn ask(address: SocketAddr, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// The body of an answer with status 200.
fn body(answer: &[u8]) -> anyhow::Result<String> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) =
        answer.split_once("\r\n\r\n").context("the answer was cut short")?;
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        bail!("the server answers: {status}");
    }
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let named = name.eq_ignore_ascii_case("content-length");
        named.then(|| value.trim().parse::<usize>().ok())?
    });
    if length.is_some_and(|length| length != body.len()) {
        bail!("the answer was cut short");
    }
    Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn only_a_whole_page_is_one() {
        let error = |answer: &str| {
            body(answer.as_bytes()).expect_err("it is no page").to_string()
        };
        let page = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        assert_eq!(body(page).unwrap(), "hi");
        let short = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhi";
        assert_eq!(error(short), "the answer was cut short");
        assert_eq!(error(""), "the answer was cut short");
        let missing = "HTTP/1.0 404 Not Found\r\n\r\n200";
        assert_eq!(
            error(missing),
            "the server answers: HTTP/1.0 404 Not Found"
        );
    }
}

//! The reader's command: build the book, serve it, open the browser, and
//! rebuild it on each change, until Ctrl-C.

use crate::Problem;
use crate::build::{self, Options, Pages};
use crate::listen::bind;
use crate::path::slashed;
use crate::serve::{Builds, Gate, router};
use crate::watch::Changes;
use anyhow::Context;
use axum::Router;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{self, Display};
use std::io::{Write, stderr, stdout};
use std::path::PathBuf;
use tokio::net::TcpListener;
use tokio::signal::ctrl_c;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

/// What the reader asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder that holds `book.toml`.
    pub root: PathBuf,
    /// The port to listen on; if it is taken, the next free one is used.
    /// 0 lets the system choose.
    pub port: u16,
    /// Open the book in the browser.
    pub open: bool,
    /// Rebuild on each change, and have open pages load anew.
    pub watch: bool,
}

/// Builds the book and serves it on 127.0.0.1 until Ctrl-C.
///
/// # Errors
///
/// The book does not build ([`NotBuilt`]), no port is free, or the system
/// refuses what is needed to watch the files.
pub async fn run(request: &Request) -> anyhow::Result<()> {
    tokio::select! {
        // Ctrl-C comes first, so that it is caught before anything is made
        // that would be left behind.
        biased;
        pressed = ctrl_c() => pressed.context("cannot wait for Ctrl-C"),
        ended = read(request) => ended,
    }
}

/// The work of [`run`], without an end.
async fn read(request: &Request) -> anyhow::Result<()> {
    let root = build::absolute(&request.root).map_err(NotBuilt::from)?;
    let folder = build::build_dir(&root).map_err(NotBuilt::from)?;
    let book = Book {
        root: root.clone(),
        options: Options {
            live_reload: request.watch,
            out: Some(folder.clone()),
        },
        gate: Gate::default(),
    };
    // From here on, so that no change during the first build is missed.
    let changes = match request.watch {
        true => Some(Changes::watch(&root, &folder)?),
        false => None,
    };
    let first = book.build().await??;

    let listener = bind(request.port).await?;
    let url = announce(&listener, request.port)?;
    if request.open {
        tokio::spawn(open_browser(url));
    }
    let gate = Gate::clone(&book.gate);
    let Some(changes) = changes else {
        return serve(listener, router(&folder, gate, None)).await;
    };
    let (done, builds) = watch::channel(first..=first);
    tokio::select! {
        served = serve(listener, router(&folder, gate, Some(builds))) => served,
        rebuilt = rebuild(book, changes, done) => rebuilt,
    }
}

/// A book that is built, and perhaps built again.
#[derive(Clone)]
struct Book {
    root: PathBuf,
    options: Options,
    gate: Gate,
}

impl Book {
    /// Builds the book, on a thread where that holds up no request, and
    /// returns the number of the build. The outer error is a panic.
    async fn build(&self) -> anyhow::Result<Result<u64, NotBuilt>> {
        let book = self.clone();
        spawn_blocking(move || {
            let pages = Pages::render(&book.root, &book.options)?;
            let _shut = book.gate.blocking_write();
            pages.publish().map_err(NotBuilt::from)
        })
        .await
        .context("the build was cut short")
    }
}

/// Builds the book again after each change. If that fails, the last good
/// pages stay.
async fn rebuild(
    book: Book,
    mut changes: Changes,
    done: watch::Sender<Builds>,
) -> anyhow::Result<()> {
    let first = *done.borrow().start();
    loop {
        let changed = changes.next().await?;
        match book.build().await? {
            Ok(number) => {
                done.send_replace(first..=number);
                say(format_args!("built again: {}", Changed(&changed)))?;
            }
            Err(not_built) => {
                writeln!(stderr(), "{not_built}; the last good pages stay")
                    .context(CANNOT_PRINT)?;
            }
        }
    }
}

/// Prints where the book is, and returns that.
fn announce(listener: &TcpListener, wanted: u16) -> anyhow::Result<String> {
    let address = listener
        .local_addr()
        .context("cannot find the address of the server")?;
    let port = address.port();
    if wanted != 0 && port != wanted {
        say(format_args!("port {wanted} is taken, {port} is free"))?;
    }
    let url = format!("http://{address}/");
    say(format_args!("the book is at {url}"))?;
    Ok(url)
}

/// Starts the browser. Where there is none the address has been printed, so
/// that is no error.
async fn open_browser(url: String) {
    let opened = spawn_blocking(|| open::that_detached(url)).await;
    if !matches!(opened, Ok(Ok(()))) {
        let told = "no browser was found here: open the address in one";
        // Without a terminal there is nobody to tell.
        let _ = writeln!(stderr(), "{told}");
    }
}

async fn serve(listener: TcpListener, router: Router) -> anyhow::Result<()> {
    axum::serve(listener, router)
        .await
        .context("cannot serve the book any more")
}

/// Prints a line; unlike `println!`, without a panic if nobody reads.
fn say(line: fmt::Arguments) -> anyhow::Result<()> {
    writeln!(stdout(), "{line}").context(CANNOT_PRINT)
}

const CANNOT_PRINT: &str = "cannot print";

/// The files of a change, as many as a line has room for.
struct Changed<'a>(&'a BTreeSet<PathBuf>);

impl Display for Changed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut files = self.0.iter();
        if let Some(file) = files.next() {
            write!(f, "{} has changed", slashed(file))?;
        }
        match files.len() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

/// The book has problems, so its pages are not replaced.
#[derive(Debug)]
pub struct NotBuilt(pub Vec<Problem>);

impl From<Vec<Problem>> for NotBuilt {
    fn from(problems: Vec<Problem>) -> NotBuilt {
        NotBuilt(problems)
    }
}

impl From<Problem> for NotBuilt {
    fn from(problem: Problem) -> NotBuilt {
        NotBuilt(vec![problem])
    }
}

impl Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "the book is not built: 1 problem"),
            many => write!(f, "the book is not built: {many} problems"),
        }
    }
}

impl Error for NotBuilt {}

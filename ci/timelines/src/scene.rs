//! The scene: what two clients do to a server, one thing after another. Before
//! each act the server has come to rest; so it is known which calls an act has
//! caused, and no act meets a server that is still busy with the one before.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;
use testkit::deadline::PATIENCE;
use testkit::process::{Ear, Heard, Process};
use testkit::programs::Programs;
use testkit::server::ready_addr;

use crate::models::{Manner, Model};
use crate::timeline::{Act, Client, What};
use crate::watch::{Calls, child_of};

/// How fast the scene is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// At the times of the picture.
    Timed,
    /// Each act comes as soon as the server is at rest.
    AtOnce,
}

/// A scene that is over.
pub(crate) struct Played {
    /// What the tracer has written.
    pub(crate) calls: String,
    /// How many lines of it there were before the first act, before the
    /// second, and so on, and at the end.
    pub(crate) cuts: Vec<usize>,
    pub(crate) acts: Vec<Act>,
    /// The addresses of A and of B.
    pub(crate) addrs: Vec<(Client, SocketAddr)>,
    pub(crate) end: u64,
}

/// Plays the scene.
pub(crate) fn play(
    model: &Model,
    programs: &Programs,
    pace: Pace,
) -> anyhow::Result<Played> {
    let mut stage = Stage::new(model, programs, pace)?;
    let played = stage.play();
    // What the tracer says against it stands in no other place.
    played.with_context(|| stage.complaint())
}

struct Stage {
    manner: Manner,
    pace: Pace,
    tracer: Process,
    /// The server's process.
    pid: u32,
    addr: SocketAddr,
    calls: Calls,
    folder: TempDir,
    start: Instant,
    cuts: Vec<usize>,
    acts: Vec<Act>,
}

struct Guest {
    name: Client,
    stream: TcpStream,
    addr: SocketAddr,
}

impl Stage {
    fn new(
        model: &Model,
        programs: &Programs,
        pace: Pace,
    ) -> anyhow::Result<Stage> {
        let folder = tempfile::tempdir()?;
        // The tracer's own lines go elsewhere: the server's are read.
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "errors=$1; shift; exec \"$@\" 2> \"$errors\"", "sh"])
            .arg(folder.path().join("errors"))
            .arg(programs.binary("trace")?)
            .arg("--all")
            .arg("--json")
            .arg(folder.path().join("calls"))
            .arg(programs.binary(model.listing)?)
            .arg("127.0.0.1:0")
            .args(model.args);
        let mut tracer = Process::start(command, Ear::Both)?;
        let addr = match tracer.hear(PATIENCE) {
            Heard::Line(line) => ready_addr(&line.text),
            _ => None,
        };
        let Some(addr) = addr else {
            let file = folder.path().join("errors");
            bail!("the server is not ready: {}", last_line(file));
        };
        Ok(Stage {
            manner: model.manner,
            pace,
            pid: child_of(tracer.pid())?,
            tracer,
            addr,
            calls: Calls::new(&folder.path().join("calls"))?,
            folder,
            start: Instant::now(),
            cuts: Vec::new(),
            acts: Vec::new(),
        })
    }

    fn play(&mut self) -> anyhow::Result<Played> {
        self.rest()?;
        self.start = Instant::now();
        let (a, b);
        if self.manner == Manner::ServesOne {
            // B is there, and has spoken, and nobody answers.
            a = self.comes(60, Client::A, true)?;
            b = self.comes(140, Client::B, false)?;
            let question = self.speaks(210, &b, "hello")?;
            self.rest()?;
            self.asks(360, &a, "hi")?;
            self.leaves(430, &a)?;
            self.hears(&format!("{} came", b.addr))?;
            self.answered(question, &b, "hello")?;
            self.rest()?;
            self.asks(475, &b, "again")?;
        } else {
            a = self.comes(60, Client::A, true)?;
            b = self.comes(140, Client::B, true)?;
            self.asks(210, &b, "hello")?;
            self.asks(285, &b, "again")?;
            self.asks(360, &a, "hi")?;
            self.leaves(430, &a)?;
            self.rest()?;
        }
        self.leaves(545, &b)?;
        self.rest()?;
        self.wait_until(600);
        let end = self.now();
        self.tracer.interrupt()?;
        self.tracer.wait(PATIENCE)?;
        Ok(Played {
            calls: fs::read_to_string(self.folder.path().join("calls"))?,
            cuts: self.cuts.clone(),
            acts: self.acts.clone(),
            addrs: vec![(Client::A, a.addr), (Client::B, b.addr)],
            end,
        })
    }

    /// Connects, and waits until the server has said so, if it will.
    fn comes(
        &mut self,
        millis: u64,
        name: Client,
        is_let_in: bool,
    ) -> anyhow::Result<Guest> {
        self.begin(millis, name, What::Comes);
        let stream = TcpStream::connect(self.addr)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let addr = stream.local_addr()?;
        if is_let_in {
            self.hears(&format!("{addr} came"))?;
        }
        self.rest()?;
        Ok(Guest { name, stream, addr })
    }

    /// Sends a message. Returns the place of the act.
    fn speaks(
        &mut self,
        millis: u64,
        guest: &Guest,
        message: &str,
    ) -> anyhow::Result<usize> {
        self.begin(millis, guest.name, What::Speaks);
        (&guest.stream).write_all(message.as_bytes())?;
        Ok(self.acts.len() - 1)
    }

    fn answered(
        &mut self,
        act: usize,
        guest: &Guest,
        message: &str,
    ) -> anyhow::Result<()> {
        let mut answer = vec![0; message.len()];
        (&guest.stream)
            .read_exact(&mut answer)
            .with_context(|| format!("{} gets no answer", guest.name))?;
        self.acts[act].answered = Some(self.now());
        ensure!(answer == message.as_bytes(), "{} gets another", guest.name);
        Ok(())
    }

    /// Sends a message, and waits for the answer.
    fn asks(
        &mut self,
        millis: u64,
        guest: &Guest,
        message: &str,
    ) -> anyhow::Result<()> {
        let act = self.speaks(millis, guest, message)?;
        self.answered(act, guest, message)?;
        self.rest()
    }

    /// Says that it will send no more, and waits until the server has closed
    /// the connection, and has said so.
    fn leaves(&mut self, millis: u64, guest: &Guest) -> anyhow::Result<()> {
        self.begin(millis, guest.name, What::Leaves);
        guest.stream.shutdown(Shutdown::Write)?;
        let rest = (&guest.stream)
            .read(&mut [0])
            .with_context(|| format!("{} waits for the end", guest.name))?;
        ensure!(rest == 0, "{} gets more than it has sent", guest.name);
        self.hears(&format!("{} left", guest.addr))
    }

    fn begin(&mut self, millis: u64, client: Client, does: What) {
        self.wait_until(millis);
        let at = self.now();
        self.acts.push(Act { client, does, at, answered: None });
    }

    /// For the picture; nothing depends on it.
    fn wait_until(&self, millis: u64) {
        if self.pace == Pace::Timed {
            let time = self.start + Duration::from_millis(millis);
            thread::sleep(time.saturating_duration_since(Instant::now()));
        }
    }

    /// Since the start, in microseconds.
    fn now(&self) -> u64 {
        let now = self.start.elapsed().as_micros();
        now.try_into().unwrap_or(u64::MAX)
    }

    /// Waits for this line of the server.
    fn hears(&mut self, wanted: &str) -> anyhow::Result<()> {
        loop {
            match self.tracer.hear(PATIENCE) {
                Heard::Line(line) if line.text == wanted => return Ok(()),
                Heard::Line(_) => {}
                _ => bail!("the server does not say: {wanted}"),
            }
        }
    }

    fn rest(&mut self) -> anyhow::Result<()> {
        let calls = match self.manner {
            Manner::Asks => self.calls.asks_in_vain()?,
            _ => self.calls.rest(self.pid)?,
        };
        self.cuts.push(calls);
        Ok(())
    }

    fn complaint(&self) -> String {
        let last = self.acts.last();
        let last = last.map(|act| format!("{} {}", act.client, act.does));
        let errors = last_line(self.folder.path().join("errors"));
        format!(
            "after the act `{}`; the tracer's last line: {errors}",
            last.unwrap_or_default(),
        )
    }
}

fn last_line(file: PathBuf) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().last().unwrap_or_default().to_owned()
}

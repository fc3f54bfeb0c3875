//! The server that a suite is run against.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{bail, ensure};
use bad_peers::Target;

use super::IDLE;
use crate::deadline::PATIENCE;
use crate::listing::root;
use crate::server::Server;

/// How many of a server's last lines a failure shows.
const LAST_LINES: usize = 10;

/// How long a failing server has to end, so that a failure can say whether it
/// did.
const GRACE: Duration = Duration::from_millis(500);

/// How long a server is watched when all is done. Others may be served while
/// the thread that is going to end it has not had its turn.
const AFTERMATH: Duration = Duration::from_millis(20);

/// How the server under test is started, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Subject {
    program: PathBuf,
    args: Vec<String>,
    patience: Duration,
    aftermath: Duration,
    stall: Option<Duration>,
    polls: bool,
}

impl Subject {
    /// A server that is a program whose last argument is its address.
    pub fn new(program: PathBuf) -> Subject {
        Subject {
            program,
            args: Vec::new(),
            patience: PATIENCE,
            aftermath: AFTERMATH,
            stall: None,
            polls: false,
        }
    }

    /// With arguments before the address.
    pub fn args(mut self, args: &[&str]) -> Subject {
        self.args = args.iter().map(|&arg| arg.to_owned()).collect();
        self
    }

    /// With another time than [`PATIENCE`] to do what is asked.
    pub fn patience(mut self, patience: Duration) -> Subject {
        self.patience = patience;
        self
    }

    /// With another time than 20 ms to end because of what was done to it.
    pub fn aftermath(mut self, aftermath: Duration) -> Subject {
        self.aftermath = aftermath;
        self
    }

    /// With another time until it counts as taking no more bytes.
    pub fn stall(mut self, stall: Duration) -> Subject {
        self.stall = Some(stall);
        self
    }

    /// With the cases that it is excepted from.
    pub fn except(mut self, cases: &[String]) -> Subject {
        self.polls = cases.iter().any(|case| case == IDLE);
        self
    }

    /// Whether the server polls in a loop, so that its use of the CPU is no
    /// fault.
    pub(super) fn polls(&self) -> bool {
        self.polls
    }

    /// How long each step may take.
    pub(super) fn wait(&self) -> Duration {
        self.patience
    }

    /// The command that starts the server on `addr`.
    pub(super) fn command(&self, addr: &str) -> Command {
        self.in_front(Command::new(&self.program), addr)
    }

    /// The command that starts the server on `addr`, behind a program that
    /// takes a command as its last arguments.
    pub(super) fn behind(&self, mut outer: Command, addr: &str) -> Command {
        outer.arg(&self.program);
        self.in_front(outer, addr)
    }

    fn in_front(&self, mut command: Command, addr: &str) -> Command {
        command.args(&self.args).arg(addr).current_dir(root());
        command
    }

    /// Starts the server on a free port and does `act` with it.
    pub(super) fn serve(
        &self,
        act: impl FnOnce(&mut Server) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.serve_by(self.command("127.0.0.1:0"), act)
    }

    /// Starts the server by `command` and does `act` with it. It must still
    /// run after that. An error shows what the server said last.
    pub(super) fn serve_by(
        &self,
        command: Command,
        act: impl FnOnce(&mut Server) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut server = Server::start(command)?;
        let result = act(&mut server).and_then(|()| {
            ensure!(
                !server.ends_within(self.aftermath),
                "the server has ended"
            );
            Ok(())
        });
        let Err(error) = result else {
            return Ok(());
        };
        let ended = server.ends_within(GRACE);
        let state = if ended { "has ended" } else { "runs" };
        let log = server.log();
        let last = log.len().saturating_sub(LAST_LINES);
        let log = log[last..].join("\n    ");
        bail!("{error:#}\n  the server {state}; it said:\n    {log}")
    }

    /// The server, as the bad peers see it.
    pub(super) fn target(&self, server: &Server) -> Target {
        let target = Target::new(server.addr(), self.patience);
        self.stall.map_or(target, |stall| target.stall(stall))
    }
}

//! The terminals of a transcript, and what runs in them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use socket2::{Domain, Socket, Type};

use super::normal::{DEFAULT_ADDR, write_default_addr};
use super::script::{Action, CommandLine, Program};
use crate::deadline::PATIENCE;
use crate::listing::{Kind, root};
use crate::process::{Ear, Heard, Line, Process};
use crate::programs::Programs;
use crate::python;
use crate::queue::Queue;
use crate::server::ready_addr;

/// Terminals by number, and the one address that they share.
pub struct Stage<'a> {
    programs: &'a Programs,
    queue: Option<Queue>,
    terminals: BTreeMap<u8, Terminal>,
    /// Where the first server listens.
    server: Option<SocketAddr>,
    /// Holds a port where nobody listens, for clients that come before it.
    nobody: Option<Socket>,
    /// The ports that are written as the default one.
    ports: Vec<u16>,
}

struct Terminal {
    process: Process,
    /// The ready line, read ahead.
    ahead: Option<Line>,
    interrupted: bool,
    ended: bool,
}

impl<'a> Stage<'a> {
    /// A stage without a terminal. With a queue, the lines of different
    /// terminals can be put into the order in which they were written.
    pub fn new(programs: &'a Programs, queue: Option<Queue>) -> Stage<'a> {
        Stage {
            programs,
            queue,
            terminals: BTreeMap::new(),
            server: None,
            nobody: None,
            ports: Vec::new(),
        }
    }

    /// The numbers of the terminals where something was started.
    pub fn terminals(&self) -> Vec<u8> {
        self.terminals.keys().copied().collect()
    }

    /// Does what the reader does in a terminal.
    pub fn act(&mut self, number: u8, action: &Action) -> anyhow::Result<()> {
        match action {
            Action::Run(command) => {
                let terminal = self.run(command)?;
                self.terminals.insert(number, terminal);
            }
            Action::Type(text) => {
                self.terminal(number)?.process.type_line(text)?;
            }
            Action::EndInput => self.terminal(number)?.process.close_input(),
            Action::Interrupt => {
                let terminal = self.terminal(number)?;
                terminal.process.interrupt()?;
                terminal.interrupted = true;
            }
        }
        Ok(())
    }

    fn terminal(&mut self, number: u8) -> anyhow::Result<&mut Terminal> {
        self.terminals
            .get_mut(&number)
            .with_context(|| format!("nothing runs in terminal {number}"))
    }

    /// The next line of a terminal, waiting for it at most `patience`.
    pub fn hear(
        &mut self,
        number: u8,
        patience: Duration,
    ) -> anyhow::Result<Heard> {
        Ok(match self.terminal(number)?.hear(patience)? {
            Heard::Line(line) => Heard::Line(Line {
                text: write_default_addr(&line.text, &self.ports),
                at: line.at,
            }),
            other => other,
        })
    }

    /// Whether the terminal's program was killed where a Ctrl-C was meant, so
    /// that it could not print what it prints then.
    pub fn is_silenced(&self, number: u8) -> bool {
        let terminal = self.terminals.get(&number);
        cfg!(not(unix)) && terminal.is_some_and(|t| t.interrupted)
    }

    fn run(&mut self, command: &CommandLine) -> anyhow::Result<Terminal> {
        let listing = self.programs.listing(&command.listing)?;
        let kind = listing.metadata.kind;
        let mut process = match &command.program {
            Program::Binary => {
                Command::new(self.programs.binary(&command.listing)?)
            }
            Program::Python(file) => {
                let python = python::interpreter().context("needs Python 3")?;
                let mut process = Command::new(python);
                process.arg(file);
                process
            }
        };
        let is_first_server = kind == Kind::Server && self.server.is_none();
        let takes_default = match command.args.first() {
            Some(addr) => addr == DEFAULT_ADDR,
            None => kind != Kind::Demo,
        };
        let mut args = &command.args[..];
        if takes_default {
            let addr = if is_first_server {
                "127.0.0.1:0".to_owned()
            } else {
                self.addr()?.to_string()
            };
            process.arg(addr);
            args = args.get(1..).unwrap_or_default();
        }
        process.args(args).current_dir(root());

        let mut terminal = Terminal {
            process: self.start(process)?,
            ahead: None,
            interrupted: false,
            ended: false,
        };
        if is_first_server && takes_default {
            self.read_ready_line(&mut terminal)?;
        }
        Ok(terminal)
    }

    fn start(&self, command: Command) -> anyhow::Result<Process> {
        match &self.queue {
            Some(queue) => Process::start_in(queue, command),
            None => Process::start(command, Ear::Both),
        }
    }

    fn read_ready_line(
        &mut self,
        terminal: &mut Terminal,
    ) -> anyhow::Result<()> {
        match terminal.process.hear(PATIENCE) {
            Heard::Line(line) => {
                if let Some(addr) = ready_addr(&line.text) {
                    self.server = Some(addr);
                    self.ports.push(addr.port());
                }
                terminal.ahead = Some(line);
            }
            // It may end without a word; the transcript says whether it may.
            Heard::End => {}
            Heard::Nothing => bail!("no ready line came in {PATIENCE:?}"),
        }
        Ok(())
    }

    /// The address of the first server; before it has come, one where nobody
    /// listens.
    fn addr(&mut self) -> anyhow::Result<SocketAddr> {
        if let Some(addr) = self.server {
            return Ok(addr);
        }
        let nobody = match self.nobody.take() {
            Some(socket) => socket,
            None => {
                // Bound, so that nobody else gets the port, and not
                // listening: whoever connects is refused.
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                socket.bind(&addr.into()).context("cannot hold a port")?;
                socket
            }
        };
        let addr = nobody.local_addr()?.as_socket();
        let addr = addr.context("the port that is held has no address")?;
        self.nobody = Some(nobody);
        if !self.ports.contains(&addr.port()) {
            self.ports.push(addr.port());
        }
        Ok(addr)
    }
}

impl Terminal {
    fn hear(&mut self, patience: Duration) -> anyhow::Result<Heard> {
        if let Some(line) = self.ahead.take() {
            return Ok(Heard::Line(line));
        }
        let heard = self.process.hear(patience);
        if self.ended || !matches!(heard, Heard::End) {
            return Ok(heard);
        }
        self.ended = true;
        let status = self.process.wait(PATIENCE)?;
        Ok(match end_line(status) {
            Some(text) if !self.interrupted => {
                Heard::Line(Line { text, at: Instant::now() })
            }
            _ => Heard::End,
        })
    }
}

/// The line that tells how a program failed.
fn end_line(status: ExitStatus) -> Option<String> {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status)
    {
        return Some(format!("[ended by signal {signal}]"));
    }
    match status.code() {
        Some(0) => None,
        Some(code) => Some(format!("[exit code {code}]")),
        None => Some(format!("[{status}]")),
    }
}

//! The command line.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use load::{Interrupt, Plan, Server, Stopped, Talk};

use crate::report;

/// Measures echo servers, in turn, and compares them with the first.
#[derive(Parser)]
struct Options {
    /// Where a server listens; a name for it may stand before: epoll=ADDR
    #[arg(value_name = "[NAME=]ADDR", default_value = "127.0.0.1:8989")]
    servers: Vec<String>,
    /// Connections to each server that talk
    #[arg(short, long, default_value_t = 50)]
    active: usize,
    /// Connections to each server that are open, and silent
    #[arg(long, default_value_t = 0)]
    idle: usize,
    /// The bytes of a request
    #[arg(long, default_value_t = 64)]
    size: usize,
    /// Requests that a connection sends before the first answer
    #[arg(long, default_value_t = 1)]
    depth: usize,
    /// Requests a second; without it, each answer brings the next request
    #[arg(short, long)]
    rate: Option<f64>,
    /// How often each server has its turn
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// How long a turn is measured, in milliseconds
    #[arg(long, default_value_t = 150)]
    slice: u64,
    /// How much longer it is, before anything is measured, in milliseconds
    #[arg(long, default_value_t = 30)]
    warm_up: u64,
    /// Leave it to the system which core runs what
    #[arg(long)]
    no_pin: bool,
    /// Write the results into this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let servers = options.servers.iter().map(|text| server(text));
    let servers = servers.collect::<anyhow::Result<Vec<_>>>()?;
    for (number, name) in [
        (options.active, "--active"),
        (options.size, "--size"),
        (options.depth, "--depth"),
        (options.rounds, "--rounds"),
    ] {
        if number == 0 {
            bail!("{name} 0: there is nothing to measure");
        }
    }
    if options.rate.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
        bail!("--rate: it is a number of requests a second, above 0");
    }
    let plan = Plan {
        talk: Talk {
            size: options.size,
            depth: options.depth,
            rate: options.rate,
        },
        active: options.active,
        idle: options.idle,
        rounds: options.rounds,
        slice: Duration::from_millis(options.slice.max(1)),
        warm_up: Duration::from_millis(options.warm_up.max(1)),
        pin: !options.no_pin,
    };
    // The servers can run on all their cores again before this program ends.
    let interrupt = Interrupt::watch()?;
    let outcome = match load::run(servers, &plan, |_| interrupt.go_on()) {
        Err(e) if e.is::<Stopped>() => {
            eprintln!("stopped before the end: there are no results");
            return Ok(ExitCode::from(Interrupt::EXIT_CODE));
        }
        ran => ran?,
    };
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&outcome)?;
        fs::write(file, text + "\n")
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    report::print(&outcome);
    if outcome.servers.iter().any(|server| server.fault.is_some()) {
        bail!("not every server could be measured");
    }
    Ok(ExitCode::SUCCESS)
}

fn server(text: &str) -> anyhow::Result<Server> {
    let (name, addr) = text.split_once('=').unwrap_or((text, text));
    let addr: SocketAddr = addr.parse().with_context(|| {
        format!("{addr} is no address such as 127.0.0.1:80")
    })?;
    Ok(Server::new(name, addr))
}

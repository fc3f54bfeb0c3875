//! Measures echo servers from outside: how many requests they answer, how
//! long an answer takes, and how much CPU time each request costs them.
#[cfg(target_os = "linux")]
mod command;
#[cfg(target_os = "linux")]
mod report;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    command::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it waits with epoll")
}

//! `cargo run --release -p measure` measures the echo servers of all I/O models
//! side by side: tables in the terminal, plots and numbers in a folder.
#[cfg(target_os = "linux")]
mod command;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    command::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("measure needs Linux: it waits with epoll, and reads /proc");
    std::process::exit(1);
}

//! A small `strace`: runs another program, and shows each system call that it
//! makes on its sockets: the arguments when it enters the kernel, the result
//! when it comes back. With `--json` the calls go into a file, too.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod trace;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn main() -> anyhow::Result<std::process::ExitCode> {
    trace::main()
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    anyhow::bail!("this listing needs Linux with glibc: it shows ptrace");
    #[cfg(not(target_os = "linux"))]
    anyhow::bail!("this listing needs Linux: it shows ptrace")
}

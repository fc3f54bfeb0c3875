//! Ten bytes come, four are read. Does epoll say that there are more?
#[cfg(target_os = "linux")]
mod demo;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows epoll")
}

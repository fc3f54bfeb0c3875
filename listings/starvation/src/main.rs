//! One client always has more to say. When is it the turn of the other?
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

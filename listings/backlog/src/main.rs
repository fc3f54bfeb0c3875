//! What the number given to `listen` means: the kernel connects clients before
//! the server accepts them, until the queue is full. Then it is silent.
#[cfg(target_os = "linux")]
mod queue;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    queue::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux: it shows how Linux fills a listener's \
         queue, and other systems count and answer in other ways"
    )
}

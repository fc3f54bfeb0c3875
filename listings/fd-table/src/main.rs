//! The table of a process that turns descriptors into files and sockets: how
//! it changes when something is opened, shared, closed and inherited.
#[cfg(unix)]
mod scenes;
#[cfg(unix)]
mod start_anew;
#[cfg(unix)]
mod table;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        None => start_anew::start_anew(), // you have started this process
        Some("child") => {
            println!("the child:          {}", table::table());
            Ok(())
        }
        Some(_) => scenes::main(),
    }
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux or macOS: it shows file descriptors"
    )
}

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::ptr;
use std::time::Instant;

use anyhow::{Context, ensure};
use rustix::fs::{Advice, fadvise};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// Meant for files that are kept for longer than those in `/tmp`, which often
/// lies in memory alone: `man 7 file-hierarchy`.
const FOLDER: &str = "/var/tmp";
const MIB: usize = 1 << 20;
const SIZE: usize = 16 * MIB;

pub fn main() -> anyhow::Result<()> {
    let mut buf = vec![b'x'; 65_536];
    // It has no name, and is gone when it is closed.
    let mut file = tempfile::tempfile_in(FOLDER)
        .with_context(|| format!("cannot make a file in {FOLDER}"))?;

    println!("-- write");
    // ANCHOR: write
    let start = Instant::now();
    for _ in 0..SIZE / buf.len() {
        file.write_all(&buf).context("cannot write")?;
    }
    println!("writing: {}", since(start));
    let cached = in_cache(&file)?;
    println!("in the page cache: {}", mib(cached));
    fadvise(&file, 0, None, Advice::DontNeed)?;
    println!("after a request to drop it: {}", left(in_cache(&file)?));
    // ANCHOR_END: write
    ensure!(cached == SIZE, "{FOLDER} has files outside the page cache");
    println!("-- fsync");
    // ANCHOR: fsync
    let start = Instant::now();
    file.sync_all().context("cannot sync")?;
    println!("fsync: {}", since(start));
    fadvise(&file, 0, None, Advice::DontNeed)?;
    let cached = in_cache(&file)?;
    println!("after a request to drop it: {}", left(cached));
    // ANCHOR_END: fsync
    ensure!(cached == 0, "{FOLDER} has no disk behind it: is it a tmpfs?");
    println!("-- read, twice");
    // ANCHOR: read
    for nth in ["first", "second"] {
        println!("in the page cache: {}", mib(in_cache(&file)?));
        file.rewind()?;
        let start = Instant::now();
        while file.read(&mut buf).context("cannot read")? != 0 {}
        println!("the {nth} reading: {}", since(start));
    }
    println!("in the page cache: {}", mib(in_cache(&file)?));
    // ANCHOR_END: read
    Ok(())
}

// ANCHOR: in_cache
/// How many bytes of the file are in the page cache. Memory is mapped to the
/// file, and `mincore` asks which of its pages a touch would find there;
/// nothing is touched here, and so nothing is fetched.
fn in_cache(file: &File) -> anyhow::Result<usize> {
    let page = rustix::param::page_size();
    let mut pages = vec![0_u8; SIZE.div_ceil(page)];
    let (read, shared) = (ProtFlags::READ, MapFlags::SHARED);
    // SAFETY: the kernel chooses an address where nothing is, and no reference
    // is made to what is there.
    let start = unsafe { mmap(ptr::null_mut(), SIZE, read, shared, file, 0) }
        .context("cannot map the file")?;
    // SAFETY: SIZE bytes are mapped at `start`, and `pages` has a byte for
    // each page of them.
    let result = unsafe { libc::mincore(start, SIZE, pages.as_mut_ptr()) };
    let error = io::Error::last_os_error();
    // SAFETY: it was mapped above, and nothing refers to it.
    unsafe { munmap(start, SIZE) }.context("cannot unmap the file")?;
    ensure!(result == 0, "cannot ask for the pages: {error}");
    // Only the lowest bit is defined.
    Ok(pages.iter().filter(|state| *state & 1 == 1).count() * page)
}
// ANCHOR_END: in_cache

/// The kernel begins to write at such a request: how many pages are left at
/// this moment is a matter of chance.
fn left(bytes: usize) -> &'static str {
    if bytes == 0 { "nothing is left" } else { "pages are left" }
}

/// Begun mebibytes.
fn mib(bytes: usize) -> String {
    format!("{} of {} MiB", bytes.div_ceil(MIB), SIZE / MIB)
}

fn since(start: Instant) -> String {
    format!("{:.1} ms", start.elapsed().as_secs_f64() * 1e3)
}

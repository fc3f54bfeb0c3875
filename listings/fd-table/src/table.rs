use std::fs;
use std::os::unix::fs::FileTypeExt;

// ANCHOR: table
/// The descriptors of this process, 0 to 15, and what the kernel has behind
/// each. `/dev/fd/3` names whatever descriptor 3 of the asking process is.
pub fn table() -> String {
    let mut rows: Vec<String> = (0..16).map(row).collect();
    while rows.pop_if(|row| row.ends_with("-")).is_some() {}
    rows.join("  ")
}

fn row(fd: usize) -> String {
    let standard = ["in", "out", "err"];
    let Ok(behind) = fs::metadata(format!("/dev/fd/{fd}")) else {
        return format!("{fd} -"); // EBADF or ENOENT: not open
    };
    let kind = behind.file_type();
    let kind = match standard.get(fd) {
        Some(name) => name,
        None if kind.is_file() => "file",
        None if kind.is_socket() => "socket",
        None if kind.is_fifo() => "pipe",
        None => "other",
    };
    format!("{fd} {kind}")
}
// ANCHOR_END: table

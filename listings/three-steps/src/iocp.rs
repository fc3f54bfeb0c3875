use std::io::{Error, Write};
use std::net::TcpStream;
use std::os::windows::io::{AsRawSocket, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use anyhow::ensure;
use windows_sys::Win32::Foundation::INVALID_HANDLE_VALUE;
use windows_sys::Win32::Networking::WinSock::{
    WSA_IO_PENDING, WSABUF, WSARecv,
};
use windows_sys::Win32::System::IO::{
    CreateIoCompletionPort, GetQueuedCompletionStatus, OVERLAPPED,
};
use windows_sys::Win32::System::Threading::INFINITE;

use crate::KEY;

/// What the kernel writes to while the operation is under way.
struct Receive {
    overlapped: OVERLAPPED,
    buf: [u8; 16],
}

// ANCHOR: three_steps
pub fn three_steps(
    stream: TcpStream,
    mut peer: TcpStream,
) -> anyhow::Result<()> {
    println!("make");
    // SAFETY: it takes no pointers.
    let port = unsafe {
        CreateIoCompletionPort(INVALID_HANDLE_VALUE, null_mut(), 0, 0)
    };
    ensure!(!port.is_null(), Error::last_os_error());
    // SAFETY: the handle is new, and nobody else's. It is closed in the end.
    let _owner = unsafe { OwnedHandle::from_raw_handle(port) };

    println!("register, with the key {KEY}");
    let socket = stream.as_raw_socket() as usize;
    // SAFETY: both handles are open.
    let same = unsafe { CreateIoCompletionPort(socket as _, port, KEY, 0) };
    ensure!(same == port, Error::last_os_error());

    // The step that the others lack: begin to receive.
    let receive = Receive { overlapped: OVERLAPPED::default(), buf: [0; 16] };
    // On the heap, and no value of ours: if this function fails now, it stays
    // there, for the kernel may still write to it.
    let receive = Box::into_raw(Box::new(receive));
    // SAFETY: `receive` stays where it is until the operation is reported.
    let begun = unsafe {
        let buf = WSABUF { len: 16, buf: (&raw mut (*receive).buf).cast() };
        let overlapped = &raw mut (*receive).overlapped;
        WSARecv(socket, &buf, 1, null_mut(), &mut 0, overlapped, None)
    };
    if begun != 0 {
        let error = Error::last_os_error();
        ensure!(error.raw_os_error() == Some(WSA_IO_PENDING), error);
    }

    println!("the peer sends \"hello\"");
    peer.write_all(b"hello")?;

    println!("wait");
    let (mut n, mut key, mut done) = (0, 0, null_mut());
    // SAFETY: the pointers are to variables of their types.
    let fine = unsafe {
        let (n, key, done) = (&mut n, &mut key, &mut done);
        GetQueuedCompletionStatus(port, n, key, done, INFINITE)
    };
    ensure!(fine != 0, Error::last_os_error());
    // SAFETY: it was reported, so the kernel is done with it.
    let receive = unsafe { Box::from_raw(receive) };
    let text = String::from_utf8_lossy(&receive.buf[..n as usize]);
    println!("key {key} has brought {text:?}");
    Ok(())
}
// ANCHOR_END: three_steps

//! Lets clients in, and ends in good order.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::room::Room;
use crate::session::{End, Session};

/// How many clients there may be. Others wait in the backlog.
const MOST: usize = 1000;

/// How much the kernel keeps for a client who does not read. What is old is
/// worth nothing in a chat.
const SEND_BUFFER: usize = 64 * 1024;

/// How long the last lines may take on their way.
const DEADLINE: Duration = Duration::from_secs(5);

pub struct Server {
    room: Arc<Room>,
    idle: Duration,
    down: watch::Sender<bool>,
    /// Each says at its end whether its client has left in good order.
    sessions: JoinSet<bool>,
}

/// A message for each Ctrl-C.
pub fn interrupts() -> io::Result<mpsc::Receiver<()>> {
    let (tell, interrupts) = mpsc::channel(8);
    #[cfg(unix)]
    let mut signal = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt())?
    };
    #[cfg(windows)]
    let mut signal = tokio::signal::windows::ctrl_c()?;
    tokio::spawn(async move {
        while signal.recv().await.is_some() && tell.send(()).await.is_ok() {}
    });
    Ok(interrupts)
}

impl Server {
    pub fn new(idle: Duration) -> Server {
        let (down, _) = watch::channel(false);
        let (room, sessions) = (Arc::default(), JoinSet::new());
        Server { room, idle, down, sessions }
    }

    // ANCHOR: run
    pub async fn run(
        mut self,
        listener: TcpListener,
        mut interrupts: mpsc::Receiver<()>,
    ) {
        loop {
            let is_room = self.sessions.len() < MOST;
            tokio::select! {
                _ = interrupts.recv() => break,
                accepted = listener.accept(), if is_room => match accepted {
                    Ok((stream, peer)) => self.serve(stream, peer),
                    Err(e) => self.cannot_accept(e).await,
                },
                // Sessions that have ended are taken out, one by one.
                Some(_) = self.sessions.join_next() => {}
            }
        }
        println!("going down: nobody is let in");
        drop(listener);
        tokio::select! {
            () = self.go_down() => {}
            _ = interrupts.recv() => println!("at once"),
        }
    }
    // ANCHOR_END: run

    fn serve(&mut self, stream: TcpStream, peer: SocketAddr) {
        println!("{peer} came");
        let socket = SockRef::from(&stream);
        if let Err(e) = socket.set_send_buffer_size(SEND_BUFFER) {
            println!("{peer} has a larger buffer: {e}");
        }
        let session = Session {
            room: Arc::clone(&self.room),
            down: self.down.subscribe(),
            idle: self.idle,
        };
        self.sessions.spawn(async move {
            let end = session.run(stream).await;
            match &end {
                Ok(End::Left) => println!("{peer} left"),
                Ok(End::PutOut) => println!("{peer} reads too slowly"),
                Err(e) => println!("{peer} is lost: {e}"),
            }
            matches!(end, Ok(End::Left))
        });
    }

    async fn cannot_accept(&mut self, e: io::Error) {
        use ErrorKind::{ConnectionAborted, ConnectionReset};
        if matches!(e.kind(), ConnectionAborted | ConnectionReset) {
            return; // whoever came has left again
        }
        println!("cannot accept for now: {e}");
        // There are no descriptors left: until somebody leaves, perhaps.
        tokio::select! {
            () = sleep(Duration::from_secs(1)) => {}
            Some(_) = self.sessions.join_next() => {}
        }
    }

    // ANCHOR: go_down
    /// What was said is delivered, within the deadline.
    async fn go_down(&mut self) {
        self.room.close();
        self.down.send_replace(true);
        let mut lost = 0;
        let all = async {
            while let Some(end) = self.sessions.join_next().await {
                lost += usize::from(!end.unwrap_or(false));
            }
        };
        if timeout(DEADLINE, all).await.is_err() {
            lost += self.sessions.len();
        }
        match lost {
            0 => println!("everybody has got everything"),
            lost => println!("cut off: {lost}"),
        }
    }
    // ANCHOR_END: go_down
}

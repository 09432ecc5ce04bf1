//! A subscriber's connection goes in, its bytes pass on to the publishing socket and back, until it
//! reads nothing for too long. Knows nothing of what the bytes say.
//!
//! The publishing socket waits for every subscriber, so that nobody loses anything; it cannot tell
//! a slow one from one that has stopped reading. So front ends connect to a relay each.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{mpsc, watch};

/// How long a subscriber may take not a single byte while bytes wait for it. Two megabytes and more
/// (the system's buffers) and a thousand messages (ZeroMQ's) must have stayed unread before.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long nothing must come after the end for everything to have come.
const QUIET: Duration = Duration::from_millis(20);

/// The most that is passed on at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Where subscribers arrive.
pub(crate) enum Arrivals {
    Tcp(TcpListener),
    Ipc(UnixListener),
}

/// Where the publishing socket itself listens.
#[derive(Clone)]
pub(crate) enum Publishing {
    Tcp(SocketAddr),
    Ipc(PathBuf),
}

/// Everything between subscribers and the publishing socket.
pub(crate) struct Relays {
    pub(crate) arrivals: Arrivals,
    pub(crate) publishing: Publishing,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Relays {
    /// Starts a relay for everyone who comes; each keeps a clone of `running` until it ends, which is
    /// once it has passed on all there is after `ending` has become true.
    pub(crate) async fn run(
        self,
        running: mpsc::Sender<Infallible>,
        ending: watch::Receiver<bool>,
    ) {
        loop {
            let subscriber = match self.arrivals.next().await {
                Ok(subscriber) => subscriber,
                Err(error) => {
                    tracing::warn!("a subscriber could not be let in: {error}");
                    // No file descriptors are left, as a rule: they do not come back at once.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let (publishing, running) = (self.publishing.clone(), running.clone());
            let ending = ending.clone();
            tokio::spawn(async move {
                if let Err(error) = relay(subscriber, publishing, ending).await {
                    tracing::warn!("a subscriber of iopub was let go: {error}");
                }
                drop(running);
            });
        }
    }
}

impl Arrivals {
    async fn next(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Arrivals::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Arrivals::Ipc(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

impl Publishing {
    async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Publishing::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Publishing::Ipc(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

/// Passes bytes on until either side ends it.
async fn relay(
    subscriber: impl Stream,
    publishing: Publishing,
    ending: watch::Receiver<bool>,
) -> io::Result<()> {
    let (mut subscriptions, mut to_subscriber) = split(subscriber);
    let (mut publications, mut to_publisher) = split(publishing.connect().await?);
    tokio::select! {
        // A subscriber that has left in whatever way has left: that is no fault.
        _ = copy(&mut subscriptions, &mut to_publisher) => Ok(()),
        ended = pass_on(&mut publications, &mut to_subscriber, ending) => ended,
    }
}

async fn pass_on(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut ending: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            () = nothing_more(&mut ending) => return Ok(()),
        };
        let length = match read {
            Ok(0) | Err(_) => return Ok(()),
            Ok(length) => length,
        };
        let mut rest = &piece[..length];
        while !rest.is_empty() {
            // Any progress will do: a slow front end loses nothing.
            match tokio::time::timeout(PATIENCE, to.write(rest)).await {
                Ok(Ok(0) | Err(_)) => return Ok(()),
                Ok(Ok(written)) => rest = &rest[written..],
                Err(_) => {
                    let seconds = PATIENCE.as_secs();
                    let text = format!("it has read nothing for {seconds} s while output waited");
                    return Err(io::Error::new(io::ErrorKind::TimedOut, text));
                }
            }
        }
    }
}

/// The publishing socket does not close its connections: when it says nothing more, it is over.
async fn nothing_more(ending: &mut watch::Receiver<bool>) {
    // An error says that whoever was to say so has ended.
    let _ = ending.wait_for(|ending| *ending).await;
    tokio::time::sleep(QUIET).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_gets_everything() {
        let (mut publisher, mut from) = duplex(1 << 20);
        let (mut to, mut subscriber) = duplex(10);
        let (_never, ending) = watch::channel(false);
        let sent: Vec<u8> = (0..=255).cycle().take(1000).collect();
        publisher.write_all(&sent).await.unwrap();
        drop(publisher);
        let passing = tokio::spawn(async move {
            let passed = pass_on(&mut from, &mut to, ending).await;
            drop(to);
            passed
        });
        let mut received = Vec::new();
        let mut piece = [0; 10];
        loop {
            tokio::time::sleep(PATIENCE * 9 / 10).await;
            match subscriber.read(&mut piece).await.unwrap() {
                0 => break,
                length => received.extend_from_slice(&piece[..length]),
            }
        }
        assert_eq!(received, sent);
        passing.await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_reading_is_let_go_and_who_has_nothing_to_read_is_not() {
        let (mut publisher, mut from) = duplex(1 << 20);
        let (mut to, mut subscriber) = duplex(10);
        let (_never, ending) = watch::channel(false);
        let passing = tokio::spawn(async move { pass_on(&mut from, &mut to, ending).await });
        tokio::time::sleep(PATIENCE * 100).await;
        publisher.write_all(&[7; 10]).await.unwrap();
        tokio::time::sleep(PATIENCE * 100).await;
        assert!(!passing.is_finished());
        publisher.write_all(&[8]).await.unwrap();
        tokio::time::sleep(PATIENCE / 2).await;
        assert!(!passing.is_finished());
        let ended = passing.await.unwrap().unwrap_err();
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        // What was on its way still arrives.
        let mut received = Vec::new();
        subscriber.read_to_end(&mut received).await.unwrap();
        assert_eq!(received, [7; 10]);
    }
}

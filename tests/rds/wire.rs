//! A real socket whose requests are counted: what leaves, and how often.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request, once it has read it whole.
#[derive(Clone, Debug)]
pub enum Then {
    /// Answers, and keeps the connection.
    Answer(u16, String),
    /// Answers, and closes the connection without a word about it.
    AnswerAndClose(u16, String),
    /// Closes the connection.
    Close,
    /// Announces more than it sends, then closes.
    Cut(String),
}

/// A server that does the same with every create, and refuses look-ups as AWS does.
pub struct Server {
    pub address: SocketAddr,
    creates: Arc<AtomicUsize>,
    others: Arc<AtomicUsize>,
}

impl Server {
    /// Starts it: `create` for creates, `read` for everything else.
    pub async fn start(create: Then, read: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (creates, others) = (Arc::clone(&counts.0), Arc::clone(&counts.1));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (create, read, counts) = (create.clone(), read.clone(), counts.clone());
                tokio::spawn(async move { serve(stream, &create, &read, &counts).await });
            }
        });
        Self { address, creates, others }
    }

    /// How many creates arrived.
    pub fn creates(&self) -> usize {
        self.creates.load(Ordering::SeqCst)
    }

    /// How many other requests arrived.
    pub fn others(&self) -> usize {
        self.others.load(Ordering::SeqCst)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn serve(
    mut stream: TcpStream,
    create: &Then,
    read: &Then,
    counts: &(Arc<AtomicUsize>, Arc<AtomicUsize>),
) {
    while let Some(body) = whole_request(&mut stream).await {
        let is_create = body.contains("Action=CreateDBClusterSnapshot");
        let (then, count) = if is_create { (create, &counts.0) } else { (read, &counts.1) };
        count.fetch_add(1, Ordering::SeqCst);
        let head = |status: u16, length: usize| {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nx-amzn-requestid: r-1\r\n\r\n")
        };
        match then {
            Then::Answer(status, body) | Then::AnswerAndClose(status, body) => {
                let answer = head(*status, body.len()) + body;
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            Then::Cut(body) => {
                let answer = head(200, body.len() + 100) + body;
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            Then::Close => {}
        }
        if !matches!(then, Then::Answer(..)) {
            return;
        }
    }
}

/// Reads one request; gives its body, or nothing when the client closed the connection.
async fn whole_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok()?;
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(buffer.get(..count)?);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(body.to_owned());
        }
    }
}

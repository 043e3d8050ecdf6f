//! A real socket whose requests are counted: what leaves, and how often.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

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
    seen: Arc<Seen>,
}

/// What a server saw, and its clock.
#[derive(Default)]
struct Seen {
    creates: Mutex<Vec<String>>,
    others: AtomicUsize,
    date: Option<String>,
}

impl Server {
    /// Starts it: `create` for creates, `read` for everything else.
    pub async fn start(create: Then, read: Then) -> Self {
        Self::start_at(None, create, read).await
    }

    /// Starts it with a clock of its own.
    pub async fn start_at(date: Option<String>, create: Then, read: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen { date, ..Seen::default() });
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (create, read, seen) = (create.clone(), read.clone(), Arc::clone(&shared));
                tokio::spawn(async move { serve(stream, &create, &read, &seen).await });
            }
        });
        Self { address, seen }
    }

    /// How many creates arrived.
    pub fn creates(&self) -> usize {
        self.seen.creates.lock().unwrap().len()
    }

    /// The head of the last create.
    pub fn last_create(&self) -> String {
        self.seen.creates.lock().unwrap().last().unwrap().clone()
    }

    /// The access keys that the creates were signed with, in order.
    pub fn keys_of_creates(&self) -> Vec<String> {
        let heads = self.seen.creates.lock().unwrap();
        let key = |head: &String| {
            let (_, rest) = head.split_once("Credential=").unwrap();
            rest.split('/').next().unwrap().to_owned()
        };
        heads.iter().map(key).collect()
    }

    /// How many other requests arrived.
    pub fn others(&self) -> usize {
        self.seen.others.load(Ordering::SeqCst)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn serve(mut stream: TcpStream, create: &Then, read: &Then, seen: &Seen) {
    while let Some((request, body)) = whole_request(&mut stream).await {
        let then = if body.contains("Action=CreateDBClusterSnapshot") {
            seen.creates.lock().unwrap().push(request);
            create
        } else {
            seen.others.fetch_add(1, Ordering::SeqCst);
            read
        };
        let date = seen.date.as_ref().map(|date| format!("date: {date}\r\n")).unwrap_or_default();
        let head = |status: u16, length: usize| {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{date}\r\n")
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

/// Reads one request; gives its head and its body, or nothing when the client closed the connection.
async fn whole_request(stream: &mut TcpStream) -> Option<(String, String)> {
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
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}

/// A listener that does something with each connection.
pub async fn listener<F>(act: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(act(stream));
        }
    });
    address.to_string()
}

/// A server that answers each request by its head and its body: with a status, a header, and a body.
pub async fn answering(
    act: impl Fn(&str, &str) -> (u16, &'static str, String) + Clone + Send + Sync + 'static,
) -> String {
    let address = listener(move |mut stream| {
        let act = act.clone();
        async move {
            while let Some((head, body)) = whole_request(&mut stream).await {
                let (status, header, answer) = act(&head, &body);
                let length = answer.len();
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{header}\r\n\r\n");
                stream.write_all((head + &answer).as_bytes()).await.ok();
            }
        }
    });
    format!("http://{}", address.await)
}

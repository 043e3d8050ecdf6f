//! Answers that are spoilt on their way: the first one to a create of each name.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::support::proxy::{Asked, Back, Proxy, Road};

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// The connection breaks before any of it comes.
    Lost,
    /// It breaks off in the headers.
    CutInHead,
    /// It breaks off in the body.
    CutInBody,
    /// Its bytes are not the service's.
    Garbled,
    /// It is 200, and empty.
    Empty,
    /// It is 200, and a page to log in on.
    LoginPage,
    /// It is replaced by a 502.
    BadGateway,
    /// It is replaced by a 504.
    GatewayTimeout,
}

/// A proxy that lets requests through and spoils answers.
pub fn proxy(upstream: &str, spoil: Spoil) -> Proxy {
    let spoilt_names: Mutex<HashSet<String>> = Mutex::default();
    Proxy::start(upstream, move |asked: &Asked, road: &Road| {
        let answer = road.pass_bytes(asked);
        let is_first = asked.creates()
            && spoilt_names
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(asked.snapshot().to_owned());
        Back::Bytes(if is_first { spoilt(spoil, &answer) } else { answer })
    })
}

fn spoilt(spoil: Spoil, answer: &[u8]) -> Vec<u8> {
    let end_of_head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an HTTP answer") + 4;
    let (head, body) = answer.split_at(end_of_head);
    let page = |status: &str, text: &str| {
        let length = text.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{text}"
        )
        .into_bytes()
    };
    match spoil {
        Spoil::Lost => Vec::new(),
        Spoil::CutInHead => head.get(..head.len() / 2).unwrap_or_default().to_vec(),
        Spoil::CutInBody => [head, body.get(..body.len() / 2).unwrap_or_default()].concat(),
        Spoil::Garbled => head.iter().copied().chain(body.iter().map(|byte| byte ^ 0xa5)).collect(),
        Spoil::Empty => page("200 OK", ""),
        Spoil::LoginPage => page("200 OK", "<html><body>Please log in.</body></html>"),
        Spoil::BadGateway => page("502 Bad Gateway", "<html><body>Bad gateway.</body></html>"),
        Spoil::GatewayTimeout => page("504 Gateway Timeout", "<html><body>Timeout.</body></html>"),
    }
}

//! The way through a proxy: it is asked for a tunnel to a host (CONNECT), and what it answers instead is told.
//!
//! hyper-util asks for one as well, and tells all refusals as "unsuccessful": whether the proxy forbids the host, or
//! cannot reach it, is what a person has to know.

use std::io::ErrorKind;

use aws_smithy_runtime_api::box_error::BoxError;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The longest head of an answer that is read, in bytes.
const MOST: usize = 16 * 1024;
/// How an answer in HTTP begins.
const BEGIN: &[u8] = b"HTTP/1.";
/// How much of an answer's first line is told.
const TOLD_CHARS: usize = 80;

/// Asks a proxy, over a connection to it, for a tunnel to the host of a URI.
///
/// # Errors
/// It gives none. Nothing of what was to go through it has left.
pub(super) async fn through<T: Read + Write + Unpin>(
    proxy: T,
    uri: &Uri,
    authorization: Option<&HeaderValue>,
) -> Result<T, BoxError> {
    let mut proxy = TokioIo::new(proxy);
    let host = format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(443));
    let mut asked = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n").into_bytes();
    if let Some(authorization) = authorization {
        asked.extend([b"Proxy-Authorization: ", authorization.as_bytes(), b"\r\n"].concat());
    }
    asked.extend(b"\r\n");
    proxy.write_all(&asked).await?;
    // What follows the head is the host's: not a byte of it is read here.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() == MOST {
            let kib = MOST / 1024;
            return Err(format!("the proxy answers with more than {kib} KiB of headers").into());
        }
        head.push(proxy.read_u8().await.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => "the proxy closed the connection before it had answered".into(),
            _ => BoxError::from(error),
        })?);
        if head.iter().zip(BEGIN).any(|(byte, wanted)| byte != wanted) {
            return Err("the proxy answers with something that is not HTTP/1".into());
        }
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    let status: String =
        line.split_once(' ').map_or("", |(_, status)| status).chars().take(TOLD_CHARS).collect();
    match status.split(' ').next() {
        Some("200") => Ok(proxy.into_inner()),
        Some("407") => Err(format!("proxy authorization required: the proxy answers HTTP {status}").into()),
        _ => Err(format!("the proxy gives no way to the host: it answers HTTP {status}").into()),
    }
}

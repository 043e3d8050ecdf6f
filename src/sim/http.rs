//! The door over HTTP, for `clustersnap sim`: whatever speaks to RDS can speak to it.
//!
//! It listens where it is told to, on the loopback interface by default, and ends when its future is
//! dropped, together with every connection. It does what a reply says to the letter: a connection that
//! breaks does break. A client that sends no whole request in time, or too much of one, is not waited for;
//! one that has said everything and closes its half of the connection is answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Simulator;
use super::faults::FaultyAnswer;
use super::query::SimRequest;
use super::reply::{Reply, WireBody, broken_connection};

/// The most bytes of a request: far more than 50 tags of the greatest length need.
const MAX_REQUEST: usize = 1 << 20;
/// The most bytes that are read of a request that is too large, so that whoever is still sending it gets to
/// read the answer.
const MOST_DISCARDED: usize = 8 * MAX_REQUEST;
/// How long a connection may be without a request, or take over a request's head, or over the next part of
/// its body.
const IDLE: Duration = Duration::from_mins(1);
/// How long a connection hangs that shall hang for ever: its client may be gone, and cannot be seen to be.
const LONGEST_HANG: Duration = Duration::from_hours(1);
/// How long to wait after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Serves a simulator until the future is dropped.
///
/// `on_bound` learns the address before the first request is taken: with port 0 nobody knew it.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    simulator: Arc<Simulator>,
    listen: SocketAddr,
    on_bound: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    on_bound(listener.local_addr()?);
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _peer)) = listener.accept().await else {
            // A connection that was gone already, or no file descriptor left for it: others may go well.
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let simulator = Arc::clone(&simulator);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&simulator), request));
            // How a connection ended concerns its client alone.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(IDLE)
                .half_close(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(simulator: Arc<Simulator>, request: Request<Incoming>) -> io::Result<Response<WireBody>> {
    let (parts, body) = request.into_parts();
    let header = |name| parts.headers.get(name).map(readable);
    let reply = match read(body).await? {
        Some(body) => simulator.handle(&SimRequest {
            method: parts.method.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            authorization: header(AUTHORIZATION),
            content_type: header(CONTENT_TYPE),
            body,
        }),
        None => simulator.refuse_as_too_large(MAX_REQUEST),
    };
    tokio::time::sleep(reply.delay).await;
    match reply.delivery {
        FaultyAnswer::Drop | FaultyAnswer::Refuse => Err(broken_connection()),
        FaultyAnswer::Hang => {
            tokio::time::sleep(LONGEST_HANG).await;
            Err(broken_connection())
        }
        _ => response(&reply),
    }
}

/// Reads a body, a part at a time; gives nothing if there is more than is read.
async fn read(mut body: Incoming) -> io::Result<Option<Vec<u8>>> {
    if body.size_hint().exact().is_some_and(|length| length > MOST_DISCARDED as u64) {
        return Ok(None);
    }
    let (mut read, mut length) = (Vec::new(), 0);
    while let Some(frame) = timeout(IDLE, body.frame()).await? {
        let Ok(data) = frame.map_err(io::Error::other)?.into_data() else { continue };
        length += data.len();
        if length <= MAX_REQUEST {
            read.extend_from_slice(&data);
        } else if length > MOST_DISCARDED {
            break;
        }
    }
    Ok((length <= MAX_REQUEST).then_some(read))
}

fn readable(header: &HeaderValue) -> String {
    String::from_utf8_lossy(header.as_bytes()).into_owned()
}

/// The length is that of the whole body, also when less of it will come.
fn response(reply: &Reply) -> io::Result<Response<WireBody>> {
    let mut builder = Response::builder().status(reply.status).header(CONTENT_LENGTH, reply.body.len());
    for (name, value) in &reply.headers {
        builder = builder.header(*name, value);
    }
    builder.body(reply.wire_body()).map_err(io::Error::other)
}

//! The door over HTTP, for `clustersnap sim`: whatever speaks to RDS can speak to it.
//!
//! It listens where it is told to, on the loopback interface by default, and ends when its future is
//! dropped, together with every connection. It does what a reply says to the letter: a connection that
//! breaks does break.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::Simulator;
use super::query::SimRequest;
use super::reply::{Delivery, Reply, WireBody, broken_connection, never};

/// The most bytes of a request: far more than 50 tags of the greatest length need.
const MAX_REQUEST: usize = 1 << 20;
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
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(simulator: Arc<Simulator>, request: Request<Incoming>) -> io::Result<Response<WireBody>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_REQUEST).collect().await.map_err(io::Error::other)?;
    let reply = simulator.handle(&SimRequest {
        query: parts.uri.query().unwrap_or_default().to_owned(),
        authorization: parts.headers.get(AUTHORIZATION).map(readable),
        body: body.to_bytes().to_vec(),
    });
    tokio::time::sleep(reply.delay).await;
    match reply.delivery {
        Delivery::Dropped | Delivery::Refused => Err(broken_connection()),
        Delivery::Hung => match never().await {},
        Delivery::Whole | Delivery::Truncated(_) | Delivery::Dripped { .. } => response(&reply),
    }
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

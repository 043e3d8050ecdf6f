//! The door over HTTP does what the in-process one does, through a real socket.

use std::net::SocketAddr;

use rustls::RootCertStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::faults::{answers, seen};
use super::*;

pub async fn serve(sim: &Arc<Simulator>) -> (SocketAddr, tokio::task::JoinHandle<std::io::Result<()>>) {
    let (sender, receiver) = oneshot::channel();
    let listen = "127.0.0.1:0".parse().unwrap();
    let server = clustersnap::sim::serve(Arc::clone(sim), listen, |address| sender.send(address).unwrap());
    let task = tokio::spawn(server);
    (receiver.await.unwrap(), task)
}

fn http_client(address: SocketAddr) -> Client {
    let config = config(Duration::from_millis(800)).endpoint_url(format!("http://{address}"));
    // No TLS on the way to a loopback door.
    let door = clustersnap::rds::http::client(Arc::new(RootCertStore::empty())).unwrap();
    Client::from_conf(config.http_client(door).build())
}

pub async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap_or_default();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn every_fault_looks_over_http_as_it_does_in_process() {
    for (answer, expected) in answers() {
        for happened in [false, true] {
            let sim = simulator(fleet(), vec![Fault::on(CREATE).answer(answer.clone()).happened(happened)]);
            let (address, server) = serve(&sim).await;
            assert_eq!(seen(&http_client(address)).await, expected, "{answer:?}");
            assert_eq!((sim.calls(CREATE), sim.creates()), (1, u64::from(happened)), "{answer:?}");
            server.abort();
        }
    }
}

#[tokio::test]
async fn a_truncated_answer_promises_more_than_it_brings() {
    let answer = clustersnap::sim::faults::FaultyAnswer::Truncate { percent: 50 };
    let sim = simulator(fleet(), vec![Fault::on("DescribeDBClusters").answer(answer)]);
    let (address, server) = serve(&sim).await;
    let request =
        "GET /?Action=DescribeDBClusters&Version=2014-10-31 HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\n\r\n";
    let answer = raw(address, request).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    server.abort();
}

#[tokio::test]
async fn a_request_without_credentials_is_refused() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    let request =
        "GET /?Action=DescribeDBClusters&Version=2014-10-31 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = raw(address, request).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("<Code>MissingAuthenticationToken</Code>"), "{answer}");
    assert!(answer.contains("date: Mon, 23 Nov 2026 02:00:0"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn the_server_ends_with_its_future_and_takes_its_connections_along() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    server.abort();
    assert!(server.await.unwrap_err().is_cancelled());
    let end = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 8])).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert!(TcpStream::connect(address).await.is_err());
}

//! The simulator, asked by the real AWS SDK through its in-process door, on paused time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actions;
mod faults;
mod http;
mod places;
mod proofs;
mod protocol;

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_rds::Client;
use aws_sdk_rds::config::retry::RetryConfig;
use aws_sdk_rds::config::timeout::TimeoutConfig;
use aws_sdk_rds::config::{BehaviorVersion, Region};
use aws_sdk_rds::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_rds::operation::create_db_cluster_snapshot::CreateDBClusterSnapshotError;
use clustersnap::sim::faults::{Fault, FaultScript};
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};

const CREATE: &str = "CreateDBClusterSnapshot";

/// A small fleet whose snapshots take a known time.
const FLEET: &str = r#"
[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "100s"
tags = { owner = "dba", "aws:cloudformation:stack-name" = "orders" }

[[cluster]]
identifier = "busy"
engine = "mysql"
status = "backing-up"
available_after = "30s"

[[cluster]]
identifier = "cursed"
engine = "aurora-mysql"
snapshot_takes = "100s"
snapshot_fails_at = 63
"#;

fn fleet() -> Fleet {
    Fleet::from_toml(FLEET).unwrap()
}

fn simulator(fleet: Fleet, faults: Vec<Fault>) -> Arc<Simulator> {
    let options = SimulatorOptions {
        epoch: Some("2026-11-23T02:00:00Z".parse().unwrap()),
        ..SimulatorOptions::default()
    };
    Arc::new(Simulator::new(fleet, FaultScript::new(faults), options))
}

/// A client without retries, whose attempts take at most 10 s.
fn client(simulator: &Arc<Simulator>) -> Client {
    let door = in_process::connector(Arc::clone(simulator));
    Client::from_conf(config(Duration::from_secs(10)).http_client(door).build())
}

/// A configuration without retries, but for where the requests go.
fn config(attempt: Duration) -> aws_sdk_rds::config::Builder {
    aws_sdk_rds::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(attempt).build())
}

async fn create(
    client: &Client,
    cluster: &str,
    name: &str,
) -> Result<aws_sdk_rds::types::DbClusterSnapshot, SdkError<CreateDBClusterSnapshotError>> {
    let request = client.create_db_cluster_snapshot().db_cluster_identifier(cluster);
    let answer = request.db_cluster_snapshot_identifier(name).send().await;
    answer.map(|answer| answer.db_cluster_snapshot.unwrap())
}

/// The wire code of a refusal.
fn code<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    answer: Result<T, SdkError<E>>,
) -> String {
    answer.unwrap_err().code().unwrap_or("none").to_owned()
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

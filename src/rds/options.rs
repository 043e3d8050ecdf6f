//! What a person may choose, and every timeout and retry that requests are made with, in one table.
//!
//! The SDK's defaults change with its behavior version (retries and timeouts did in 2026), so the
//! version is pinned and nothing is left to a default.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;

/// What a person may choose about the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceOptions {
    /// The profile to use; it then comes before credentials in the environment, as with the AWS
    /// command line.
    pub profile: Option<String>,
    /// The Region; otherwise that of the environment, the profile or the instance.
    pub region: Option<String>,
    /// The URL that takes the place of AWS's own for the Region, for RDS and STS.
    pub endpoint_url: Option<String>,
    /// Whether nothing that changes anything may leave.
    pub read_only: bool,
    /// The code of an MFA device, for a role that asks for one.
    pub mfa_code: super::MfaCode,
}

/// How long to wait for who the caller is, where that only adds to what is known.
pub const CALLER: Duration = Duration::from_secs(10);

/// How long a connection may take: DNS, TCP, the proxy's tunnel and TLS together. AWS answers within milliseconds; a
/// name server that is down costs 5 s before the next is asked, and dropped SYNs 3 s. All attempts of a call that
/// credentials are got by have room for it, so that it is told as what it is.
pub(super) const CONNECT: Duration = Duration::from_secs(7);
/// How long one attempt at a read may take, and how long the first byte of its answer.
pub(super) const READ_ATTEMPT: Duration = Duration::from_secs(10);
/// How long a read may take with all its attempts and the pauses between them.
pub(super) const READ: Duration = Duration::from_secs(35);
/// How many attempts a read has.
pub(super) const READ_ATTEMPTS: u32 = 3;
/// How long a create may take. Longer than a read: giving up on it costs more than waiting.
pub(super) const CREATE: Duration = Duration::from_secs(20);
/// How long credentials may take to be found: an SSO refresh, an assumed role, a `credential_process`
/// that asks a person to touch a key.
pub(super) const CREDENTIALS: Duration = Duration::from_secs(30);
/// How long one call that credentials are got by may take, so that it can be told which one took too long.
const CREDENTIALS_CALL: Duration = Duration::from_secs(25);
/// How long before their end credentials are renewed, so that none run out under way.
pub(super) const CREDENTIALS_MARGIN: Duration = Duration::from_mins(2);
/// How long the configuration of this machine may take to be read (a home folder on a dead server).
pub(super) const CONFIGURATION: Duration = Duration::from_secs(10);
/// How long an idle connection is kept. Shorter than what load balancers, NAT gateways and proxies
/// keep (60 s and more), so that a request is not sent into a connection that is already closed.
pub(super) const IDLE_CONNECTION: Duration = Duration::from_secs(20);
/// How long an answer may stand still between two bytes before it counts as lost.
const STALLED: Duration = Duration::from_secs(5);

/// The behavior of the SDK that this room was written and tested for.
pub(super) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Reads are repeated: they change nothing.
pub(super) fn read_retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(READ_ATTEMPTS)
}

pub(super) fn read_timeouts() -> TimeoutConfig {
    timeouts(READ_ATTEMPT, READ)
}

pub(super) fn credentials_timeouts() -> TimeoutConfig {
    timeouts(READ_ATTEMPT, CREDENTIALS_CALL)
}

/// A create is never repeated below [`crate::submit`], which alone knows when it may be.
pub(super) fn once() -> RetryConfig {
    RetryConfig::disabled()
}

/// The read timeout differs from that of reads, and connections are pooled by it: so a create never
/// waits behind a read.
pub(super) fn create_timeouts() -> TimeoutConfig {
    timeouts(CREATE, CREATE)
}

fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(attempt)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

/// Answers only: a request is a few kilobytes and its attempt has a time limit.
pub(super) fn stalled_streams() -> StalledStreamProtectionConfig {
    StalledStreamProtectionConfig::enabled().upload_enabled(false).grace_period(STALLED).build()
}

//! A client of a simulator in this process, in the first place of the demo, and what is sent by it.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use clustersnap::domain::policy::Policy;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::rds::Client;
use clustersnap::submit::{Consent, Submission};
use futures_util::FutureExt as _;

/// The client; nothing that it is made of has to be waited for.
pub fn client(http: SharedHttpClient, is_read_only: bool) -> Client {
    let client = Client::demo(http, "demo", "eu-west-1", None, is_read_only);
    client.now_or_never().expect("nothing to wait for").expect("a Region that there is")
}

/// A request that a person confirmed there, with nothing that could hold it back.
pub fn submission(client: &Client, request: SnapshotRequest) -> Submission {
    Submission {
        request,
        caller: None,
        place: client.target().clone(),
        policy: Policy::default(),
        consent: Consent::default(),
    }
}

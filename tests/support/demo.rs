//! A client of a simulator in this process, in the first place of the demo.

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use clustersnap::rds::Client;
use futures_util::FutureExt as _;

/// The client; nothing that it is made of has to be waited for.
pub fn client(http: SharedHttpClient, is_read_only: bool) -> Client {
    let client = Client::demo(http, "demo", "eu-west-1", None, is_read_only);
    client.now_or_never().expect("nothing to wait for").expect("a Region that there is")
}

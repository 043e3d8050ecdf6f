//! The client: made of the configuration of this machine, or of a door to the embedded simulator.

use std::future::Future;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_config::imds;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_http_client::tls::TlsContext;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::region::Region;

use super::contain::contained;
use super::credentials::{Keeper, Machine, Source};
use super::harmless::harmless;
use super::place::{endpoint, keys, profiles::Profiles, region, trust};
use super::witness::Witness;
use super::{error, guard, http, mend, options};
use crate::domain::context::Place;
use crate::domain::failure::{Failure, FailureKind};
use crate::rds::Options;

/// The Region that the embedded simulator pretends to be in.
const DEMO_REGION: &str = "eu-west-1";

/// A connection to the service in one place, with one set of credentials. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rds: aws_sdk_rds::Client,
    sts: aws_sdk_sts::Client,
    credentials: Keeper,
    place: Place,
}

impl Client {
    /// Reads the configuration of this machine and makes a client of it. Sends nothing to AWS: whether
    /// there are credentials shows at the first call.
    ///
    /// Making a new client reads everything anew, so it is how a person tries again after having put
    /// something right.
    ///
    /// # Errors
    /// `NoRegion` or `Configuration`, with what was looked for, where, and what to do. Ends within
    /// 10 s whatever the disk does.
    pub async fn connect(options: &Options) -> Result<Self, Failure> {
        let limit = options::CONFIGURATION;
        match tokio::time::timeout(limit, contained(Self::configured(options))).await {
            Ok(Ok(configured)) => configured,
            Ok(Err(broken)) => Err(Failure::local(FailureKind::Broken, broken.to_string())),
            Err(_elapsed) => {
                let message =
                    format!("the configuration files could not be read within {} s", limit.as_secs());
                Err(Failure::local(FailureKind::Configuration, message))
            }
        }
    }

    /// Makes a client whose requests all go to `http`, for the embedded simulator and for tests.
    #[must_use]
    pub fn demo(http: SharedHttpClient, is_read_only: bool) -> Self {
        let place = Place {
            profile: None,
            region: Some(DEMO_REGION.to_owned()),
            endpoint: None,
            is_demo: true,
            is_read_only,
        };
        let credentials = Credentials::new("demo", "demo", None, None, "demo");
        let keeper = Keeper::new(Source::Given(credentials));
        let config = SdkConfig::builder()
            .behavior_version(options::behavior())
            .region(Region::from_static(DEMO_REGION))
            .credentials_provider(SharedCredentialsProvider::new(keeper.clone()))
            .identity_cache(IdentityCache::no_cache())
            .retry_config(options::read_retries())
            .timeout_config(options::read_timeouts())
            .stalled_stream_protection(options::stalled_streams())
            .http_client(harmless(http))
            .build();
        Self::of(&config, keeper, place)
    }

    /// Where requests go.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The same client, whose reads are one request each, never repeated below: for whoever keeps a rate.
    #[must_use]
    pub fn once(&self) -> Self {
        let Inner { rds, sts, credentials, place } = &*self.0;
        let once = rds.config().to_builder().retry_config(options::create_retries()).build();
        let rds = aws_sdk_rds::Client::from_conf(once);
        Self(Arc::new(Inner {
            rds,
            sts: sts.clone(),
            credentials: credentials.clone(),
            place: place.clone(),
        }))
    }

    /// The same client with the credentials of this moment, which stay: so all calls of one request are
    /// made in one account, whatever the machine's credentials turn to meanwhile.
    ///
    /// # Errors
    /// Why there are no credentials now. The failure has no effect.
    pub async fn pinned(&self) -> Result<Self, Failure> {
        let Inner { rds, sts, credentials, place } = &*self.0;
        let credentials = credentials.pinned().await?;
        let rds = rds.config().to_builder().credentials_provider(credentials.clone()).build();
        let sts = sts.config().to_builder().credentials_provider(credentials.clone()).build();
        Ok(Self(Arc::new(Inner {
            rds: aws_sdk_rds::Client::from_conf(rds),
            sts: aws_sdk_sts::Client::from_conf(sts),
            credentials,
            place: place.clone(),
        })))
    }

    pub(super) fn rds(&self) -> &aws_sdk_rds::Client {
        &self.0.rds
    }

    pub(super) fn sts(&self) -> &aws_sdk_sts::Client {
        &self.0.sts
    }

    /// Makes sure that there are credentials.
    pub(super) async fn find_credentials(&self) -> Result<(), Failure> {
        self.0.credentials.ready().await
    }

    /// Makes one call, once there are credentials, and tells what its failure means.
    pub(super) async fn ask<T, E>(
        &self,
        witness: &Witness,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.find_credentials().await?;
        match contained(call).await {
            Err(broken) => Err(error::broken(&broken, &witness.seen())),
            Ok(Ok(_)) if !witness.seen().whole => Err(error::unreadable("the answer stops half-way", None)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failed)) => {
                let failure = error::failure(&failed, &witness.seen());
                if failure.kind.is_credentials() {
                    self.0.credentials.forget().await;
                }
                Err(self.advise(failure))
            }
        }
    }

    /// Adds to a failure what only this client knows: the profile's renewal, the proxy, the Region.
    fn advise(&self, failure: Failure) -> Failure {
        if failure.kind != FailureKind::NoConnection {
            return self.0.credentials.advise(failure);
        }
        let place = &self.0.place;
        let proxy = http::proxy_of(&place.url()).map(|proxy| format!("through the proxy {proxy}"));
        let region = place.endpoint.is_none().then_some(place.region.as_deref()).flatten();
        let certificate = failure.message.contains("invalid peer certificate").then(|| {
            "if a proxy here signs certificates itself, name its bundle in AWS_CA_BUNDLE".to_owned()
        });
        let hints = proxy.into_iter().chain(region.and_then(region::hint)).chain(certificate);
        let message = hints.fold(failure.message, |message, hint| format!("{message}; {hint}"));
        Failure { message, ..failure }
    }

    async fn configured(options: &Options) -> Result<Self, Failure> {
        if let Some(url) = &options.endpoint_url {
            endpoint::check(url, "--endpoint-url")?;
        }
        keys::check_agent()?;
        let profiles = Profiles::read(options.profile.as_deref()).await?;
        let in_environment = super::place::variable("AWS_ACCESS_KEY_ID").is_some();
        if let Some(failure) = profiles.needs_code()
            && (profiles.is_chosen || !in_environment)
        {
            return Err(failure);
        }
        let http = http::client(trusted(profiles.clone()).await?);
        let providers = providers(&http);
        let metadata = metadata(&providers);
        let region = region::find(options.region.as_deref(), &profiles, &metadata).await?;
        // STS is not where a chosen endpoint is, as with the AWS command line.
        let roles = load(None, &profiles, region.clone(), http.clone()).await;
        let keeper = Keeper::new(Source::Machine(Box::new(Machine {
            config: providers.with_region(Some(Region::new(region.clone()))),
            roles,
            profiles: profiles.clone(),
            metadata,
        })));
        let config = load(options.endpoint_url.as_deref(), &profiles, region.clone(), http).await;
        let config = config
            .into_builder()
            .credentials_provider(SharedCredentialsProvider::new(keeper.clone()))
            .build();
        let endpoint = endpoint(options, &config)?;
        let place = Place {
            profile: options.profile.clone().or_else(|| super::place::variable("AWS_PROFILE")),
            region: Some(region),
            endpoint,
            is_demo: false,
            is_read_only: options.read_only,
        };
        Ok(Self::of(&config, keeper, place))
    }

    fn of(config: &SdkConfig, credentials: Keeper, place: Place) -> Self {
        let mut rds = aws_sdk_rds::config::Builder::from(config).interceptor(mend::Mend);
        let mut sts = aws_sdk_sts::config::Builder::from(config);
        if place.is_read_only {
            rds = rds.interceptor(guard::ReadOnly);
            sts = sts.interceptor(guard::ReadOnly);
        }
        let rds = aws_sdk_rds::Client::from_conf(rds.build());
        let sts = aws_sdk_sts::Client::from_conf(sts.build());
        Self(Arc::new(Inner { rds, sts, credentials, place }))
    }
}

/// The trusted certificates, read where a file that never ends holds nothing else up.
async fn trusted(profiles: Profiles) -> Result<TlsContext, Failure> {
    let read = tokio::task::spawn_blocking(move || trust::load(&profiles));
    read.await.unwrap_or_else(|error| Err(Failure::local(FailureKind::Configuration, error.to_string())))
}

/// What the sources of credentials (SSO, assumed roles, metadata services) make their own calls with.
fn providers(http: &SharedHttpClient) -> ProviderConfig {
    let config = ProviderConfig::without_region()
        .with_behavior_version(Some(options::behavior()))
        .with_http_client(http.clone())
        .with_retry_config(options::read_retries())
        .with_timeout_config(options::read_timeouts());
    match default_async_sleep() {
        Some(sleep) => config.with_sleep_impl(sleep),
        None => config,
    }
}

/// A client of the instance metadata service that gives up soon: by default it takes some 20 s to find
/// that there is none.
fn metadata(providers: &ProviderConfig) -> imds::Client {
    imds::Client::builder()
        .configure(providers)
        .max_attempts(1)
        .connect_timeout(options::METADATA)
        .read_timeout(options::METADATA)
        .operation_attempt_timeout(options::METADATA)
        .operation_timeout(options::METADATA)
        .build()
}

/// The configuration of this machine, without credentials.
async fn load(
    endpoint_url: Option<&str>,
    profiles: &Profiles,
    region: String,
    http: SharedHttpClient,
) -> SdkConfig {
    let mut loader = aws_config::defaults(options::behavior())
        .profile_name(profiles.name())
        .profile_files(profiles.contents())
        .region(Region::new(region))
        .http_client(http)
        .no_credentials()
        .identity_cache(IdentityCache::no_cache())
        .retry_config(options::read_retries())
        .timeout_config(options::read_timeouts())
        .stalled_stream_protection(options::stalled_streams());
    if let Some(url) = endpoint_url {
        loader = loader.endpoint_url(url);
    }
    loader.load().await
}

/// The endpoint in use where it is not AWS's own, checked.
fn endpoint(options: &Options, config: &SdkConfig) -> Result<Option<String>, Failure> {
    let endpoint = options.endpoint_url.clone().or_else(|| endpoint::configured(config));
    if let Some(url) = &endpoint {
        endpoint::check(url, "the endpoint URL of the environment or the profile")?;
        if config.use_fips() == Some(true) || config.use_dual_stack() == Some(true) {
            let message = "an endpoint URL goes neither with use_fips_endpoint (AWS_USE_FIPS_ENDPOINT) nor with \
                           use_dualstack_endpoint (AWS_USE_DUALSTACK_ENDPOINT); unset one of them";
            return Err(Failure::local(FailureKind::Configuration, message));
        }
    }
    Ok(endpoint)
}

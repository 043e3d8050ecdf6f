//! The client: made of the configuration of this machine, or of a door to the embedded simulator.

use std::future::Future;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::call_probe::{CallProbe, asked_whole};
use super::contain::contained;
use super::environment::endpoint::{self, Variant};
use super::environment::metadata::Metadata;
use super::environment::profiles::Profiles;
use super::environment::{blocking, keys, region, trust};
use super::identity::keeper::{HeldCredentials, Keeper};
use super::identity::machine::{self, Machine};
use super::{guard, http, mend, options, sdk};
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind};
use crate::rds::ServiceOptions;

/// A connection to the service in one place, with one set of credentials. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    /// What the client of RDS is made with, but for the credentials.
    rds_config: SdkConfig,
    rds: aws_sdk_rds::Client,
    /// The same of STS. Who asks is optional: where STS has no endpoint that can be used, RDS may have one.
    sts: Result<SdkConfig, Failure>,
    credentials: Keeper,
    place: Target,
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
    pub async fn connect(options: &ServiceOptions) -> Result<Self, Failure> {
        let limit = options::CONFIGURATION;
        match tokio::time::timeout(limit, contained(Self::configured(options))).await {
            Ok(Ok(configured)) => configured,
            Ok(Err(broken)) => Err(Failure::local(FailureKind::Broken, broken.to_string())),
            Err(_elapsed) => {
                let message = format!(
                    "its files, or the instance's Region, could not be read within {} s",
                    limit.as_secs()
                );
                Err(Failure::local(FailureKind::Configuration, message))
            }
        }
    }

    /// The MFA device that a code has to be asked of first, by its serial, if one is needed and was not given: of the
    /// first place that has one. Reads files only, for 10 s at most; what is wrong with them [`Self::connect`] tells.
    pub async fn device(places: &[ServiceOptions]) -> Option<String> {
        let look = async {
            for options in places {
                let Ok(profiles) = Profiles::read(options.profile.as_deref()).await else { continue };
                let device = machine::device(&profiles, &options.mfa_code);
                if device.is_some() {
                    return device;
                }
            }
            None
        };
        tokio::time::timeout(options::CONFIGURATION, look).await.ok()?
    }

    /// Makes a client whose requests all go to `http`, the embedded simulator: in a Region, with the access key by
    /// which the simulator knows an account.
    ///
    /// # Errors
    /// `NoRegion` or `Configuration`: the Region's name cannot be used.
    pub async fn demo(
        http: SharedHttpClient,
        access_key: &str,
        region: &str,
        profile: Option<String>,
        is_read_only: bool,
    ) -> Result<Self, Failure> {
        region::check(region, "--region")?;
        let resolved = Some(endpoint::resolved(region, None, Variant::default()).await?);
        let given = Credentials::new(access_key, "demo", None, None, "demo");
        let config = sdk::config(&http, region, None, Variant::default());
        let region = Some(region.to_owned());
        let place = Target { profile, region, resolved, is_demo: true, is_read_only, ..Target::default() };
        Ok(Self::of(config.clone(), Ok(config), Keeper::new(HeldCredentials::Given(given)), place))
    }

    /// Where requests go.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.0.place
    }

    /// The same client, whose reads are one request each, never repeated below: for whoever keeps a rate.
    pub(crate) fn once(&self) -> Self {
        let Inner { rds_config, sts, credentials, place, .. } = (*self.0).clone();
        Self::of(rds_config.into_builder().retry_config(options::once()).build(), sts, credentials, place)
    }

    /// The same client with the credentials of this moment, which stay: so all calls of one request are
    /// made in one account, whatever the machine's credentials turn to meanwhile.
    ///
    /// # Errors
    /// Why there are no credentials now. The failure has no effect.
    pub async fn pinned(&self) -> Result<Self, Failure> {
        let Inner { rds_config, sts, credentials, place, .. } = (*self.0).clone();
        Ok(Self::of(rds_config, sts, credentials.pinned().await?, place))
    }

    pub(super) fn rds(&self) -> &aws_sdk_rds::Client {
        &self.0.rds
    }

    pub(super) fn sts(&self) -> Result<aws_sdk_sts::Client, Failure> {
        let config = aws_sdk_sts::config::Builder::from(&self.0.sts.clone()?);
        let config = config.credentials_provider(SharedCredentialsProvider::new(self.0.credentials.clone()));
        Ok(aws_sdk_sts::Client::from_conf(config.build()))
    }

    /// Makes sure that there are credentials.
    pub(super) async fn find_credentials(&self) -> Result<(), Failure> {
        self.0.credentials.ready().await
    }

    /// Makes one call, once there are credentials, and tells what its failure means.
    pub(super) async fn ask<T, E>(
        &self,
        asking: (CallProbe, impl Future<Output = Result<T, SdkError<E, HttpResponse>>>),
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.find_credentials().await?;
        match asked_whole(asking).await {
            Ok(answer) => Ok(answer),
            Err(failure) => {
                if failure.kind.is_credentials() {
                    self.0.credentials.forget().await;
                }
                Err(self.advise(failure))
            }
        }
    }

    /// Adds to a failure what only this client knows: the profile's renewal.
    fn advise(&self, failure: Failure) -> Failure {
        if failure.kind == FailureKind::Forbidden {
            let advice = "a permission more does not help; ask whoever keeps that policy";
            return failure.reworded(|words| format!("{words}; {advice}"));
        }
        self.0.credentials.advise(failure)
    }

    async fn configured(options: &ServiceOptions) -> Result<Self, Failure> {
        let given = options.endpoint_url.as_deref();
        let given = given.map(|url| endpoint::check(url, "--endpoint-url")).transpose()?;
        keys::check_agent()?;
        let profiles = Profiles::read(options.profile.as_deref()).await?;
        profiles.check_single(profiles.name())?;
        machine::check_code(&profiles, &options.mfa_code)?;
        let trusting = profiles.clone();
        let http = http::client(blocking(move || trust::load(&trusting)).await?)?;
        let metadata = Metadata::find(&http, &profiles)?;
        let named = region::find(options.region.as_deref(), &profiles, &metadata).await?;
        let (region, is_fips) = region::of_fips(&named);
        let variant = Variant::find(&profiles, is_fips);
        let custom = match given {
            Some(url) => Some(url),
            None => endpoint::configured(&profiles, "rds")?,
        };
        let url = endpoint::resolved(&region, custom.as_deref(), variant).await?;
        let asked = profiles.asked_for().map(str::to_owned);
        let is_who_asks = asked.is_none() || machine::is_who_asks(&profiles);
        let (profile, passed_over) = if is_who_asks { (asked, None) } else { (None, asked) };
        let place = Target {
            profile,
            passed_over,
            region: Some(region.clone()),
            endpoint: custom.clone(),
            resolved: Some(url),
            is_demo: false,
            is_read_only: options.read_only,
        };
        let rds = sdk::config(&http, &region, custom.as_deref(), variant);
        let sts = match &options.endpoint_url {
            Some(_) => Ok(rds.clone()),
            None => sdk::of_service(&http, &profiles, "sts", &named),
        };
        let mfa = options.mfa_code.clone();
        let machine = Machine { http, region: named, profiles, metadata, mfa };
        Ok(Self::of(rds, sts, Keeper::new(HeldCredentials::Machine(Box::new(machine))), place))
    }

    fn of(
        rds_config: SdkConfig,
        sts: Result<SdkConfig, Failure>,
        credentials: Keeper,
        place: Target,
    ) -> Self {
        let mut rds = aws_sdk_rds::config::Builder::from(&rds_config)
            .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
            .interceptor(mend::Mend);
        if place.is_read_only {
            rds = rds.interceptor(guard::ReadOnly);
        }
        let rds = aws_sdk_rds::Client::from_conf(rds.build());
        Self(Arc::new(Inner { rds_config, rds, sts, credentials, place }))
    }
}

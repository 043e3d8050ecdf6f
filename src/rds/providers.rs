//! The places where credentials are looked for, in the order of the AWS command line: a profile that was chosen
//! for this run comes before the environment.
//!
//! They are the SDK's own, except for what it leaves without a limit: a `credential_process`, which is run here,
//! and files, whose size is looked at first.

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};

use super::credentials::Machine;
use super::place::profiles::Profiles;
use super::place::sources::{Process, check_token_file};
use super::place::variable;
use super::process;

/// Asks every place in turn.
pub(super) async fn ask(machine: &Machine, profiles: Profiles) -> provider::Result {
    let Machine { config, roles, metadata, .. } = machine;
    let is_chosen = profiles.is_chosen;
    let profile = OfProfile { config: config.clone(), roles: roles.clone(), profiles };
    let token = OfFile {
        variable: "AWS_WEB_IDENTITY_TOKEN_FILE",
        provider: WebIdentityTokenCredentialsProvider::builder().configure(config).build(),
    };
    let container = OfFile {
        variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        provider: EcsCredentialsProvider::builder().configure(config).build(),
    };
    let instance = ImdsCredentialsProvider::builder().configure(config).imds_client(metadata.clone()).build();
    let places = if is_chosen {
        CredentialsProviderChain::first_try("Profile", profile)
    } else {
        CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
            .or_else("Profile", profile)
            .or_else("WebIdentityToken", token)
    };
    let places = places.or_else("EcsContainer", container).or_else("Ec2InstanceMetadata", instance);
    places.provide_credentials().await
}

/// The credentials of a profile.
#[derive(Debug)]
struct OfProfile {
    config: ProviderConfig,
    roles: SdkConfig,
    profiles: Profiles,
}

impl OfProfile {
    async fn find(&self) -> provider::Result {
        if let Some(process) = self.profiles.process() {
            return self.run(process).await;
        }
        self.profiles.check_token_files().map_err(CredentialsError::provider_error)?;
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&self.config)
            .profile_files(self.profiles.contents())
            .profile_name(self.profiles.name())
            .build();
        provider.provide_credentials().await
    }

    /// Runs the process, and assumes the roles from what it gives.
    async fn run(&self, process: Process) -> provider::Result {
        let own = process::run(&process.command).await.map_err(CredentialsError::provider_error)?;
        let mut latest = SharedCredentialsProvider::new(own);
        for role in process.roles {
            let mut builder = AssumeRoleProvider::builder(role.arn).configure(&self.roles);
            if let Some(id) = role.external_id {
                builder = builder.external_id(id);
            }
            if let Some(name) = role.session_name {
                builder = builder.session_name(name);
            }
            latest = SharedCredentialsProvider::new(builder.build_from_provider(latest).await);
        }
        latest.provide_credentials().await
    }
}

impl ProvideCredentials for OfProfile {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.find())
    }
}

/// Credentials for a token that the SDK reads from a file which a variable names.
#[derive(Debug)]
struct OfFile<P> {
    variable: &'static str,
    provider: P,
}

impl<P: ProvideCredentials> ProvideCredentials for OfFile<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            if let Some(path) = variable(self.variable) {
                check_token_file(self.variable, path.as_ref()).map_err(CredentialsError::provider_error)?;
            }
            self.provider.provide_credentials().await
        })
    }
}

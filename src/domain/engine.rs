//! The engine family of a DB cluster, told from what `DescribeDBClusters` reports.

use strum::{AsRefStr, EnumString};

/// What kind of cluster it is, as a person would name it. Its text is what the service reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsRefStr, EnumString)]
pub enum EngineFamily {
    /// Aurora with MySQL compatibility (`aurora-mysql`, or the retired `aurora`).
    #[strum(to_string = "aurora-mysql", serialize = "aurora")]
    AuroraMysql,
    /// Aurora with PostgreSQL compatibility.
    #[strum(to_string = "aurora-postgresql")]
    AuroraPostgresql,
    /// A Multi-AZ DB cluster of MySQL.
    #[strum(to_string = "mysql")]
    MultiAzMysql,
    /// A Multi-AZ DB cluster of PostgreSQL.
    #[strum(to_string = "postgres")]
    MultiAzPostgresql,
    /// Amazon Neptune, which the same call lists although it is another service.
    #[strum(to_string = "neptune")]
    Neptune,
    /// Amazon DocumentDB, likewise.
    #[strum(to_string = "docdb")]
    DocumentDb,
    /// Anything else, verbatim.
    #[strum(default, transparent)]
    Other(String),
}

/// How a cluster's capacity is provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// Instances of a fixed class.
    Provisioned,
    /// Aurora Serverless v1 (`EngineMode` is `serverless`).
    ServerlessV1,
    /// Aurora Serverless v2 (a `ServerlessV2ScalingConfiguration` is reported).
    ServerlessV2,
    /// Aurora PostgreSQL Limitless (`ClusterScalabilityType` is `limitless`).
    Limitless,
}

impl EngineFamily {
    /// Tells the family from the reported engine.
    pub(crate) fn reported(engine: &str) -> Self {
        Self::from(engine)
    }

    /// Whether it is another service's, so that its clusters are no RDS clusters.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::Neptune | Self::DocumentDb)
    }

    /// The family's name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::AuroraMysql => "Aurora MySQL",
            Self::AuroraPostgresql => "Aurora PostgreSQL",
            Self::MultiAzMysql => "Multi-AZ MySQL",
            Self::MultiAzPostgresql => "Multi-AZ PostgreSQL",
            Self::Neptune => "Neptune",
            Self::DocumentDb => "DocumentDB",
            Self::Other(text) => text,
        }
    }

    /// The engine's name for the service.
    pub(crate) fn reported_name(&self) -> &str {
        self.as_ref()
    }

    /// The family's name where there is little room.
    pub(crate) fn short_name(&self) -> &str {
        match self {
            Self::AuroraPostgresql => "Aurora PG",
            Self::MultiAzPostgresql => "Multi-AZ PG",
            other => other.name(),
        }
    }
}

impl Capacity {
    /// The word that stands behind the family's name; none for provisioned capacity.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Provisioned => None,
            Self::ServerlessV1 => Some("Serverless v1"),
            Self::ServerlessV2 => Some("Serverless v2"),
            Self::Limitless => Some("Limitless"),
        }
    }
}

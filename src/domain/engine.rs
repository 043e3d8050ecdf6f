//! The engine family of a DB cluster, told from what `DescribeDBClusters` reports.

/// What kind of cluster it is, as a person would name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EngineFamily {
    /// Aurora with MySQL compatibility (`aurora-mysql`, or the retired `aurora`).
    AuroraMysql,
    /// Aurora with PostgreSQL compatibility (`aurora-postgresql`).
    AuroraPostgresql,
    /// A Multi-AZ DB cluster of MySQL (`mysql`).
    MultiAzMysql,
    /// A Multi-AZ DB cluster of PostgreSQL (`postgres`).
    MultiAzPostgresql,
    /// Neptune or DocumentDB, which the same call lists and which are no RDS clusters.
    Foreign(ForeignEngine),
    /// Anything else, verbatim.
    Other(String),
}

/// An engine that `DescribeDBClusters` lists although it is another service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignEngine {
    /// Amazon Neptune.
    Neptune,
    /// Amazon DocumentDB.
    DocumentDb,
}

impl ForeignEngine {
    /// The service's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Neptune => "Neptune",
            Self::DocumentDb => "DocumentDB",
        }
    }
}

/// How a cluster's capacity is provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    #[must_use]
    pub fn reported(engine: &str) -> Self {
        match engine {
            "aurora-mysql" | "aurora" => Self::AuroraMysql,
            "aurora-postgresql" => Self::AuroraPostgresql,
            "mysql" => Self::MultiAzMysql,
            "postgres" => Self::MultiAzPostgresql,
            "neptune" => Self::Foreign(ForeignEngine::Neptune),
            "docdb" => Self::Foreign(ForeignEngine::DocumentDb),
            other => Self::Other(other.to_owned()),
        }
    }

    /// The family's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::AuroraMysql => "Aurora MySQL",
            Self::AuroraPostgresql => "Aurora PostgreSQL",
            Self::MultiAzMysql => "Multi-AZ MySQL",
            Self::MultiAzPostgresql => "Multi-AZ PostgreSQL",
            Self::Foreign(foreign) => foreign.name(),
            Self::Other(text) => text,
        }
    }

    /// The engine's name for the service.
    #[must_use]
    pub fn reported_name(&self) -> &str {
        match self {
            Self::AuroraMysql => "aurora-mysql",
            Self::AuroraPostgresql => "aurora-postgresql",
            Self::MultiAzMysql => "mysql",
            Self::MultiAzPostgresql => "postgres",
            Self::Foreign(ForeignEngine::Neptune) => "neptune",
            Self::Foreign(ForeignEngine::DocumentDb) => "docdb",
            Self::Other(text) => text,
        }
    }

    /// The family's name where there is little room.
    #[must_use]
    pub fn short_name(&self) -> &str {
        match self {
            Self::AuroraPostgresql => "Aurora PG",
            Self::MultiAzPostgresql => "Multi-AZ PG",
            other => other.name(),
        }
    }
}

impl Capacity {
    /// The word that stands behind the family's name; none for provisioned capacity.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Provisioned => None,
            Self::ServerlessV1 => Some("Serverless v1"),
            Self::ServerlessV2 => Some("Serverless v2"),
            Self::Limitless => Some("Limitless"),
        }
    }
}

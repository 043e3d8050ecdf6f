//! The Region: where it is looked for, its form, and a hint when it is probably mistyped.

use strsim::levenshtein;

use super::metadata::Metadata;
use super::order;
use super::profiles::Profiles;
use super::set_to;
use crate::domain::failure::{Failure, FailureKind};

/// The Regions known here, for hints only: AWS opens new ones, and none is refused for not being here.
/// Source: "Regions, Availability Zones, and Local Zones" (RDS user guide).
pub(crate) const KNOWN: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Finds the Region: chosen, in the environment, in the profile, or that of the instance.
///
/// # Errors
/// `NoRegion`: none was found, or what was found is not the name of one.
pub(crate) async fn find(
    chosen: Option<&str>,
    profiles: &Profiles,
    metadata: &Metadata,
) -> Result<String, Failure> {
    if let Some((name, origin)) = named(chosen, profiles) {
        check(&name, &origin)?;
        return Ok(name);
    }
    let asked = async { metadata.visit().await?.get("placement/region").await };
    let why = match asked.await {
        Ok(region) => {
            check(region.trim(), "the instance metadata service")?;
            return Ok(region.trim().to_owned());
        }
        Err(failure) => failure.message,
    };
    Err(Failure::local(
        FailureKind::NoRegion,
        format!(
            "looked for --region, AWS_REGION, AWS_DEFAULT_REGION, a Region in {}, and the instance metadata \
             service ({why}); start again with --region, such as --region eu-west-1",
            profiles.describe(),
        ),
    ))
}

/// The Region that a name stands for, and whether the name asks for its FIPS endpoint, as `fips-us-east-1` and
/// `us-gov-west-1-fips` do: read as the AWS command line reads it.
pub(crate) fn of_fips(name: &str) -> (String, bool) {
    let region = name.replace("fips-", "").replace("-fips", "");
    let is_fips = region != name;
    (region, is_fips)
}

/// The Region that was chosen, or that the environment or the profile names, and where it stands.
pub(crate) fn named(chosen: Option<&str>, profiles: &Profiles) -> Option<(String, String)> {
    let chosen = chosen.filter(|name| !name.is_empty());
    let given = chosen.map(|name| (name.to_owned(), "--region".to_owned()));
    let environment = || order::REGION.into_iter().find_map(|name| Some((set_to(name)?, name.to_owned())));
    let profile =
        || Some((profiles.get("region")?.to_owned(), format!("the Region of {}", profiles.describe())));
    given.or_else(environment).or_else(profile)
}

/// Checks that a Region's name can be part of a host name. Whether there is such a Region only AWS knows.
pub(crate) fn check(name: &str, origin: &str) -> Result<(), Failure> {
    if is_label(name) {
        return Ok(());
    }
    if name.is_empty() {
        let message = format!("{origin} is set to nothing; unset it, or give it the name of a Region");
        return Err(Failure::local(FailureKind::NoRegion, message));
    }
    let shown: String = name.chars().take(64).collect();
    let lower = name.trim().to_ascii_lowercase();
    let advice =
        if is_label(&lower) { format!("write it as {lower}") } else { "one is called eu-west-1".to_owned() };
    Err(Failure::local(
        FailureKind::NoRegion,
        format!("'{shown}' ({origin}) is not the name of a Region; {advice}"),
    ))
}

/// Whether a name can be part of a host's, as botocore wants it (`validate_region_name`), but in small letters.
pub(crate) fn is_label(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.bytes().all(|b| b.is_ascii_digit())
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// A hint for a Region that is not known here: the nearest one that is.
pub(crate) fn hint(name: &str) -> Option<String> {
    if KNOWN.contains(&name) {
        return None;
    }
    let nearest = KNOWN.iter().map(|known| (levenshtein(name, known), known)).min()?;
    Some(match nearest {
        (0..=2, known) => format!("there may be no Region {name}; was {known} meant?"),
        _ => format!("there may be no Region {name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_region_is_told_apart_from_a_new_one() {
        assert_eq!(
            hint("us-esat-1").as_deref(),
            Some("there may be no Region us-esat-1; was us-east-1 meant?")
        );
        assert_eq!(hint("xx-nowhere-9").as_deref(), Some("there may be no Region xx-nowhere-9"));
        assert_eq!(hint("eu-west-1"), None);
    }

    #[test]
    fn a_name_with_fips_in_it_is_that_of_a_region_and_its_fips_endpoint() {
        for (name, region, is_fips) in [
            ("fips-us-east-1", "us-east-1", true),
            ("us-gov-west-1-fips", "us-gov-west-1", true),
            ("us-east-1", "us-east-1", false),
        ] {
            assert_eq!(of_fips(name), (region.to_owned(), is_fips));
        }
    }

    #[test]
    fn what_cannot_be_part_of_a_host_name_is_no_region() {
        for name in ["eu-west-1", "xx-new-region-1", "local"] {
            assert_eq!(check(name, "--region"), Ok(()), "{name}");
        }
        for (name, advice) in [
            ("EU-West-1", "write it as eu-west-1"),
            (" eu-west-1", "write it as eu-west-1"),
            ("a/b", "eu-west-1"),
            ("1234", "eu-west-1"),
        ] {
            let failure = check(name, "--region").expect_err(name);
            assert_eq!(failure.kind, FailureKind::NoRegion);
            assert!(failure.message.contains(advice), "{}", failure.message);
        }
    }
}

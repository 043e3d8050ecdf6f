//! What can be opened: the profiles of this machine and the Regions, with those that were used lately.

use super::account::{AccountId, partition};

/// A profile of the files of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The account that its credentials belong to, where the files say it.
    pub account: Option<AccountId>,
    /// How it gets its credentials, in a few words, or that it cannot.
    pub credentials: String,
    /// Its Region, where the files name one.
    pub region: Option<String>,
    /// Whether the embedded simulator answers for it.
    pub is_demo: bool,
}

/// What can be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The profiles, by name.
    pub profiles: Vec<Profile>,
    /// The Regions that are known; AWS opens new ones.
    pub regions: Vec<String>,
    /// The profile and Region of each place that was chosen earlier, the latest first, each once.
    pub used: Vec<(String, String)>,
}

impl Choices {
    /// The Region that was chosen last for a profile.
    pub(crate) fn last_region_of(&self, profile: &str) -> Option<&str> {
        self.used.iter().find(|(used, _)| used == profile).map(|(_, region)| region.as_str())
    }

    /// The Regions of the partition of one of them, those used lately first.
    pub(crate) fn regions_beside(&self, region: Option<&str>) -> Vec<&str> {
        let own = partition(region.unwrap_or_default());
        let lately = self.used.iter().map(|(_, region)| region);
        let mut found: Vec<&str> = Vec::new();
        for region in lately.chain(&self.regions) {
            if partition(region) == own && !found.contains(&region.as_str()) {
                found.push(region);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_used_lately_come_first_and_none_is_of_another_partition() {
        let owned = |text: &&str| (*text).to_owned();
        let used = [("prod", "eu-west-1"), ("dr", "eu-central-1"), ("prod", "cn-north-1")];
        let choices = Choices {
            profiles: Vec::new(),
            regions: ["cn-north-1", "eu-central-1", "us-east-1"].iter().map(owned).collect(),
            used: used.map(|(profile, region)| (profile.to_owned(), region.to_owned())).to_vec(),
        };
        assert_eq!(choices.regions_beside(Some("us-east-1")), ["eu-west-1", "eu-central-1", "us-east-1"]);
        assert_eq!(choices.regions_beside(Some("cn-northwest-1")), ["cn-north-1"]);
        assert_eq!(choices.last_region_of("prod"), Some("eu-west-1"));
        assert_eq!(choices.last_region_of("dba"), None);
    }
}

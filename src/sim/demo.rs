//! The places of `--demo`: three accounts, each in a Region of its own, behind one simulator.

/// A place of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPlace {
    /// What takes the place of a profile's name.
    pub profile: &'static str,
    /// The account's number.
    pub account: &'static str,
    /// The Region that the profile names.
    pub region: &'static str,
}

/// The places, the first of which opens where none is named.
pub const DEMO_PLACES: [DemoPlace; 3] = [
    DemoPlace { profile: "demo", account: "123456789012", region: "eu-west-1" },
    DemoPlace { profile: "demo-dr", account: "210000000002", region: "eu-central-1" },
    DemoPlace { profile: "demo-staging", account: "210000000001", region: "us-east-1" },
];

impl DemoPlace {
    /// The access key by which the simulator knows the account.
    pub(crate) fn access_key(&self) -> String {
        format!("SIM{}", self.account)
    }

    /// The place of a profile, or the first where none is named; `None` if there is no such profile.
    pub(crate) fn named(profile: Option<&str>) -> Option<Self> {
        let [first, ..] = DEMO_PLACES;
        match profile {
            None => Some(first),
            Some(name) => DEMO_PLACES.into_iter().find(|place| place.profile == name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::places::of_key;
    use super::*;

    #[test]
    fn each_place_of_the_demo_is_known_by_its_access_key() {
        for place in DEMO_PLACES {
            assert_eq!(of_key(&place.access_key()), Some(place.account));
        }
        assert_eq!(DemoPlace::named(None).map(|place| place.profile), Some("demo"));
        assert_eq!(DemoPlace::named(Some("demo-dr")).map(|place| place.region), Some("eu-central-1"));
        assert_eq!(DemoPlace::named(Some("prod")), None);
    }
}

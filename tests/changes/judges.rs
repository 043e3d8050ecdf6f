//! What a change and a clean-up leave, with boto3 and the AWS command line as judges: the same snapshots of the same
//! clusters, with the same tags.

use std::collections::BTreeMap;
use std::process::Command;

use super::support::venv::Venv;
use super::world::World;
use super::*;

/// A snapshot: its name, its cluster, its tags.
type Held = (String, String, BTreeMap<String, String>);

/// The text of a member.
fn text(row: &Value, member: &str) -> String {
    row[member].as_str().unwrap_or_default().to_owned()
}

/// Tags as this program and AWS list them: the members have names of their own.
fn tags(list: &Value, [key, value]: [&str; 2]) -> BTreeMap<String, String> {
    list.as_array().unwrap().iter().map(|tag| (text(tag, key), text(tag, value))).collect()
}

/// Both judges on what a service holds.
struct Judges<'a> {
    venv: Venv,
    world: &'a World,
}

impl Judges<'_> {
    fn asked(&self, mut command: Command) -> Value {
        let output = command.env("AWS_ENDPOINT_URL", &self.world.served.url).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What boto3 lists.
    fn boto3(&self) -> Vec<Held> {
        let rows = self.asked(self.venv.script("holds.py"));
        let held = |row: &Value| {
            (text(row, "id"), text(row, "cluster"), serde_json::from_value(row["tags"].clone()).unwrap())
        };
        rows.as_array().unwrap().iter().map(held).collect()
    }

    /// What the AWS command line lists.
    fn aws(&self) -> Vec<Held> {
        let mut aws = self.venv.command("aws");
        aws.args(["rds", "describe-db-cluster-snapshots", "--snapshot-type", "manual", "--output", "json"]);
        let listed = self.asked(aws);
        let held = |row: &Value| {
            let names = [text(row, "DBClusterSnapshotIdentifier"), text(row, "DBClusterIdentifier")];
            let [id, cluster] = names;
            (id, cluster, tags(&row["TagList"], ["Key", "Value"]))
        };
        let mut all: Vec<Held> = listed["DBClusterSnapshots"].as_array().unwrap().iter().map(held).collect();
        all.sort();
        all
    }

    /// What both list, which is the same.
    #[track_caller]
    fn agreed(&self) -> Vec<Held> {
        let (boto3, aws) = (self.boto3(), self.aws());
        assert_eq!(boto3, aws);
        boto3
    }
}

#[test]
fn boto3_and_the_aws_command_line_agree_with_a_change_its_report_and_a_clean_up() {
    let old = "[[cluster.snapshot]]\nidentifier = \"old-N\"\nkind = \"manual\"\nage = \"200d\"\ntags = { team = \"x\" }\n";
    let with_old = |fleet: String, n: usize| {
        let cluster = format!("team = \"t{n}\" }}\n");
        fleet.replace(&cluster, &format!("{cluster}{}", old.replace('N', &n.to_string())))
    };
    let world = World::with("", &(0..4).fold(clusters(4), with_old));
    let judges = Judges { venv: Venv::ready(), world: &world };
    let before = judges.agreed();
    assert_eq!(
        before.iter().map(|held| held.0.as_str()).collect::<Vec<_>>(),
        ["old-0", "old-1", "old-2", "old-3"]
    );

    // The creates of a change: what was told of each is what they list, and nothing else is there.
    let mut words = create(4);
    words.extend(["--tag", "ticket=T 1", "--wait"].map(str::to_owned));
    let rows = world.run(&refs(&words)).data("change_items");
    let told = |row: &Value| (text(row, "id"), text(row, "cluster"), tags(&row["tags"], ["key", "value"]));
    let mut made: Vec<Held> = rows.as_array().unwrap().iter().map(told).collect();
    made.sort();
    let held = judges.agreed();
    let (kept, new): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|held| before.contains(held));
    assert_eq!((kept, &new), (before.clone(), &made));
    let report = world.run(&["report", CHANGE, "--json"]).data("report");
    let mut reported: Vec<_> = report["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(row, "id"), text(row, "number")))
        .collect();
    reported.sort();
    let marked: Vec<_> =
        new.iter().map(|held| (held.0.clone(), held.2["clustersnap:request"].clone())).collect();
    assert_eq!((reported, &report["usable"]), (marked, &4.into()));
    for (_, _, tags) in &new {
        assert_eq!(
            (tags["change"].as_str(), tags["ticket"].as_str(), tags["owner"].as_str()),
            (CHANGE, "T 1", "dba")
        );
    }

    // Tags of two of them, and the deletion of three old ones: the rest is as it was.
    let tagged = world.run(&["tag", &new[0].0, &new[1].0, "ticket=T 2", "-owner", "--json"]);
    assert_eq!(tagged.code, 0, "{}", tagged.err);
    let deleted = world.run(&["delete", "--filter", "age>90d -old-2", "--yes", "3", "--json"]);
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    let mut expected = vec![before[2].clone()];
    expected.extend(new);
    expected.sort();
    for held in expected.iter_mut().filter(|held| [&made[0].0, &made[1].0].contains(&&held.0)) {
        held.2.insert("ticket".to_owned(), "T 2".to_owned());
        held.2.remove("owner");
    }
    assert_eq!(judges.agreed(), expected);
    let calls =
        ["CreateDBClusterSnapshot", "DeleteDBClusterSnapshot", "AddTagsToResource", "RemoveTagsFromResource"];
    assert_eq!(calls.map(|action| world.simulator.calls(action)), [4, 3, 2, 2], "each was sent once");
}

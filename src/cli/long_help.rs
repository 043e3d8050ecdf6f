//! What the long help says after the options: examples, formats, exit codes. A line that ends with a colon and is
//! not indented is a heading, also of the manual pages. No line is longer than 80 columns, where one would be broken:
//! an example can be pasted as it stands.

/// What each exit code means; `headless::problem::Code` is the same table in code.
pub const EXIT_CODES: &str = "\
Exit codes, with the error codes of --json:
  0    done; with --wait: the snapshot is available
  1    INTERNAL
  2    VALIDATION_ERROR, READ_ONLY, wrong usage
  3    CLUSTER_NOT_FOUND, SNAPSHOT_EXISTS, INVALID_CLUSTER_STATE
  3    INVALID_SNAPSHOT_STATE, QUOTA_EXCEEDED, NOT_READY
  4    OUTCOME_UNKNOWN: it may have been done; watch looks up what is journalled
  5    TIMEOUT: it is still being created
  6    SNAPSHOT_FAILED
  7    CREDENTIALS, ACCESS_DENIED
  8    NETWORK, THROTTLED
  130  INTERRUPTED";

/// Of the program itself.
pub(super) fn main() -> String {
    let examples = "\
Examples:
  clustersnap --demo                       # try it, without an account
  clustersnap --profile prod               # the screen program
  clustersnap create orders-prod --wait    # one snapshot, until it is available
  clustersnap watch                        # follow all that are being created";
    format!("{examples}\n\n{EXIT_CODES}")
}

/// Of `list`.
pub(super) const LIST: &str = "\
Examples:
  clustersnap list --filter 'env=prod -status:available'
  clustersnap list --columns id,last-usable,tags
  clustersnap list --profile prod --profile dr --region eu-west-1,eu-central-1
  clustersnap list --json | jq -r '.data[].id'";

/// Of `snapshots`.
pub(super) const SNAPSHOTS: &str = "\
Examples:
  clustersnap snapshots orders-prod --type manual
  clustersnap snapshots --filter 'type:manual age>90d'
  clustersnap snapshots --columns id,age,tags
  clustersnap snapshots --places all-prod --filter before-upgrade
  clustersnap snapshots --json |
    jq -r '.data[] | select(.status == \"failed\").id'";

/// Of `create`.
pub(super) const CREATE: &str = "\
Examples:
  clustersnap create orders-prod --tag ticket=CHG-1042 --wait
  clustersnap create orders-prod --name before-upgrade --dry-run
  clustersnap create orders-prod --when-available --timeout 2h --json
  aws rds list-tags-for-resource --resource-name ARN |
    clustersnap create orders-prod --tags-file -
  clustersnap create orders-prod billing --change CHG-1042 \\
    --name '{cluster}-before-upgrade' --wait
  clustersnap create --filter env=prod --change CHG-1042 --places all-prod --yes

A change:
  Several clusters are one change. A table shows what is about to be sent, and
  what stands against it; it is confirmed by typing the count, or with --yes.
  Each request stands for itself: one that is refused stops none of the others,
  unless --all-or-stop says so. The same command again goes on: what has a
  snapshot of the change is told and not asked for again, what was left open is
  looked up first, what was not sent is sent.
  A name is looked for in every place that is named; an ARN in its own.

Tags:
  --tag takes KEY=VALUE, or Key=KEY,Value=VALUE, which keeps blanks at the ends.
  --tags-file takes lines of either, with comments that begin with #, and JSON:
  {\"KEY\": \"VALUE\"}, [{\"Key\": \"KEY\", \"Value\": \"VALUE\"}], and what aws rds
  list-tags-for-resource, describe-db-clusters and describe-db-cluster-snapshots
  print of one thing.

Exit codes:
  0 created, 3 the cluster was not available in time, 4 not known yet, 5 the
  snapshot was not available in time. clustersnap --help has them all.";

/// Of `delete`.
pub(super) const DELETE: &str = "\
A plan comes first: which, how old, how many usable manual ones of each cluster
remain, what stays and why. Never deleted are automated snapshots, those of AWS
Backup or of other accounts, what is neither available nor copying, and what
--read-only or the configuration holds. A cluster's last usable manual one, one
of an open change or request, and one with a tag keep-until=2026-12-31 (or a
time of RFC 3339) that is not over stay unless --even says their names.

Each is looked at right before, and left alone if it is not the very snapshot of
the plan. AWS knows no such condition itself: one that is made under the name in
the moment between the look and the request would be deleted.

Examples:
  clustersnap delete --filter 'type:manual age>90d' --keep-last 3 --dry-run
  clustersnap delete --filter 'type:manual age>90d' --keep-last 3 --yes 40
  clustersnap delete before-upgrade after-upgrade
  clustersnap delete before-upgrade --even before-upgrade";

/// Of `tag`.
pub(super) const TAG: &str = "\
Examples:
  clustersnap tag before-upgrade ticket=CHG-1042
  clustersnap tag before-upgrade keep-until=2026-12-31 -owner
  clustersnap tag --filter ticket=CHG-1042 keep-until=2026-12-31 --yes 8";

/// Of `watch`.
pub(super) const WATCH: &str = "\
Examples:
  clustersnap watch
  clustersnap watch before-upgrade --json
  clustersnap watch --change CHG-1042";

/// Of `report`.
pub(super) const REPORT: &str = "\
It reads this machine's journal and asks nobody: watch --change looks first what
became of it.

Examples:
  clustersnap report CHG-1042
  clustersnap report CHG-1042 --profile prod --region eu-west-1
  clustersnap report CHG-1042 --format csv > CHG-1042.csv";

/// Of `ready`.
pub(super) const READY: &str = "\
Examples:
  clustersnap ready orders-prod billing --within 15m && ./deploy
  clustersnap ready orders-prod --within 1h --json |
    jq '.data[] | {cluster, id: .snapshot.id, age_s}'

Exit codes:
  0 each has one, 3 at least one has none; clustersnap --help has them all.";

/// Of `history`.
pub(super) const HISTORY: &str = "\
Examples:
  clustersnap history --cluster orders-prod
  clustersnap history --filter change:CHG-1042
  aws stepfunctions describe-execution --execution-arn ARN |
    clustersnap history --execution -
  clustersnap history --json | jq '.data[] | select(.open)'";

/// Of `plan`.
pub(super) const PLAN: &str = "\
The template is for one account and Region, or for many by a StackSet; nothing
of either is written in. It asks AWS nothing, and was not run on AWS by its
makers: the template's Metadata says what rests on documentation alone.

Examples:
  clustersnap plan orders-prod billing --change CHG-1042 \\
    --at 2026-12-01T02:00Z --out plan.json
  clustersnap plan --filter 'env=prod -cluster:test' --change nightly \\
    --cron '0 2 * * ? *' --keep-last 7
  aws cloudformation deploy --template-file plan.json --stack-name chg-1042 \\
    --capabilities CAPABILITY_IAM
  aws stepfunctions describe-execution --execution-arn ARN |
    clustersnap history --execution -";

/// Of `doctor`.
pub(super) const DOCTOR: &str = "\
Each check is ok, to look at twice, not known or failed; what failed says what
to do. It sends only what changes nothing: GetCallerIdentity,
DescribeDBClusters, DescribeDBClusterSnapshots, DescribeEvents and
DescribeAccountAttributes. Whether a snapshot may be created, only a create
shows. No key, token or password is told.

Examples:
  clustersnap doctor --profile prod
  clustersnap doctor --json |
    jq -r '.data[] | select(.verdict == \"failed\").check'

Exit codes:
  0 nothing failed; else that of the first check that did: 2 configuration or
  Region, 3 quota, 7 credentials or permissions, 8 network, 1 the journal.";

/// Of `config`.
pub(super) const CONFIG: &str = "\
Examples:
  mkdir -p ~/.config/clustersnap
  clustersnap config example > ~/.config/clustersnap/config.toml
  clustersnap config check";

/// Of `schema`.
pub(super) const SCHEMA: &str = "\
Examples:
  clustersnap schema > clustersnap.schema.json
  clustersnap schema | jq '.\"$defs\" | keys'";

/// Of `completions`.
pub(super) const COMPLETIONS: &str = "\
Names of clusters and snapshots are those that were listed last, kept in
~/.cache/clustersnap for you alone; no key press asks AWS. The script asks the
program, so one script serves every version.

Examples:
  source <(clustersnap completions bash)    # in ~/.bashrc
  source <(clustersnap completions zsh)     # in ~/.zshrc, after compinit
  clustersnap completions fish | source     # in ~/.config/fish/config.fish";

/// Of `man`.
pub(super) const MAN: &str = "\
Examples:
  clustersnap man | man -l -
  clustersnap man ~/.local/share/man/man1   # then: man clustersnap-create";

/// Of `sim`.
pub(super) const SIM: &str = "\
Examples:
  clustersnap sim --clusters 250
  clustersnap sim --fleet fleet.toml --faults faults.toml --speed 100
  AWS_ENDPOINT_URL=http://127.0.0.1:PORT aws rds describe-db-clusters

The fleet file:
  account = \"123456789012\"               # also region, caller
  snapshot_quota = 100
  list_lag = \"3s\"                        # how long lists miss a new snapshot
  [[cluster]]
  identifier = \"orders\"
  engine = \"aurora-postgresql\"           # or aurora-mysql, mysql, postgres,
                                         # neptune, docdb
  engine_version = \"16.4\"
  status = \"backing-up\"                  # \"available\", if left out
  available_after = \"75s\"                # never, if left out
  tags = { owner = \"dba\" }
  snapshot_takes = \"45s\"                 # 20 to 60 s, by turns, if left out
  snapshot_fails_at = 40                 # per cent
  automated_snapshots = 7
  snapshot = [
    { identifier = \"old\", kind = \"manual\", age = \"93d\", takes = \"19m\" },
  ]
  # [accounts] tells accounts by access key; other keys that end with 12 digits
  # (SIM111111111111) are of the account of that number. Without a file every
  # account and Region has clusters of its own. Times are written 500ms, 3s,
  # 19m, 2h, 93d. The demo's fleet, assets/demo-fleet.toml, shows every member.

The faults file; the first fault that fits a call happens:
  [[fault]]
  action = \"CreateDBClusterSnapshot\"     # or \"*\"
  calls = \"2-5\"                          # \"3\", \"2-\"; every call, if left out
  delay = \"2s\"                           # before the answer
  happened = true                        # whether the action is carried out
  happens_after = \"10s\"                  # it is carried out later
  # Somebody takes the name just before:
  rival = { identifier = \"x\", same_tags = true }
  # Changes in the true answer; without text, left out:
  edit = [{ element = \"Status\", text = \"failed\" }]
  answer = { kind = \"normal\" }           # the true one; or one of these:
  # { kind = \"error\", status = 400, code = \"Throttling\", message = \"slow\" }
  # { kind = \"body\", status = 502, body = \"<html>\" }   a proxy's
  # { kind = \"drop\" }             the connection breaks after the request
  # { kind = \"hang\" }             no answer, for ever
  # { kind = \"refuse\" }           no connection
  # { kind = \"garbage\" }          200, and no XML
  # { kind = \"truncate\", percent = 50 }   the beginning of the true answer
  # { kind = \"drip\", bytes = 10, every = \"1s\" }   the same, a little at a time
  # { kind = \"looping-marker\" }   a page that leads to itself";

//! A run's output, read by `history --execution`.

use serde_json::{Value, json};

use super::{Rds, clustersnap, executed, fed, plan_of};

#[test]
fn a_run_is_told_in_the_words_of_the_history() {
    let run = executed(&Rds::new(Vec::new()), &plan_of(&["orders", "busy"], &[]));
    let described = run["described"].to_string();
    let read = |args: &[&str], input: &str| {
        let output = fed(&mut clustersnap(&[&["history", "--execution", "-"], args].concat()), input);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, text, errors) = read(&[], &described);
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{text}");
    assert!(text.contains("orders-20261201-0200 of orders: created, available, took"), "{text}");
    assert!(text.contains("busy-20261201-0200 of busy: not created"), "{text}");
    assert!(text.contains("busy is backing-up"), "{text}");
    assert!(text.contains("in eu-west-1 (AWS Step Functions)"), "{text}");
    assert!(text.contains("number 20261201T020000Z-11111111-2222-3333-4444-555555555555-orders"), "{text}");

    // The output itself is as good as the execution's description.
    assert_eq!(read(&[], &run["output"].to_string()).1, text);
    let (_, json, _) = read(&["--json", "--cluster", "orders"], &described);
    let json: Value = serde_json::from_str(&json).unwrap();
    let requests = json["data"].as_array().unwrap();
    assert_eq!(requests.len(), 1, "{json}");
    let known = json!([
        requests[0]["outcome"],
        requests[0]["status"],
        requests[0]["proved_by"],
        requests[0]["account"]
    ]);
    assert_eq!(known, json!(["created", "available", "answer", "123456789012"]), "{json}");

    // A run has a Region and no profile.
    let (code, of_profile, said) = read(&["--profile", "prod", "--region", "eu-west-1"], &described);
    assert_eq!((code, &of_profile), (Some(0), &text));
    assert_eq!(said, "A run of a plan has no profile: only Regions choose among its requests.\n");
    let (_, elsewhere, said) = read(&["--region", "us-east-1"], &described);
    assert_eq!((elsewhere.as_str(), said.as_str()), ("", "None of the 2 requests of this run fits.\n"));
}

#[test]
fn what_is_no_run_is_told() {
    for (input, said) in [
        ("", "not what an execution of a plan puts out"),
        ("{}", "it has no member clustersnap"),
        ("[]", "that is a JSON object"),
        (r#"{"status": "RUNNING"}"#, "still running"),
        ("\u{feff}{\"status\": \"PENDING_REDRIVE\"}", "still running (PENDING_REDRIVE)"),
        (
            r#"{"status": "FAILED", "error": "States.Runtime", "cause": "why"}"#,
            "FAILED without an output: States.Runtime: why",
        ),
    ] {
        let output = fed(&mut clustersnap(&["history", "--execution", "-"]), input);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(said), "{input}: {errors}");
    }
}

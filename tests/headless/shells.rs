//! Completions tried in the shells themselves, and the manual page rendered.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::world::{bare, finish};

fn print(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let run = finish(&mut bare(home.path(), args));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.out
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn output(command: &mut Command) -> (String, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// What bash offers for words, the last of which is being typed.
fn bash(script: &std::path::Path, words: &[&str]) -> Vec<String> {
    let program = format!(
        "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; _clustersnap clustersnap \"${{COMP_WORDS[COMP_CWORD]}}\" \
         \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1
    );
    let (out, err) = output(Command::new("bash").args(["--norc", "-c", &program]));
    assert_eq!(err, "");
    out.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("clustersnap.bash");
    std::fs::write(&script, print(&["completions", "bash"])).unwrap();
    assert_eq!(bash(&script, &["clustersnap", "cr"]), ["create"]);
    assert_eq!(bash(&script, &["clustersnap", "wat"]), ["watch"]);
    assert_eq!(bash(&script, &["clustersnap", "create", "--when"]), ["--when-available"]);
    assert_eq!(bash(&script, &["clustersnap", "snapshots", "--type", "aut"]), ["automated"]);
}

#[test]
fn zsh_completes_commands_and_options() {
    if !has("zsh") {
        let advice = "not tried: install zsh (Debian, Ubuntu: apt-get install zsh)";
        writeln!(std::io::stderr(), "zsh_completes_commands_and_options: {advice}").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("_clustersnap"), print(&["completions", "zsh"])).unwrap();
    // Completion runs in an interactive shell only: one in a pseudo-terminal, as zsh's own tests do it.
    // After the tab, a key of ours shows what the line has become.
    let program = r#"
        zmodload zsh/zpty
        try() {
          zpty shell zsh -f -i
          zpty -w shell 'PS1="> "; stty columns 200; fpath=($FOLDER $fpath); autoload -Uz compinit; compinit -u -D; bindkey -e; show() { print -r -- "<$BUFFER>" }; zle -N show; bindkey "^T" show; print re''ady'
          zpty -r -m shell line '*ready*'
          zpty -n -w shell "$1"$'\t\x14'
          zpty -r -m shell line '*<clustersnap*>*'
          print -r -- "$line"
          zpty -d shell
        }
        try 'clustersnap cr'
        try 'clustersnap create --when'
        try 'clustersnap snapshots --type aut'
    "#;
    let mut zsh = Command::new("timeout");
    let (out, _) = output(zsh.args(["60", "zsh", "-f", "-c", program]).env("FOLDER", folder.path()));
    for expected in ["create", "create --when-available", "snapshots --type automated"] {
        assert!(out.contains(&format!("<clustersnap {expected} >")), "{expected} in {out:?}");
    }
}

#[test]
fn the_manual_page_renders_without_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("clustersnap.1");
    std::fs::write(&page, print(&["man"])).unwrap();
    if !has("man") {
        let advice = "not tried: install man (Debian, Ubuntu: apt-get install man-db)";
        writeln!(std::io::stderr(), "the_manual_page_renders_without_warnings: {advice}").unwrap();
        return;
    }
    let mut man = Command::new("man");
    man.args(["--warnings=w", "-E", "UTF-8", "-l"]).arg(&page).env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8");
    let (out, err) = output(&mut man);
    assert_eq!(err, "");
    for word in ["NAME", "SYNOPSIS", "COMMAND CREATE", "--when-available", "VALIDATION_ERROR"] {
        assert!(out.contains(word), "{word} in {out}");
    }
}

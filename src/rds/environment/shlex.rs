//! Words as Python's `shlex.split` makes them of a line: how botocore reads the name of a profile and the command of
//! a `credential_process`. Other than a shell, it knows neither comments, nor variables, nor operators.

/// The words of a line; `None` where a quotation or an escape is not ended.
pub(crate) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => quoted(&mut chars, word.get_or_insert_default())?,
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

fn quoted(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '\'' => return Some(()),
            other => word.push(other),
        }
    }
}

/// Within double quotes only a quote and a backslash can be escaped; any other backslash stands for itself.
fn double_quoted(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '"' => return Some(()),
            '\\' => match chars.next()? {
                escaped @ ('"' | '\\') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_as_python_does() {
        for (line, words) in [
            ("profile p", &["profile", "p"][..]),
            (r#"profile "My Mac""#, &["profile", "My Mac"]),
            ("profile größe", &["profile", "größe"]),
            ("profile a,b", &["profile", "a,b"]),
            ("get --label #prod ;x | y > z", &["get", "--label", "#prod", ";x", "|", "y", ">", "z"]),
            (r#"a'b c'd "e\"f\g" h\ i '' $HOME"#, &["ab cd", r#"e"f\g"#, "h i", "", "$HOME"]),
            ("  ", &[]),
        ] {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(split(line), Some(words), "{line}");
        }
        for line in ["'a", "\"a", "a\\", r#""a\"#] {
            assert_eq!(split(line), None, "{line}");
        }
    }
}

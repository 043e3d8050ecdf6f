//! Expressions in JSONata, the language in which a state machine computes.
//!
//! Step Functions takes an expression as a text between `{%` and `%}`. Words from outside come in as literals only.

use serde_json::Value;

/// An expression, as a state has it.
pub(super) fn expression(body: &str) -> Value {
    Value::String(format!("{{% {body} %}}"))
}

/// A literal. Its `$` are escaped: CloudFormation would take `${…}` for a place to fill in.
pub(super) fn literal(text: &str) -> String {
    Value::String(text.to_owned()).to_string().replace('$', "\\u0024")
}

/// A regular expression for the whole of a text, of a pattern in which `*` stands for any characters and `?` for any one.
pub(super) fn regex(pattern: &str) -> String {
    let part = |c: char| match c {
        '*' => ".*".to_owned(),
        '?' => ".".to_owned(),
        c if c.is_alphanumeric() || c == ' ' => c.to_string(),
        c => format!("\\{c}"),
    };
    format!("/^{}$/", pattern.chars().map(part).collect::<String>())
}

/// A list of literals.
pub(super) fn literals<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(literal).collect();
    format!("[{}]", texts.join(", "))
}

/// The value of the first condition that holds, else another value.
pub(super) fn first_of(rows: impl IntoIterator<Item = (String, String)>, otherwise: &str) -> String {
    let rows: Vec<String> = rows.into_iter().map(|(when, then)| format!("{when} ? {then} : ")).collect();
    format!("({}{otherwise})", rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_holds_quotes_and_is_no_place_to_fill_in() {
        assert_eq!(literal(r#"a"b"#), r#""a\"b""#);
        assert_eq!(literal("${Topic}"), r#""\u0024{Topic}""#);
        assert_eq!(literals(["a", "b"]), r#"["a", "b"]"#);
    }

    #[test]
    fn a_pattern_matches_by_its_stars_and_question_marks_only() {
        assert_eq!(regex("prod-*.a?"), r"/^prod\-.*\.a.$/");
        assert_eq!(regex("a/(b)${c}"), r"/^a\/\(b\)\$\{c\}$/");
    }

    #[test]
    fn the_first_condition_that_holds_counts() {
        let rows = [("$a", "1"), ("$b", "2")].map(|(when, then)| (when.to_owned(), then.to_owned()));
        assert_eq!(first_of(rows, "3"), "($a ? 1 : $b ? 2 : 3)");
    }
}

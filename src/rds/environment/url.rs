//! A URL that a person or a program wrote, as the AWS command line sends it.
//!
//! Source: Python's `urlsplit`, which leaves out blanks before it and the ends of lines in it, and `urllib3`, which
//! escapes what cannot stand in one.

/// The signs that stand for themselves in a path or a query, besides letters and digits.
const PLAIN: &str = "-._~!$&'()*+,;=:@/?";

/// A URL without what Python leaves out, the rest escaped; without a port where none follows its colon, and without
/// what follows a `#`.
pub(crate) fn mended(url: &str) -> String {
    let url = url.trim_start_matches(|c: char| c <= ' ').replace(['\t', '\r', '\n'], "");
    let url = url.split('#').next().unwrap_or_default();
    let begin = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(begin);
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    format!("{scheme}{}{}", authority.strip_suffix(':').unwrap_or(authority), escaped(path))
}

/// Escapes what cannot stand in a path. A `%` is one of an escape only if all of them are.
fn escaped(path: &str) -> String {
    let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let has_escapes = path.split('%').skip(1).all(is_escape);
    let mut escaped = String::new();
    for c in path.chars() {
        if c.is_ascii_alphanumeric() || PLAIN.contains(c) || (c == '%' && has_escapes) {
            escaped.push(c);
        } else {
            let mut bytes = [0; 4];
            escaped.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_sent_as_the_aws_command_line_sends_it() {
        for (written, sent) in [
            ("http://h:80/a?b=c", "http://h:80/a?b=c"),
            (" \n http://h/a\n", "http://h/a"),
            ("http://h:/a", "http://h/a"),
            ("http://h:", "http://h"),
            ("http://[::1]:5/a b|<>", "http://[::1]:5/a%20b%7C%3C%3E"),
            ("http://h/\u{e4}?\u{e4}", "http://h/%C3%A4?%C3%A4"),
            ("http://h/%41", "http://h/%41"),
            ("http://h/%", "http://h/%25"),
            ("http://h/100%/%41", "http://h/100%25/%2541"),
            ("http://h/a#b", "http://h/a"),
            ("h/a b", "h/a%20b"),
            ("", ""),
        ] {
            assert_eq!(mended(written), sent, "{written:?}");
        }
    }
}

//! What is said of an answer that something other than the service gave, such as a proxy or a login page. Quotes no
//! answer that may have keys in it.

/// How much of an answer that is not the service's is quoted.
const EXCERPT_CHARS: usize = 100;

/// An answer that something other than the service seems to have given, and where it sends on to. Of what claims to be
/// a success only a page is quoted: an answer that was cut may have keys in it.
pub(super) fn foreign(status: u16, to: Option<&str>, body: &[u8]) -> String {
    // Without what a login page wants to get back.
    let to = to.and_then(|to| to.split(['?', '#']).next());
    let head = to.map_or(format!("HTTP {status}"), |to| format!("HTTP {status} to {}", excerpt(to)));
    match std::str::from_utf8(body).map(excerpt) {
        Ok(words) if words.is_empty() => format!("{head} with an empty body"),
        Ok(words) if (200..300).contains(&status) && !is_page(&words) => {
            format!("{head} with a body that is no whole answer to this call")
        }
        Ok(words) => format!("{head}: {words}"),
        Err(_) => format!("{head} with a body that is no text"),
    }
}

/// Whether a text is one for a browser, by its beginning.
fn is_page(text: &str) -> bool {
    let begins = |head: &str| text.get(..head.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(head));
    ["<!doctype", "<h"].into_iter().any(begins)
}

/// The beginning of a text, on one line.
fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = words.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < words.len() {
        excerpt.push_str("...");
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_answer_is_quoted_in_part() {
        assert_eq!(foreign(502, None, b""), "HTTP 502 with an empty body");
        assert_eq!(foreign(200, None, b"<h1>\n Log  in</h1>"), "HTTP 200: <h1> Log in</h1>");
        assert_eq!(foreign(200, None, b"<!DOCTYPE html><p>"), "HTTP 200: <!DOCTYPE html><p>");
        assert_eq!(foreign(200, None, &[0x1f, 0x8b]), "HTTP 200 with a body that is no text");
        assert_eq!(foreign(403, None, b"{\"message\":\"blocked\"}"), "HTTP 403: {\"message\":\"blocked\"}");
        let to = Some("http://portal.example/login?back=x");
        assert_eq!(foreign(302, to, b""), "HTTP 302 to http://portal.example/login with an empty body");
        assert!(foreign(200, Some(&"x".repeat(1 << 20)), &b"x".repeat(1 << 20)).len() < 300);
    }
}

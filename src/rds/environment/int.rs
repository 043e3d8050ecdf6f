//! A whole number as Python's `int` reads it.

/// The number that a text is: with a sign, single underscores between digits, and blanks around it.
pub(crate) fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let parts: Vec<&str> = digits.split('_').collect();
    let is_part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.iter().all(is_part) { format!("{sign}{}", parts.concat()).parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_python_reads_it() {
        for (text, number) in
            [("3600", 3600), (" +3_600\n", 3600), ("-1", -1), ("007", 7), ("9999999999", 9_999_999_999)]
        {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for text in ["", "-", "1__0", "_1", "1_", "1.0", "0x10", "1 0", "+-1", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! The grammar of `~/.aws/config` and `~/.aws/credentials`: that of Python's `configparser`, which the AWS command
//! line reads them with, and of the blocks that botocore reads below a key.
//!
//! Source: `RawConfigParser._read` of Python 3.11, `raw_config_parse` of botocore. Reads text, nothing else.

/// The section whose keys hold in every other one.
const DEFAULTS: &str = "DEFAULT";

/// The sections of a file, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ini {
    pub(crate) sections: Vec<Section>,
}

/// What stands below one head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// What stands between the brackets.
    pub(crate) name: String,
    /// Its keys in small letters with their values, each once; those of `[DEFAULT]` come after its own.
    pub(crate) values: Vec<(String, IniValue)>,
    /// What stands in it a second time, if anything does; the first holds.
    pub(crate) double: Option<Double>,
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IniValue {
    /// What stands behind the key, with the lines that are indented below it.
    Text(String),
    /// A block: nothing behind the key, and keys with values of their own below it.
    Block(Vec<(String, String)>),
}

/// A section or a key that stands in a file twice, which the AWS command line refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what} stands there a second time; the AWS command line refuses the file for it")]
pub(crate) struct Double {
    line: usize,
    what: String,
}

/// Text that is none of this grammar. What stands there is not quoted: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SyntaxError {
    #[error("line {0}: there is no [section] before it")]
    NoSection(usize),
    #[error("line 1: the file begins with a byte order mark, which the AWS command line refuses")]
    ByteOrderMark,
    #[error("line {0}: neither [section], nor key = value, nor indented below one")]
    NoKey(usize),
    #[error("line {0}: below a key without a value, each line is key = value")]
    NoKeyInBlock(usize),
}

/// A key that was begun, whose value may go on in the next line.
struct OpenKey {
    key: String,
    line: usize,
    lines: Vec<String>,
}

/// Reads line after line.
#[derive(Default)]
struct IniReader {
    /// With `[DEFAULT]` among its sections.
    ini: Ini,
    /// The section in use.
    at: Option<usize>,
    open: Option<OpenKey>,
    indent: usize,
}

/// Reads a file.
///
/// # Errors
/// The first line that is none of this grammar.
pub(crate) fn parse(text: &str) -> Result<Ini, SyntaxError> {
    if text.starts_with('\u{feff}') {
        return Err(SyntaxError::ByteOrderMark);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = IniReader::default();
    for (index, line) in text.split('\n').enumerate() {
        reader.line(index + 1, line)?;
    }
    reader.finish()
}

impl IniReader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), SyntaxError> {
        let text = strip(line);
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        if text.is_empty() {
            if let Some(open) = &mut self.open {
                open.lines.push(String::new());
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_space(*c)).count();
        if let Some(open) = self.open.as_mut().filter(|_| indent > self.indent) {
            open.lines.push(text.to_owned());
            return Ok(());
        }
        self.indent = indent;
        self.close()?;
        match head(text) {
            Some(name) => self.begin_section(number, name),
            None if self.at.is_none() => return Err(SyntaxError::NoSection(number)),
            None => self.begin_key(number, text)?,
        }
        Ok(())
    }

    fn begin_section(&mut self, number: usize, name: &str) {
        let sections = &mut self.ini.sections;
        let known = sections.iter().position(|section| section.name == name);
        if known.is_none() {
            sections.push(Section { name: name.to_owned(), ..Section::default() });
        }
        let at = known.unwrap_or(sections.len() - 1);
        // That of the defaults may be begun again, as in Python.
        if known.is_some() && name != DEFAULTS {
            let what = format!("[{name}]");
            sections[at].double.get_or_insert(Double { line: number, what });
        }
        self.at = Some(at);
    }

    fn begin_key(&mut self, number: usize, text: &str) -> Result<(), SyntaxError> {
        let (key, value) = text.split_once(['=', ':']).ok_or(SyntaxError::NoKey(number))?;
        let key = strip(key).to_lowercase();
        if key.is_empty() {
            return Err(SyntaxError::NoKey(number));
        }
        self.open = Some(OpenKey { key, line: number, lines: vec![strip(value).to_owned()] });
        Ok(())
    }

    /// Ends the key that was begun.
    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(OpenKey { key, line, lines }) = self.open.take() else { return Ok(()) };
        let value = value(line, &lines)?;
        let Some(section) = self.at.and_then(|at| self.ini.sections.get_mut(at)) else { return Ok(()) };
        if section.get(&key).is_some() {
            let what = format!("{key} in [{}]", section.name);
            section.double.get_or_insert(Double { line, what });
        } else {
            section.values.push((key, value));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Ini, SyntaxError> {
        self.close()?;
        let defaults = self.ini.sections.extract_if(.., |section| section.name == DEFAULTS).next();
        for section in &mut self.ini.sections {
            let double = defaults.as_ref().and_then(|defaults| defaults.double.clone());
            section.double = section.double.take().or(double);
            for (key, value) in defaults.iter().flat_map(|defaults| &defaults.values) {
                if section.get(key).is_none() {
                    section.values.push((key.clone(), value.clone()));
                }
            }
        }
        Ok(self.ini)
    }
}

impl Section {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&IniValue> {
        self.values.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }
}

/// The name in a section's head: all between the first bracket and the last one, whatever follows that.
fn head(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('[')?.rsplit_once(']')?;
    Some(name).filter(|name| !name.is_empty())
}

/// The value of a key from the rest of its line and the lines that are indented below it.
fn value(line: usize, lines: &[String]) -> Result<IniValue, SyntaxError> {
    let text = lines.join("\n");
    let text = text.trim_end_matches(is_space);
    let Some(block) = text.strip_prefix('\n') else { return Ok(IniValue::Text(text.to_owned())) };
    let pairs = block.split('\n').map(strip).filter(|line| !line.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').ok_or(SyntaxError::NoKeyInBlock(line))?;
        Ok((strip(key).to_owned(), strip(value).to_owned()))
    });
    pairs.collect::<Result<_, _>>().map(IniValue::Block)
}

fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's whitespace, which has four characters more than Rust's.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// A file as `section/key=value`, with `⏎` for the end of a line in a value.
    fn read(text: &str) -> Vec<String> {
        let ini = parse(text).unwrap();
        let shown = |value: &IniValue| match value {
            IniValue::Text(text) => text.replace('\n', "⏎"),
            IniValue::Block(pairs) => format!("{pairs:?}"),
        };
        let of = |section: &Section| {
            let name = section.name.clone();
            let pairs =
                section.values.iter().map(move |(key, value)| format!("{name}/{key}={}", shown(value)));
            pairs.collect::<Vec<_>>()
        };
        ini.sections.iter().flat_map(of).collect()
    }

    #[test]
    fn what_the_aws_command_line_reads_is_read() {
        for (text, expected) in [
            ("[a]\nK = v", "a/k=v"),
            ("[a]\nk: v", "a/k=v"),
            ("[a]\nk = v # w ; x", "a/k=v # w ; x"),
            ("[a]\nk:v=w", "a/k=v=w"),
            ("[a]\nk = v\n  # a comment\n  w", "a/k=v⏎w"),
            ("[a]\nk = v\n\n  w\n\n", "a/k=v⏎⏎w"),
            ("  [a]\n  k = v", "a/k=v"),
            ("[a] /* x */\nk = v", "a/k=v"),
            ("[a [b]] ]\nk =", "a [b]] /k="),
            ("[DEFAULT]\nk = d\nj = d\n[a]\nk = v", "a/k=v a/j=d"),
            ("[a]\r\nk = v\r\n", "a/k=v"),
            ("; c\n[a]\n#k = v\nk=w", "a/k=w"),
        ] {
            assert_eq!(read(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_block_below_a_key_has_keys_of_its_own() {
        let text = "[a]\ns3 =\n  # a comment\n  Max = 1\n\n  sig = x = y\nregion = r";
        let block = r#"a/s3=[("Max", "1"), ("sig", "x = y")]"#;
        assert_eq!(read(text), [block, "a/region=r"]);
    }

    #[test]
    fn what_it_refuses_is_refused_by_line_and_without_a_quote() {
        for (text, says) in [
            ("k = v", "line 1: there is no [section]"),
            ("\n[default\nk = v", "line 2: there is no [section]"),
            ("\u{feff}[a]\n", "byte order mark"),
            ("[a]\ns3cr3t", "line 2: neither"),
            ("[a]\n= s3cr3t", "line 2: neither"),
            ("[a]\ns3 =\n  s3cr3t", "line 2: below a key"),
        ] {
            let said = parse(text).unwrap_err().to_string();
            assert!(said.contains(says) && !said.contains("s3cr3t"), "{said}");
        }
    }

    #[test]
    fn what_stands_there_twice_is_told_and_the_first_holds() {
        let ini = parse("[a]\nk = 1\nk = 2\n[b]\n[a]\nj = 3").unwrap();
        let double = ini.sections[0].double.as_ref().unwrap().to_string();
        assert!(double.starts_with("line 3: k in [a] stands there a second time"), "{double}");
        assert_eq!(ini.sections[1].double, None);
        let ini = parse("[DEFAULT]\nk = 1\n[a]\n[DEFAULT]\nj = 2\nk = 3").unwrap();
        let double = ini.sections[0].double.as_ref().unwrap().to_string();
        assert!(double.starts_with("line 6: k in [DEFAULT] stands there a second time"), "{double}");
        assert_eq!(ini.sections[0].get("k"), Some(&IniValue::Text("1".to_owned())));
    }
}

//! A member that cannot be read is left out of an answer, instead of the whole answer.
//!
//! The SDK refuses an answer, however many rows it has, for one number, time or truth value in it that is empty, is none,
//! or has blanks around it (which the AWS command line takes). What the domain shows does without such a member, as it
//! does without a missing one. Only the answer of a call that succeeded and could not be read is gone over so: the SDK is
//! given each member by itself, within the elements that it stands in, and so tells which one it is.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse as _, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use quick_xml::Reader;
use quick_xml::events::Event;

/// More elements no answer has, and no deeper or longer ones than have so many letters in their names: what is so is not
/// gone over.
const MOST: usize = 100_000;
const LONGEST: usize = 4_096;
/// A value of each type that is not text.
const VALUES: [&str; 3] = ["1", "true", "2026-11-23T02:00:00Z"];

/// Reads an answer again, without what cannot be read in it.
#[derive(Debug)]
pub(super) struct Mend;

#[dyn_dispatch_hint]
impl Intercept for Mend {
    fn name(&self) -> &'static str {
        "clustersnap::Mend"
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_unread = context.output_or_error().is_some_and(|output| output.is_err());
        let answer = context.response().filter(|answer| is_unread && answer.status().is_success());
        let (Some(answer), Some(reader)) = (answer, cfg.load::<SharedResponseDeserializer>()) else {
            return Ok(());
        };
        let read = |body: Vec<u8>| reader.deserialize_nonstreaming_with_config(&with_body(answer, body), cfg);
        let body = answer.body().bytes();
        let Some(mended) = body.and_then(|body| mended(body, |part| read(part).is_ok())) else {
            return Ok(());
        };
        if let Ok(output) = read(mended)
            && let Some(output_of_call) = context.output_or_error_mut()
        {
            *output_of_call = Ok(output);
        }
        Ok(())
    }
}

/// The same answer with another body.
fn with_body(answer: &HttpResponse, body: Vec<u8>) -> HttpResponse {
    let mut again = HttpResponse::new(answer.status(), SdkBody::from(body));
    *again.headers_mut() = answer.headers().clone();
    again
}

/// The same XML without the numbers, times and truth values that cannot be read, or without the blanks around them; `None`
/// if it is no XML, or such as no answer is.
fn mended(body: &[u8], can_read: impl Fn(Vec<u8>) -> bool) -> Option<Vec<u8>> {
    let mut reader = Reader::from_reader(body);
    reader.config_mut().expand_empty_elements = true;
    let (mut mended, mut copied, mut members) = (Vec::with_capacity(body.len()), 0, 0);
    let mut path: Vec<String> = Vec::new();
    // The first tag of what may have no others in it.
    let mut member = None;
    loop {
        let from = place(&reader)?;
        let event = reader.read_event().ok()?;
        let to = place(&reader)?;
        match event {
            Event::Eof if path.is_empty() => break,
            Event::Eof => return None,
            Event::Start(tag) => {
                path.push(tag.name().into_inner().to_owned());
                members += 1;
                if members > MOST || path.iter().map(String::len).sum::<usize>() > LONGEST {
                    return None;
                }
                member = Some(from..to);
            }
            Event::End(_) => {
                if let Some(tag) = member.take() {
                    let value = std::str::from_utf8(body.get(tag.end..from)?).ok()?;
                    if let Some(instead) = instead(&path, value, &can_read) {
                        mended.extend(body.get(copied..tag.start)?);
                        mended.extend(instead.bytes());
                        copied = to;
                    }
                }
                path.pop();
            }
            _ => {}
        }
    }
    mended.extend(body.get(copied..)?);
    Some(mended)
}

fn place(reader: &Reader<&[u8]>) -> Option<usize> {
    usize::try_from(reader.buffer_position()).ok()
}

/// What is to stand in the place of a member; `None` where it can be read by itself, and where no number, time or truth
/// value belongs: a text that is left out could be a name, a mark, or that there is more.
fn instead(path: &[String], value: &str, can_read: impl Fn(Vec<u8>) -> bool) -> Option<String> {
    let reads = |value: &str| {
        let begin = path.iter().map(|name| format!("<{name}>"));
        let end = path.iter().rev().map(|name| format!("</{name}>"));
        can_read(begin.chain([value.to_owned()]).chain(end).collect::<String>().into_bytes())
    };
    if reads(value) || reads("a text") || !VALUES.into_iter().any(reads) {
        return None;
    }
    let name = path.last()?;
    let trimmed = value.trim();
    Some(if reads(trimmed) { format!("<{name}>{trimmed}</{name}>") } else { String::new() })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// What becomes of an answer where a reader takes a whole number in `<Port>` only.
    fn of(xml: &str) -> Option<String> {
        let can_read = |part: Vec<u8>| {
            let part = String::from_utf8(part).unwrap();
            let value = part.split_once("<Port>").map(|(_, rest)| rest.split_once("</Port>").unwrap().0);
            !part.contains("&bad;") && value.is_none_or(|value| value.parse::<u8>().is_ok())
        };
        mended(xml.as_bytes(), can_read).map(|mended| String::from_utf8(mended).unwrap())
    }

    #[test]
    fn only_what_cannot_be_read_is_left_out() {
        for kept in [
            "<R a=\"b\"><A>1 &amp; 2</A> <Port>7</Port><B><C/></B><!-- x --></R>\n",
            "<R><A>&bad;</A><Port><x>1</x></Port></R>",
        ] {
            assert_eq!(of(kept).unwrap(), kept);
        }
        for gone in
            ["<Port/>", "<Port></Port>", "<Port>x</Port>", "<Port>&bad;</Port>", "<Port a=\"b\">999</Port>"]
        {
            assert_eq!(of(&format!("<R>{gone}<B>x</B> </R>")).unwrap(), "<R><B>x</B> </R>", "{gone}");
        }
        assert_eq!(of("<R><B> x </B><Port> 7\n</Port></R>").unwrap(), "<R><B> x </B><Port>7</Port></R>");
    }

    #[test]
    fn what_is_no_xml_or_such_as_no_answer_is_left_alone() {
        for odd in
            ["<R><A></R>".to_owned(), "<R><A>".to_owned(), "<abc>".repeat(10_000), "<a/>".repeat(MOST + 1)]
        {
            assert_eq!(of(&odd), None);
        }
    }
}

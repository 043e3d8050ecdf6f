//! A member that cannot be read is left out of an answer, instead of the whole answer.
//!
//! The SDK refuses an answer, however many rows it has, for one number or time in it that is empty, or for a time
//! that is none. What the domain shows does without such a member, as it does without a missing one. Only the
//! answer of a call that succeeded and could not be read is gone over so.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse as _, SharedResponseDeserializer};
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use quick_xml::events::Event;
use quick_xml::{Reader, Writer};

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
        let Some(mended) = answer.body().bytes().and_then(mended) else { return Ok(()) };
        let mut again = HttpResponse::new(answer.status(), SdkBody::from(mended));
        *again.headers_mut() = answer.headers().clone();
        if let Ok(output) = reader.deserialize_nonstreaming_with_config(&again, cfg)
            && let Some(read) = context.output_or_error_mut()
        {
            *read = Ok(output);
        }
        Ok(())
    }
}

/// The same XML without members that are empty and times that are none; `None` if it is no XML.
fn mended(body: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::from_reader(body);
    let mut writer = Writer::new(Vec::with_capacity(body.len()));
    // A member that has begun, until it is known whether it has others in it.
    let mut member: Vec<Event<'_>> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Empty(_) => {}
            begin @ Event::Start(_) => {
                write(&mut writer, &mut member)?;
                member.push(begin);
            }
            end @ Event::End(_) if member.is_empty() => writer.write_event(end).ok()?,
            end @ Event::End(_) => {
                member.push(end);
                if can_be_read(&member) {
                    write(&mut writer, &mut member)?;
                }
                member.clear();
            }
            other if member.is_empty() => writer.write_event(other).ok()?,
            other => member.push(other),
        }
    }
    Some(writer.into_inner())
}

fn write(writer: &mut Writer<Vec<u8>>, events: &mut Vec<Event<'_>>) -> Option<()> {
    events.drain(..).try_for_each(|event| writer.write_event(event)).ok()
}

/// Whether a member without others in it has a value; that of a time has to be one.
fn can_be_read(member: &[Event<'_>]) -> bool {
    let [Event::Start(begin), value @ .., Event::End(_)] = member else { return true };
    let is_blank = |event: &Event<'_>| matches!(event, Event::Text(text) if text.trim().is_empty());
    if value.iter().all(is_blank) {
        return false;
    }
    let name = begin.local_name();
    let is_time = name.as_ref().ends_with("Time") || name.as_ref() == "Date";
    let is_told = |text: &str| DateTime::from_str(text, Format::DateTimeWithOffset).is_ok();
    let is_a_time = |event: &Event<'_>| matches!(event, Event::Text(text) if is_told(text.trim()));
    !is_time || matches!(value, [one] if is_a_time(one))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn of(xml: &str) -> String {
        String::from_utf8(mended(xml.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn only_what_cannot_be_read_is_left_out() {
        let kept = "<R><A>1 &amp; 2</A> <MadeTime>2026-11-23T02:00:00.5Z</MadeTime><B><C>x</C></B></R>";
        assert_eq!(of(kept), kept);
        for gone in ["<A/>", "<A></A>", "<A> \n</A>", "<MadeTime>yesterday</MadeTime>", "<Date>&lt;</Date>"] {
            assert_eq!(of(&format!("<R>{gone}<B>x</B></R>")), "<R><B>x</B></R>", "{gone}");
        }
    }

    #[test]
    fn what_is_no_xml_is_left_alone() {
        assert_eq!(mended(b"<R><A></R>"), None);
    }
}

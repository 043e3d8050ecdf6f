//! A member that cannot be read is left out of an answer, instead of the whole answer.
//!
//! The SDK refuses an answer, however many rows it has, for one number, time or truth value in it that is empty, is none,
//! or has blanks around it (which the AWS command line takes). What the domain shows does without such a member, as it
//! does without a missing one. Only the answer of a call that succeeded and could not be read is gone over so.

use std::str::FromStr;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    FinalizerInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse as _, SharedResponseDeserializer};
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};

use super::unread;

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
        let again = with_body(answer, mended);
        if let Ok(output) = reader.deserialize_nonstreaming_with_config(&again, cfg)
            && let Some(read) = context.output_or_error_mut()
        {
            *read = Ok(output);
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

/// What cannot be read of the answer of a call that succeeded, where that could not be mended; in plain words.
pub(super) fn unread(context: &FinalizerInterceptorContextRef<'_>, cfg: &ConfigBag) -> Option<String> {
    let is_unread = context.output_or_error()?.is_err();
    let answer = context.response().filter(|answer| is_unread && answer.status().is_success())?;
    let reader = cfg.load::<SharedResponseDeserializer>()?;
    let mended = mended(answer.body().bytes()?)?;
    let can_read = |part: &[u8]| {
        reader.deserialize_nonstreaming_with_config(&with_body(answer, part.to_vec()), cfg).is_ok()
    };
    unread::words(&mended, can_read)
}

/// The same XML without members that are empty or none of their type; `None` if it is no XML.
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
                if can_be_read(&mut member) {
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

/// Whether a member without others in it has a value, of its type where it has one; blanks around such are taken off.
fn can_be_read(member: &mut [Event<'_>]) -> bool {
    let [Event::Start(begin), value @ .., Event::End(_)] = member else { return true };
    let is_blank = |event: &Event<'_>| matches!(event, Event::Text(text) if text.trim().is_empty());
    if value.iter().all(is_blank) {
        return false;
    }
    let Some(is_one) = type_of(begin.local_name().as_ref()) else { return true };
    let [Event::Text(text)] = value else { return false };
    let trimmed = text.trim().to_owned();
    let can_be_read = is_one(&trimmed);
    *text = BytesText::from_escaped(trimmed);
    can_be_read
}

/// What is a value of a member that is no text; `None` for texts.
///
/// Source: the SDK's readers of the answers to the calls that are made here.
fn type_of(member: &str) -> Option<fn(&str) -> bool> {
    Some(match member {
        "AllocatedStorage"
        | "BackupRetentionPeriod"
        | "Capacity"
        | "Iops"
        | "MonitoringInterval"
        | "PercentProgress"
        | "PerformanceInsightsRetentionPeriod"
        | "Port"
        | "PromotionTier"
        | "SecondsBeforeTimeout"
        | "SecondsUntilAutoPause"
        | "StorageThroughput" => is_a::<i32>,
        "BacktrackConsumedChangeRecords" | "BacktrackWindow" | "Max" | "Used" => is_a::<i64>,
        "MaxCapacity" | "MinCapacity" | "MinRequiredACU" => is_a::<f64>,
        "AutoMinorVersionUpgrade"
        | "AutoPause"
        | "CopyTagsToSnapshot"
        | "CrossAccountClone"
        | "DeletionProtection"
        | "GlobalWriteForwardingRequested"
        | "HttpEndpointEnabled"
        | "IAMDatabaseAuthenticationEnabled"
        | "InternetAccessGatewayEnabled"
        | "IsClusterWriter"
        | "MultiAZ"
        | "PerformanceInsightsEnabled"
        | "PubliclyAccessible"
        | "StorageEncrypted"
        | "VPCNetworkingEnabled" => is_a::<bool>,
        "Date" | "ValidTill" => is_a_time,
        member if member.ends_with("Time") => is_a_time,
        _ => return None,
    })
}

fn is_a<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

fn is_a_time(text: &str) -> bool {
    DateTime::from_str(text, Format::DateTimeWithOffset).is_ok()
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
        for gone in [
            "<A/>",
            "<A></A>",
            "<A> \n</A>",
            "<MadeTime>yesterday</MadeTime>",
            "<Date>&lt;</Date>",
            "<PercentProgress>half</PercentProgress>",
            "<PercentProgress>50.5</PercentProgress>",
            "<PercentProgress>5&amp;0</PercentProgress>",
            "<Port>99999999999</Port>",
            "<MultiAZ>perhaps</MultiAZ>",
        ] {
            assert_eq!(of(&format!("<R>{gone}<B>x</B></R>")), "<R><B>x</B></R>", "{gone}");
        }
        let trimmed = "<R><PercentProgress>50</PercentProgress><MadeTime>2026-11-23T02:00:00Z</MadeTime></R>";
        let blanks =
            "<R><PercentProgress> 50\n</PercentProgress><MadeTime> 2026-11-23T02:00:00Z </MadeTime></R>";
        assert_eq!(of(blanks), trimmed);
        assert_eq!(of("<R><Status> half </Status></R>"), "<R><Status> half </Status></R>");
    }

    #[test]
    fn what_is_no_xml_is_left_alone() {
        assert_eq!(mended(b"<R><A></R>"), None);
    }
}

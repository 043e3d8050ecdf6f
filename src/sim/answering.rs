//! Replies: what the service answers with, and what a fault makes of it.

use bytes::Bytes;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::errors::ApiError;
use super::faults::{Fault, FaultyAnswer};
use super::reply::Reply;
use super::service::Call;
use super::xml::Element;

/// The namespace of a refusal by whoever looks for the operation, before any service is asked.
pub const FAULT_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// The reply to a call: its true result, or what the call's fault makes of it.
pub(crate) fn reply(
    fault: &Fault,
    result: Result<Element, ApiError>,
    namespace: &'static str,
    call: &Call,
) -> Reply {
    let result = match fault.answers() {
        FaultyAnswer::Error { status, code, message } => Err(ApiError::new(*status, code.clone(), message)),
        _ => result,
    };
    let (status, mut document) = match result {
        Ok(document) => (200, document),
        Err(error) => (error.status, error.to_element(&call.id, namespace)),
    };
    for edit in &fault.edits {
        document.edit(&edit.element, edit.text.as_deref());
    }
    if *fault.answers() == FaultyAnswer::LoopingMarker {
        document.put_in_first(Element::text("Marker", "again"));
    }
    let mut reply = Reply {
        status,
        headers: headers(date(fault, call.now), &call.id),
        body: Bytes::from(document.to_document()),
        delay: fault.delay.unwrap_or_default().real(),
        delivery: fault.answers().clone(),
    };
    match fault.answers() {
        FaultyAnswer::Body { status, body } => replace(&mut reply, *status, Bytes::from(body.clone())),
        FaultyAnswer::Garbage => {
            replace(&mut reply, 200, Bytes::from_static(b"\x00\xff\xfe<\xc3\x28>\x1b[2J"));
        }
        _ => {}
    }
    reply
}

/// The reply to a call that nobody could read so far as to ask a service.
pub(crate) fn refusal(error: &ApiError, call: &Call) -> Reply {
    reply(&Fault::on(""), Err(error.clone()), FAULT_NAMESPACE, call)
}

/// The reply to a call that is no Query request at all, as services of AWS give it word for word.
pub(crate) fn unknown_operation(call: &Call) -> Reply {
    let mut reply = refusal(&ApiError::new(404, "UnknownOperationException", ""), call);
    reply.headers.retain(|(name, _)| *name != "Content-Type");
    reply.body = Bytes::from_static(b"<UnknownOperationException/>\n");
    reply
}

/// Puts something into an answer that does not come from AWS, so it has none of AWS's headers.
fn replace(reply: &mut Reply, status: u16, body: Bytes) {
    reply.status = status;
    reply.headers = vec![("Content-Type", "text/html".to_owned())];
    reply.body = body;
}

fn headers(date: Option<String>, request_id: &str) -> Vec<(&'static str, String)> {
    let mut headers =
        vec![("Content-Type", "text/xml".to_owned()), ("x-amzn-RequestId", request_id.to_owned())];
    headers.extend(date.map(|date| ("Date", date)));
    headers
}

/// The header `Date`; only years beyond 9999 have none.
fn date(fault: &Fault, now: Timestamp) -> Option<String> {
    fault.date.clone().or_else(|| {
        let off = SignedDuration::from_secs(fault.date_off_s.unwrap_or_default());
        DateTimePrinter::new().timestamp_to_rfc9110_string(&now.checked_add(off).ok()?).ok()
    })
}

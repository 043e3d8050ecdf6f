//! One check of the page.

use serde::Serialize;

use super::remedy;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::preflight::Verdict;
use crate::domain::text::escape;
use crate::headless::json;
use crate::headless::problem::{Code, Problem};
use crate::headless::table;

/// What was checked, and what came of it. Its texts are safe to show.
#[derive(Debug, Serialize)]
pub struct Finding {
    check: &'static str,
    /// What it means for a snapshot that is to be created.
    #[serde(serialize_with = "json::verdict")]
    pub verdict: Verdict,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(rename = "aws_code", skip_serializing_if = "Option::is_none")]
    service_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Finding {
    /// A check in words from anywhere.
    pub fn new(check: &'static str, verdict: Verdict, text: &str) -> Self {
        let text = escape(text);
        Self { check, verdict, text, code: None, service_code: None, request_id: None, remedy: None }
    }

    /// One that is as it should be.
    pub fn fine(check: &'static str, text: &str) -> Self {
        Self::new(check, Verdict::Fine, text)
    }

    /// One that found a failure.
    pub fn of_failure(check: &'static str, verdict: Verdict, failure: &Failure) -> Self {
        let of_problem = Self::of_problem(check, &Problem::from(failure.clone()));
        Self { verdict, ..of_problem }.remedied(&remedy::of(failure))
    }

    /// One that stands in the way.
    pub fn of_problem(check: &'static str, problem: &Problem) -> Self {
        Self {
            code: Some(problem.code),
            service_code: problem.service_code.as_deref().map(escape),
            request_id: problem.request_id.as_deref().map(escape),
            ..Self::new(check, Verdict::Blocks, &problem.message)
        }
        .remedied(remedy::of_kind(FailureKind::Configuration))
    }

    /// The same with a code of its own.
    pub fn coded(self, code: Code) -> Self {
        Self { code: Some(code), ..self }
    }

    /// The same with what to do about it, in a sentence.
    pub fn remedied(self, remedy: &str) -> Self {
        Self { remedy: Some(escape(remedy)), ..self }
    }

    /// The exit code that it stands for where it stands in the way.
    pub fn exit(&self) -> u8 {
        self.code.unwrap_or(Code::Internal).exit()
    }

    /// Its lines in a table: the check, and below it what to do.
    pub fn lines(&self) -> Vec<Vec<String>> {
        let verdict = table::verdict(self.verdict);
        let line = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let remedy = self.remedy.iter().map(|remedy| line(["", "", &format!("-> {remedy}")]));
        [line([self.check, verdict, &self.text])].into_iter().chain(remedy).collect()
    }
}

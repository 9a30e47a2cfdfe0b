//! Why a request is refused, and how that looks to a client.

use std::borrow::Cow;
use std::sync::Arc;

use policy::Rule;
use realm::load::Lang;
use wire::openai::{Cited, ErrorBody};

use crate::code::Code;
use crate::pipeline::approval::Waiting;

/// A refusal: what the client gets, and what the record says.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) message: Cow<'static, str>,
    pub(crate) param: Option<Cow<'static, str>>,
    pub(crate) rules: Vec<Arc<Rule>>,
    /// Rules that could not be evaluated, each with the fact that nobody knows.
    pub(crate) unknown: Vec<(Arc<Rule>, String)>,
    /// As a client reads it: whole seconds, and no century of them.
    pub(crate) retry_after_s: Option<u32>,
    /// The ticket that it waits under, or came back with.
    pub(crate) ticket: Option<Box<Waiting>>,
}

impl Refused {
    /// A refusal with its words.
    pub(crate) fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let (rules, unknown) = (Vec::new(), Vec::new());
        Self { code, message: message.into(), param: None, rules, unknown, retry_after_s: None, ticket: None }
    }

    /// Names the field or header to blame.
    pub(crate) fn about(mut self, param: impl Into<Cow<'static, str>>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// Says when to come again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// Names the ticket that it is about.
    pub(crate) fn under(mut self, ticket: Waiting) -> Self {
        self.ticket = Some(Box::new(ticket));
        self
    }

    /// The ledger cannot write.
    pub(crate) fn ledger() -> Self {
        Self::new(Code::LedgerUnavailable, "the ledger cannot write, so nothing is sent or answered").retry_after(1)
    }

    /// The gateway is going down.
    pub(crate) fn shutting_down() -> Self {
        Self::new(Code::ShuttingDown, "the gateway is going down").retry_after(1)
    }

    /// The body in OpenAI's shape. Rules of packs speak the reader's language.
    pub(crate) fn to_json(&self, request_id: &str, lang: Lang) -> String {
        if let (Code::ApprovalPending, Some(ticket)) = (self.code, &self.ticket) {
            return ticket.to_json(self, request_id, lang);
        }
        let mut body = ErrorBody::new(self.code.status().as_u16(), self.code.as_str(), self.message.clone())
            .docs(format!("docs/errors/{}.md", self.code))
            .request_id(request_id);
        if let Some(param) = &self.param {
            body = body.param(param.as_ref());
        }
        for rule in &self.rules {
            let (id, title, cite) = (rule.id.to_string(), rule.title_in(lang).to_owned(), rule.cite.to_string());
            let remedy = rule.told(lang).map(|told| told.remedy.clone());
            body = body.rule(Cited { id, title, cite, remedy });
        }
        for (rule, fact) in &self.unknown {
            body = body.unknown(rule.id.to_string(), fact.clone());
        }
        body.to_json()
    }
}

impl From<wire::Error> for Refused {
    fn from(error: wire::Error) -> Self {
        let refused = Self::new(Code::InvalidRequest, error.to_string());
        match error.param() {
            Some(param) => refused.about(param),
            None => refused,
        }
    }
}

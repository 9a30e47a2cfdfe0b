use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy::{ActionConstraint, EntityUid};
use jiff::civil::Date;
use realm::RuleId;
use realm::load::{Diagnostic, nearest};

use super::MESSAGES;
use super::parse::Written;
use crate::rule::{Acts, Effect, ObligationKind, Rule, Status};
use crate::schema::EvidenceKey;

/// Every annotation there is.
const NAMES: [&str; 11] = [
    "id",
    "title",
    "cite",
    "status",
    "from",
    "until",
    "verified_on",
    "obligation",
    "approvers",
    "within_hours",
    "evidence",
];

/// People who can be asked to agree.
const APPROVERS_MAX: u32 = 9;
/// Hours within which somebody can be due to be told: a leap year's.
const HOURS_MAX: u32 = 8_784;

/// What a rule of each origin must say.
const LAW: &[&str] = &["id", "title", "cite", "status", "from", "verified_on"];
/// A law that does not bind yet may be known from reports; then nobody has compared it with its text, and it says so.
const PROPOSED: &[&str] = &["id", "title", "cite", "status", "from"];
const OWN_FORBID: &[&str] = &["id", "title", "cite"];
const OWN_PERMIT: &[&str] = &["id"];

/// The rule that a policy's annotations make of it, if they make one.
pub(super) fn rule(written: &Written, problems: &mut Vec<Diagnostic>) -> Option<Rule> {
    let effect = match written.policy.effect() {
        cedar_policy::Effect::Permit => Effect::Permit,
        cedar_policy::Effect::Forbid => Effect::Forbid,
    };
    let acts = acts(&written.policy.action_constraint());
    let mut reading = Reading { written, problems, values: written.policy.annotations().collect(), failed: false };
    reading.names();
    reading.origin(effect);
    reading.action(effect, acts);
    reading.required(reading.demanded(effect));
    let id = reading.id();
    let status = reading.one_of("status", Status::ALL, Status::as_str).unwrap_or(Status::InForce);
    let obligation = reading.one_of("obligation", ObligationKind::ALL, ObligationKind::as_str);
    let (from, until) = reading.dates();
    let verified_on = reading.date("verified_on");
    let evidence = reading.evidence();
    let approvers = reading.number("approvers", APPROVERS_MAX, (obligation, ObligationKind::Approval));
    let within_hours = reading.number("within_hours", HOURS_MAX, (obligation, ObligationKind::Notify));
    if reading.failed {
        return None;
    }
    let id = id?;
    Some(Rule {
        rule_ref: id.as_str().into(),
        id,
        title: reading.text("title"),
        cite: reading.text("cite"),
        status,
        from,
        until,
        verified_on,
        pack: written.pack.clone(),
        effect,
        obligation: obligation.filter(|_| acts.oblige),
        approvers: approvers.unwrap_or(1),
        within_hours,
        evidence,
        texts: None,
        file: written.source.path.clone(),
        line: written.source.line_column(written.span.start).0,
        source: Arc::clone(&written.source),
        span: written.span.clone(),
        acts,
    })
}

/// A rule of any action decides; it obliges only where it says so and nothing else.
fn acts(constraint: &ActionConstraint) -> Acts {
    let names = |uids: &[EntityUid], name: &str| {
        uids.iter().any(|uid| uid.type_name().basename() == "Action" && uid.id().unescaped() == name)
    };
    let uids = match constraint {
        ActionConstraint::Any => return Acts { infer: true, disclose: true, oblige: false },
        ActionConstraint::Eq(uid) => vec![uid.clone()],
        ActionConstraint::In(uids) => uids.clone(),
    };
    Acts { infer: names(&uids, "infer"), disclose: names(&uids, "disclose"), oblige: names(&uids, "oblige") }
}

/// The annotations of one policy being read.
struct Reading<'a> {
    written: &'a Written,
    problems: &'a mut Vec<Diagnostic>,
    values: BTreeMap<&'a str, &'a str>,
    failed: bool,
}

impl Reading<'_> {
    fn problem(&mut self, code: &'static str, annotation: &str, args: &[(&'static str, String)]) {
        let mut problem = Diagnostic::error(code, &MESSAGES).arg("annotation", annotation);
        problem.args.extend_from_slice(args);
        let span = self.written.annotation_span(annotation);
        self.problems.push(problem.at(&self.written.source, span));
        self.failed = true;
    }

    /// A misspelt annotation would be ignored, and a rule without its last day binds for ever.
    fn names(&mut self) {
        let unknown: Vec<String> =
            self.values.keys().filter(|name| !NAMES.contains(name)).map(|name| (*name).to_owned()).collect();
        for name in unknown {
            let near = nearest(&name, NAMES).map(|near| ("nearest", near));
            let args: Vec<_> = [("known", NAMES.join(", "))].into_iter().chain(near).collect();
            self.problem("policy.unknown_annotation", &name, &args);
        }
    }

    fn origin(&mut self, effect: Effect) {
        if let (Some(pack), Effect::Permit) = (&self.written.pack, effect) {
            let pack = pack.as_str().to_owned();
            self.problem("policy.pack_permits", "", &[("pack", pack)]);
        }
    }

    fn action(&mut self, effect: Effect, acts: Acts) {
        let decides = acts.infer || acts.disclose;
        if acts.oblige && decides {
            self.problem("policy.decides_and_obliges", "", &[]);
        } else if acts.oblige && effect == Effect::Permit {
            self.problem("policy.permit_obliges", "", &[]);
        } else if acts.oblige {
            self.required(&["obligation"]);
        } else if self.values.contains_key("obligation") {
            self.problem("policy.obligation_of_decision", "obligation", &[]);
        }
    }

    /// What a rule of its origin must say.
    fn demanded(&self, effect: Effect) -> &'static [&'static str] {
        match (&self.written.pack, effect) {
            (Some(_), _) if matches!(self.values.get("status"), Some(&("draft" | "voluntary"))) => PROPOSED,
            (Some(_), _) => LAW,
            (None, Effect::Forbid) => OWN_FORBID,
            (None, Effect::Permit) => OWN_PERMIT,
        }
    }

    fn required(&mut self, names: &[&str]) {
        for name in names {
            if self.values.get(name).is_none_or(|value| !value.chars().any(char::is_alphanumeric)) {
                self.problem("policy.missing_annotation", name, &[("all", names.join(", "))]);
            }
        }
    }

    fn id(&mut self) -> Option<RuleId> {
        let value = (*self.values.get("id")?).to_owned();
        if value.trim().is_empty() {
            return None;
        }
        let id = RuleId::new(&value).ok();
        if id.is_none() {
            self.problem("policy.bad_id", "id", &[("value", value)]);
        }
        id
    }

    fn one_of<T: Copy, const N: usize>(&mut self, name: &str, all: [T; N], word: fn(T) -> &'static str) -> Option<T> {
        let value = (*self.values.get(name)?).to_owned();
        let found = all.into_iter().find(|it| word(*it) == value);
        if found.is_none() && !value.trim().is_empty() {
            let words = all.map(word);
            let near = nearest(&value, words).map(|near| ("nearest", near));
            let args: Vec<_> =
                [("value", value.clone()), ("words", words.join(", "))].into_iter().chain(near).collect();
            self.problem("policy.bad_word", name, &args);
        }
        found
    }

    fn dates(&mut self) -> (Option<Date>, Option<Date>) {
        let (from, until) = (self.date("from"), self.date("until"));
        if let (Some(first), Some(last)) = (from, until)
            && first > last
        {
            self.problem("policy.dates_reversed", "until", &[("from", first.to_string()), ("until", last.to_string())]);
        }
        (from, until)
    }

    fn date(&mut self, name: &str) -> Option<Date> {
        let value = (*self.values.get(name)?).to_owned();
        if value.trim().is_empty() {
            return None;
        }
        // Exactly as ISO 8601 writes a day: no time, no zone, no other spelling of the same day.
        let date = value.parse::<Date>().ok().filter(|date| date.to_string() == value);
        if date.is_none() {
            self.problem("policy.bad_date", name, &[("value", value)]);
        }
        date
    }

    fn evidence(&mut self) -> Vec<EvidenceKey> {
        let Some(value) = self.values.get("evidence").map(|value| (*value).to_owned()) else {
            return Vec::new();
        };
        let mut keys = Vec::new();
        for word in value.split(',').map(str::trim) {
            match word.parse() {
                Ok(key) => keys.push(key),
                Err(_) => self.problem("policy.bad_evidence_key", "evidence", &[("value", word.to_owned())]),
            }
        }
        keys
    }

    /// A number from 1 that belongs to duties of one kind.
    fn number(&mut self, name: &str, most: u32, (owed, kind): (Option<ObligationKind>, ObligationKind)) -> Option<u32> {
        let value = (*self.values.get(name)?).to_owned();
        let number = value.parse().ok().filter(|number| (1..=most).contains(number) && owed == Some(kind));
        if number.is_none() {
            let args = [("value", value), ("most", most.to_string()), ("kind", kind.as_str().to_owned())];
            self.problem("policy.bad_number", name, &args);
        }
        number
    }

    fn text(&self, name: &str) -> Arc<str> {
        self.values.get(name).copied().unwrap_or_default().into()
    }
}

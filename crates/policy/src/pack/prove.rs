//! What has to be proved so that a new version of a pack denies all that the old one denied: a question for each action, as
//! texts for Cedar's symbolic compiler.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::open::Opened;
use crate::rule::{ObligationKind, Rule};
use crate::schema::{self, EvidenceKey};

/// One question: does what the new rules leave open lie within what the old ones left open?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Of which action.
    pub action: Action,
    /// The schema that both are written against.
    pub schema: String,
    /// The old rules that bind, after a permit for everything.
    pub was: String,
    /// The new ones.
    pub is: String,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Using a deployment.
    Infer,
    /// Telling a class of data in clear.
    Disclose,
    /// A duty of a kind.
    Oblige(ObligationKind),
}

impl Action {
    /// The name of Cedar's action.
    pub fn cedar(self) -> &'static str {
        match self {
            Self::Infer => "infer",
            Self::Disclose => "disclose",
            Self::Oblige(_) => "oblige",
        }
    }

    /// The name, with the kind of a duty.
    pub fn name(self) -> String {
        match self {
            Self::Oblige(kind) => format!("oblige-{}", kind.as_str()),
            other => other.cedar().to_owned(),
        }
    }
}

/// The questions of a day, for those actions about which the old version has a rule that binds; where it has none, there is
/// nothing to lose.
pub fn questions(was: &Opened, is: &Opened, on: Date) -> Vec<Question> {
    let (old, new) = (binding(was, on), binding(is, on));
    let keys: BTreeSet<EvidenceKey> = was.compiled.evidence().union(is.compiled.evidence()).cloned().collect();
    let schema = schema::text(&keys);
    let about: BTreeSet<Action> = old.iter().flat_map(|rule| actions(rule)).collect();
    let question =
        |action| Question { action, schema: schema.clone(), was: text(&old, action), is: text(&new, action) };
    about.into_iter().map(question).collect()
}

fn binding(opened: &Opened, on: Date) -> Vec<&Rule> {
    let rules = opened.compiled.rules().iter().map(AsRef::as_ref);
    rules.filter(|rule: &&Rule| rule.pack.is_some() && rule.binds_on(on)).collect()
}

fn actions(rule: &Rule) -> impl Iterator<Item = Action> {
    let infer = rule.acts.infer.then_some(Action::Infer);
    let disclose = rule.acts.disclose.then_some(Action::Disclose);
    let oblige = rule.obligation.filter(|_| rule.acts.oblige).map(Action::Oblige);
    [infer, disclose, oblige].into_iter().flatten()
}

fn text(rules: &[&Rule], action: Action) -> String {
    let mut text = "permit (principal, action, resource);\n".to_owned();
    for rule in rules.iter().filter(|rule| actions(rule).any(|it| it == action)) {
        text.push('\n');
        text.push_str(rule.text());
        text.push('\n');
    }
    text
}

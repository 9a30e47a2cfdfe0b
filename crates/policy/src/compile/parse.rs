use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use cedar_policy::{Policy, PolicySet};
use cedar_policy_core::ast;
use realm::PackId;
use realm::load::{Diagnostic, Source};
use realm::world::RuleSource;

use super::MESSAGES;
use super::nesting::{self, TooDeep};

/// One Cedar policy as it stands in its file.
pub(super) struct Written {
    pub source: Arc<Source>,
    pub pack: Option<PackId>,
    /// Its spans count from the beginning of the file.
    pub policy: Policy,
    /// The policy with its annotations.
    pub span: Range<usize>,
}

impl Written {
    /// The policy as Cedar's core holds it: with the places of its parts.
    pub(super) fn core(&self) -> &ast::Policy {
        self.policy.as_ref()
    }

    /// Where an annotation stands; the whole policy where it has none of that name.
    pub(super) fn annotation_span(&self, name: &str) -> Range<usize> {
        let of_that_name = |(key, _): &(&ast::AnyId, &ast::Annotation)| AsRef::<str>::as_ref(*key) == name;
        let location = self.core().annotations().find(of_that_name).and_then(|(_, annotation)| annotation.loc.as_ref());
        location.map_or_else(|| self.head(), |location| location.start()..location.end())
    }

    /// The first line of the policy: enough to point at it without underlining all of it.
    pub(super) fn head(&self) -> Range<usize> {
        let text = &self.source.text[self.span.clone()];
        let line = text.lines().next().map_or(0, str::len);
        self.span.start..self.span.start + line
    }
}

/// The policies of a file in the order written.
pub(super) fn file(file: &RuleSource, problems: &mut Vec<Diagnostic>) -> Vec<Written> {
    let source = Arc::new(Source { path: file.path.clone(), text: file.text.clone() });
    if let Some(deep) = nesting::too_deep(&file.text) {
        problems.push(match deep {
            TooDeep::Brackets(span) => {
                let most = nesting::BRACKETS_MAX.to_string();
                Diagnostic::error("policy.too_deep", &MESSAGES).arg("most", most).at(&source, span)
            }
            TooDeep::Links(span) => {
                let most = nesting::LINKS_MAX.to_string();
                Diagnostic::error("policy.too_long", &MESSAGES).arg("most", most).at(&source, span)
            }
        });
        return Vec::new();
    }
    let set = match PolicySet::from_str(&file.text) {
        Ok(set) => set,
        Err(errors) => {
            problems.extend(errors.iter().map(|error| foreign("policy.syntax", error, &source, 0..0)));
            return Vec::new();
        }
    };
    for template in set.templates() {
        let core: &ast::Template = template.as_ref();
        let span = core.loc().map_or(0..0, |location| location.start()..location.end());
        problems.push(Diagnostic::error("policy.template", &MESSAGES).at(&source, span));
    }
    let mut written: Vec<Written> = set.policies().map(|policy| one(policy, file, &source)).collect();
    written.sort_by_key(|it| it.span.start);
    written
}

fn one(policy: &Policy, file: &RuleSource, source: &Arc<Source>) -> Written {
    let core: &ast::Policy = policy.as_ref();
    let body = core.loc().map_or(0..source.text.len(), |location| location.start()..location.end());
    let starts = core.annotations().filter_map(|(_, annotation)| annotation.loc.as_ref()).map(|it| it.start());
    let start = starts.chain([body.start]).min().unwrap_or(body.start);
    let span = start..body.end;
    Written { source: Arc::clone(source), pack: file.pack.clone(), policy: policy.clone(), span }
}

/// A problem that Cedar found, in Cedar's words. Where Cedar names no place, `fallback` is it.
pub(super) fn foreign(
    code: &'static str,
    error: &dyn miette::Diagnostic,
    source: &Arc<Source>,
    fallback: Range<usize>,
) -> Diagnostic {
    let label = error.labels().and_then(|mut labels| labels.next());
    let span = label.as_ref().map_or(fallback, |label| label.offset()..label.offset() + label.len());
    let wanted = label.as_ref().and_then(|label| label.label()).unwrap_or_default();
    let detail = without_policy(&error.to_string()).to_owned();
    Diagnostic::error(code, &MESSAGES)
        .arg("detail", if wanted.is_empty() { detail } else { format!("{detail}; {wanted}") })
        .arg_if("nearest", error.help().map(|help| help.to_string()))
        .at(source, span)
}

/// Cedar's messages begin with the policy's id, which here is only its place.
fn without_policy(message: &str) -> &str {
    let rest = message.strip_prefix("for policy `").and_then(|rest| rest.split_once("`, "));
    rest.map_or(message, |(_, rest)| rest)
}

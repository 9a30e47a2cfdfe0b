//! Tasks as people read them.

use realm::load::Lang;

use super::{Closed, Found, Remedy, Since, Standing, Task};
use crate::say::{Page, list, say};

/// What is to be done about a finding, under it.
pub(crate) fn say_task(page: &mut Page, task: Option<&Task>) {
    let Some(task) = task else { return };
    let lang = page.lang;
    let due = task.due.map(|due| say(lang, "task-due", &[("day", due.to_string())]));
    let routes = (!task.routes.is_empty()).then(|| say(lang, "task-routes", &[("routes", list(&task.routes))]));
    let when: Vec<String> = routes.into_iter().chain(due).chain(task.standing.map(|it| it.to_text(lang))).collect();
    let args = [("who", task.who(lang)), ("what", task.to_do.to_text(lang)), ("when", when.join("; "))];
    page.under(if when.is_empty() { "task-line" } else { "task-line-when" }, &args);
}

/// What became of what the drill before found.
pub(crate) fn say_since<F>(page: &mut Page, since: Option<&Since>, findings: &[Found<F>]) {
    let Some(since) = since else { return };
    let lang = page.lang;
    let count = |wanted: &[Standing]| {
        let standing = findings.iter().filter_map(|it| it.task.as_ref()?.standing);
        standing.filter(|it| wanted.contains(it)).count().to_string()
    };
    page.head("since");
    let args = [
        ("title", since.title.clone()),
        ("closed", since.closed.len().to_string()),
        ("open", count(&[Standing::Open, Standing::Overdue])),
        ("overdue", count(&[Standing::Overdue])),
        ("not-asked", since.not_asked.len().to_string()),
        ("new", count(&[Standing::New])),
    ];
    page.line("since-what", &args);
    if since.as_recorded && count(&[Standing::Open, Standing::Overdue]) != "0" {
        page.item("since-as-recorded", &[]);
    }
    if !since.same_question {
        page.item("since-other-question", &[]);
    }
    for closed in &since.closed {
        page.item("since-closed", &[("what", closed.to_text(lang))]);
    }
    for other in &since.not_asked {
        page.item("since-not-asked", &[("what", other.to_text(lang))]);
    }
}

impl Task {
    /// Who is to do it, for people.
    pub fn who(&self, lang: Lang) -> String {
        if self.owners.is_empty() {
            return say(lang, "task-nobody", &[]);
        }
        list(self.owners.iter().map(|owner| &owner.name))
    }
}

impl Remedy {
    /// What is to be done, for people.
    pub fn to_text(self, lang: Lang) -> String {
        say(lang, &format!("remedy-{}", self.word()), &[])
    }
}

impl Standing {
    /// How it stands, for people.
    pub fn to_text(self, lang: Lang) -> String {
        let word = match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Overdue => "overdue",
        };
        say(lang, &format!("standing-{word}"), &[])
    }
}

impl Closed {
    /// What is closed, for people; a kind that this version does not know by its word.
    pub fn to_text(&self, lang: Lang) -> String {
        let (kind, about) = self.key.split_once(':').unwrap_or((&self.key, ""));
        let word = KINDS.iter().find(|it| **it == kind).map(|kind| say(lang, &format!("found-{kind}"), &[]));
        let args = [("kind", word.unwrap_or_else(|| kind.to_owned())), ("about", about.to_owned())];
        say(lang, if about.is_empty() { "closed" } else { "closed-about" }, &args)
    }
}

/// The kinds of findings that have a task.
const KINDS: [&str; 21] = [
    "without_world",
    "critical_stops",
    "stops",
    "leaves",
    "dimmed",
    "overloaded",
    "capacity_unknown",
    "not_held",
    "not_measured",
    "not_detected",
    "fails_slowly",
    "not_in_time",
    "leaked",
    "passed",
    "not_settled",
    "rto",
    "stopped",
    "nothing_mirrored",
    "no_fallback",
    "fallback_failed",
    "budget_spent",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_words_in_both_languages() {
        for lang in [Lang::En, Lang::Ru] {
            let remedies: std::collections::BTreeSet<_> = Remedy::ALL.iter().map(|it| it.to_text(lang)).collect();
            assert_eq!(remedies.len(), Remedy::ALL.len());
            for kind in KINDS {
                let closed = Closed { key: format!("{kind}:it"), due: None }.to_text(lang);
                assert!(closed.ends_with(": it") && !closed.contains("found-"), "{closed}");
            }
        }
        let strange = Closed { key: "of_a_later_version".to_owned(), due: None };
        assert_eq!(strange.to_text(Lang::En), "of_a_later_version");
    }
}

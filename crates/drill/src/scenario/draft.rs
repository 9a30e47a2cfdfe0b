//! A scenario in the making: from what somebody chose to the text of a file that says it.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::hypothesis::Measure;
use crate::level::{Key, Level};

/// What somebody chose. Names and numbers are as they were typed: whether they can be meant is said by
/// [`Scenario::parse`](super::Scenario::parse) of what this writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What people call it.
    pub title: String,
    /// The seed of its draws; none: the first.
    pub seed: Option<String>,
    /// What is cut off.
    pub cuts: Vec<Key>,
    /// Only for users there; without a cut, everything is cut off for them.
    pub users: Option<String>,
    /// A provider, and by how much its prices are multiplied.
    pub price: Option<(String, String)>,
    /// A rule that binds from a day on.
    pub law: Option<(String, Date)>,
    /// Only this traffic: from a day on, and up to one.
    pub traffic: (Option<Date>, Option<Date>),
    /// Margins: each measure with its margin.
    pub margins: Vec<(Measure, String)>,
    /// Whose drill it is.
    pub owner: Option<String>,
    /// Days until what it finds is to be closed.
    pub due_days: Option<String>,
}

impl Draft {
    /// The text of its file.
    pub fn to_toml(&self) -> String {
        let mut text = format!("title = {}\nseed = {}\n", quoted(&self.title), number(self.seed.as_deref(), "1"));
        let users = self.users.as_deref().map(|users| ("users", quoted(users)));
        for key in &self.cuts {
            let fields = named(key).into_iter().chain(users.clone());
            table(&mut text, "[[cut]]", fields);
        }
        if self.cuts.is_empty() && users.is_some() {
            table(&mut text, "[[cut]]", users);
        }
        if let Some((provider, factor)) = &self.price {
            table(&mut text, "[[price]]", [("provider", quoted(provider)), ("factor", quoted(factor))]);
        }
        if let Some((rule, from)) = &self.law {
            table(&mut text, "[[law]]", [("rule", quoted(rule)), ("from", from.to_string())]);
        }
        let (since, until) = self.traffic;
        let days = [("since", since), ("until", until)];
        let days: Vec<_> = days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).collect();
        if !days.is_empty() {
            table(&mut text, "[traffic]", days);
        }
        if !self.margins.is_empty() {
            let margins = self.margins.iter().map(|(measure, margin)| (measure.margin(), quoted(margin)));
            table(&mut text, "[hypothesis]", margins);
        }
        let owner = self.owner.as_deref().map(|owner| ("owner", quoted(owner)));
        let days = self.due_days.as_deref().map(|days| ("due_days", number(Some(days), "")));
        let closing: Vec<_> = owner.into_iter().chain(days).collect();
        if !closing.is_empty() {
            table(&mut text, "[findings]", closing);
        }
        text
    }
}

fn table<'a>(text: &mut String, head: &str, fields: impl IntoIterator<Item = (&'a str, String)>) {
    let _ = write!(text, "\n{head}\n");
    for (name, value) in fields {
        let _ = writeln!(text, "{name} = {value}");
    }
}

/// The fields by which a cut names a key.
fn named(key: &Key) -> Vec<(&'static str, String)> {
    let name = quoted(key.name.as_deref().unwrap_or_default());
    match key.level {
        Level::Residency | Level::Control | Level::Provenance => {
            vec![("jurisdiction", name), ("axis", quoted(key.level.as_str()))]
        }
        level => vec![(level.as_str(), name)],
    }
}

/// A number as it was typed; what is none stays a text, and the reader of the file says so.
fn number(typed: Option<&str>, otherwise: &str) -> String {
    match typed {
        None => otherwise.to_owned(),
        Some(typed) if typed.parse::<u32>().is_ok_and(|it| it.to_string() == typed) => typed.to_owned(),
        Some(typed) => quoted(typed),
    }
}

/// A text as TOML writes it in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;
    use realm::load::Lang;

    use super::super::{Measure, Of, Scenario};
    use super::Draft;
    use crate::level::{Key, Level};

    #[test]
    fn what_is_written_is_read_back_as_it_was_chosen() {
        let title = "A \"group\" \\ leaves, жуть";
        let draft = Draft {
            title: title.to_owned(),
            seed: Some("7".to_owned()),
            cuts: vec![Key::new(Level::Parent, "meridian-group"), Key::new(Level::Provenance, "XB")],
            users: Some("XA".to_owned()),
            price: Some(("abroad".to_owned(), "10".to_owned())),
            law: Some(("stays".to_owned(), date(2026, 1, 1))),
            traffic: (Some(date(2026, 11, 1)), Some(date(2026, 11, 30))),
            margins: vec![(Measure::SurvivalShare, "0.95".to_owned()), (Measure::StoppedRequests, "10".to_owned())],
            owner: Some("ministry".to_owned()),
            due_days: Some("30".to_owned()),
        };
        let text = draft.to_toml();
        let read = Scenario::parse(Path::new("drill.toml"), &text).unwrap_or_else(|it| panic!("{text}\n{it:?}"));
        assert_eq!((read.title.as_str(), read.seed), (title, 7));
        assert_eq!(read.cut_keys().cloned().collect::<Vec<_>>(), draft.cuts);
        assert!(read.cuts.iter().all(|cut| cut.users.as_ref().is_some_and(|it| it.value.as_str() == "XA")));
        assert_eq!(read.prices[0].factor.to_string(), "10");
        assert_eq!(read.laws[0].of.value, Of::Rule(realm::RuleId::new("stays").unwrap()));
        assert_eq!((read.traffic.since, read.traffic.until), draft.traffic);
        let margins: Vec<_> = read.hypothesis.iter().map(|it| (it.measure, it.expected.margin().to_string())).collect();
        assert_eq!(margins, draft.margins);
        assert_eq!(read.closing.owner.as_ref().map(|it| it.value.as_str()), Some("ministry"));
        assert_eq!(read.closing.due_days, Some(30));
    }

    #[test]
    fn what_cannot_be_meant_is_said_by_whoever_reads_the_file() {
        let users_only = Draft { title: "x".to_owned(), users: Some("XA".to_owned()), ..Draft::default() };
        assert!(Scenario::parse(Path::new("drill.toml"), &users_only.to_toml()).is_ok());
        // What could write lines of its own in a log is no title, however it was typed.
        let lines = Draft { title: "a\nb\u{1}".to_owned(), ..Draft::default() };
        let problems = Scenario::parse(Path::new("drill.toml"), &lines.to_toml()).unwrap_err();
        assert!(problems.iter().any(|problem| problem.code == "scenario.wrong_value"), "{problems:?}");
        let wrong = Draft { seed: Some("many".to_owned()), ..users_only };
        let problems = Scenario::parse(Path::new("drill.toml"), &wrong.to_toml()).unwrap_err();
        assert!(problems[0].message(Lang::En).contains("seed"), "{problems:?}");
    }
}

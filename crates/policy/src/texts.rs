//! What the rules of a pack say to people: one message a rule in `en.ftl` and in `ru.ftl`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use fluent_syntax::ast::{Entry, Message, Pattern, PatternElement};
use fluent_syntax::parser::parse_runtime;
use realm::World;
use realm::load::{Diagnostic, Lang, Source, nearest};
use realm::world::{Pack, PackFile};

use crate::compile::MESSAGES;
use crate::rule::Rule;

/// The parts of a message beside its value, which is the title.
const PARTS: [&str; 2] = ["plain", "remedy"];

/// What one rule says to people, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// In English.
    pub en: Told,
    /// In Russian.
    pub ru: Told,
}

/// What one rule says to people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What it demands, in one line.
    pub title: String,
    /// The same for somebody who has not read the law.
    pub plain: String,
    /// What would make a request pass.
    pub remedy: String,
}

impl Texts {
    /// In one language.
    pub fn told(&self, lang: Lang) -> &Told {
        match lang {
            Lang::En => &self.en,
            Lang::Ru => &self.ru,
        }
    }
}

/// Gives the rules of each pack their texts. Each rule of a pack that has texts has all of them in both languages, and no
/// text is of a rule that is not there.
pub(crate) fn attach(world: &World, rules: &mut [Option<Rule>], problems: &mut Vec<Diagnostic>) {
    for pack in world.packs.values() {
        let (en, ru) = match (&pack.texts.en, &pack.texts.ru) {
            (None, None) if !rules.iter().flatten().any(|rule| rule.pack.as_ref() == Some(&pack.id)) => continue,
            (None, None) => {
                problems.push(missing_file(pack, "en.ftl", Diagnostic::warning("policy.no_texts", &MESSAGES)));
                continue;
            }
            (None, _) => {
                problems.push(missing_file(pack, "en.ftl", Diagnostic::error("policy.no_texts", &MESSAGES)));
                continue;
            }
            (_, None) => {
                problems.push(missing_file(pack, "ru.ftl", Diagnostic::error("policy.no_texts", &MESSAGES)));
                continue;
            }
            (Some(en), Some(ru)) => (en, ru),
        };
        let mut own: Vec<&mut Rule> =
            rules.iter_mut().flatten().filter(|rule| rule.pack.as_ref() == Some(&pack.id)).collect();
        let (english, russian) = (read(en, &own, problems), read(ru, &own, problems));
        for rule in &mut own {
            let en = complete(rule, english.get(rule.id.as_str()), en, problems);
            let ru = complete(rule, russian.get(rule.id.as_str()), ru, problems);
            if let Some(told) = en.as_ref().filter(|told| *told.title != *rule.title) {
                let problem = Diagnostic::error("policy.text_title", &MESSAGES).arg("id", rule.id.as_str());
                problems.push(problem.arg("title", told.title.as_str()).at(&rule.source, rule.head()));
            }
            rule.texts = en.zip(ru).map(|(en, ru)| Arc::new(Texts { en, ru }));
        }
    }
}

fn missing_file(pack: &Pack, name: &str, problem: Diagnostic) -> Diagnostic {
    let folder = std::path::Path::new("packs").join(pack.id.as_str());
    problem.arg("pack", pack.id.as_str()).arg("name", name).in_file(&folder.join(name))
}

/// The messages of a file, by rule.
fn read(file: &PackFile, rules: &[&mut Rule], problems: &mut Vec<Diagnostic>) -> BTreeMap<String, Told> {
    let source = Arc::new(Source { path: file.path.clone(), text: file.text.clone() });
    // The parser goes down by the stack, and no text of ours has a bracket within a bracket.
    if let Some(at) = nested(&source.text) {
        let problem = Diagnostic::error("policy.text_variable", &MESSAGES).arg("name", file.path.display().to_string());
        problems.push(problem.at(&source, at..at + 1));
        return BTreeMap::new();
    }
    let (resource, errors) = match parse_runtime(source.text.as_str()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    for error in errors {
        let problem = Diagnostic::error("policy.text_syntax", &MESSAGES).arg("detail", error.kind.to_string());
        problems.push(problem.at(&source, error.pos));
    }
    let mut all = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name;
        if !rules.iter().any(|rule| rule.id.as_str() == id) {
            let near = nearest(id, rules.iter().map(|rule| rule.id.as_str()));
            let problem = Diagnostic::error("policy.text_spare", &MESSAGES).arg("id", id);
            problems.push(problem.arg_if("nearest", near).at(&source, place(&source, id)));
        } else if all.insert(id.to_owned(), told(message, &source, problems)).is_some() {
            let problem = Diagnostic::error("policy.text_twice", &MESSAGES).arg("id", id);
            problems.push(problem.at(&source, place(&source, id)));
        }
    }
    all
}

/// The first bracket within a bracket.
fn nested(text: &str) -> Option<usize> {
    let mut open = false;
    text.bytes().position(|byte| {
        let inner = byte == b'{' && open;
        open = byte == b'{' || (open && byte != b'}');
        inner
    })
}

fn told(message: &Message<&str>, source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Told {
    let mut told = Told::default();
    if let Some(value) = &message.value {
        told.title = text(value, message.id.name, source, problems);
    }
    for attribute in &message.attributes {
        let name = attribute.id.name;
        let value = text(&attribute.value, name, source, problems);
        match name {
            "plain" => told.plain = value,
            "remedy" => told.remedy = value,
            _ => {
                let problem = Diagnostic::error("policy.text_part", &MESSAGES).arg("part", name);
                let problem = problem.arg("parts", PARTS.map(|it| format!(".{it}")).join(", "));
                problems.push(problem.arg_if("nearest", nearest(name, PARTS)).at(source, place(source, name)));
            }
        }
    }
    told
}

/// A text of words alone: nothing is filled in where it is shown.
fn text(pattern: &Pattern<&str>, name: &str, source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> String {
    let mut whole = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => whole.push_str(value),
            PatternElement::Placeable { .. } => {
                let problem = Diagnostic::error("policy.text_variable", &MESSAGES).arg("name", name);
                problems.push(problem.at(source, place(source, name)));
            }
        }
    }
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn complete(rule: &Rule, told: Option<&Told>, file: &PackFile, problems: &mut Vec<Diagnostic>) -> Option<Told> {
    let blank = Told::default();
    let told = told.unwrap_or(&blank);
    let parts = [("title", &told.title), ("plain", &told.plain), ("remedy", &told.remedy)];
    let lacking: Vec<&str> = parts.iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| *name).collect();
    if lacking.is_empty() {
        return Some(told.clone());
    }
    let problem = Diagnostic::error("policy.text_missing", &MESSAGES).arg("id", rule.id.as_str());
    let problem = problem.arg("parts", lacking.join(", ")).arg("texts", file.path.display().to_string());
    problems.push(problem.at(&rule.source, rule.head()));
    None
}

/// Where a name stands that the parser took from the text itself.
fn place(source: &Source, name: &str) -> Range<usize> {
    let start = (name.as_ptr() as usize).saturating_sub(source.text.as_ptr() as usize).min(source.text.len());
    start..(start + name.len()).min(source.text.len())
}

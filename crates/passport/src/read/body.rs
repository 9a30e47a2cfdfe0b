//! The Markdown of a model card: sections by their headings, as the usual template calls them.

use super::bag::{Notes, clean};
use crate::document::{Document, Why};

/// What the template holds where nobody wrote anything.
const NOTHING: [&str; 3] = ["[More Information Needed]", "[optional]", "More information needed"];

struct Section<'t> {
    heading: &'t str,
    text: String,
}

pub(super) fn read(text: &str, document: &mut Document, notes: &Notes) {
    for section in sections(text) {
        let heading = section.heading.to_lowercase();
        let place = || format!("# {}", section.heading);
        let rest = developer(&section.text, document);
        let words = match clean(&rest) {
            Ok(Some(words)) => words,
            Ok(None) => continue,
            Err(why) => {
                notes.left(place(), why);
                continue;
            }
        };
        match slot(&heading, document) {
            Some(slot) => {
                let joined = slot.take().map_or(words.clone(), |earlier| format!("{earlier}\n{words}"));
                *slot = Some(joined);
            }
            None => notes.left(place(), Why::Unknown),
        }
    }
}

/// The field that a section is about.
fn slot<'d>(heading: &str, document: &'d mut Document) -> Option<&'d mut Option<String>> {
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let stated = &mut document.stated;
    if has(&["out-of-scope", "misuse"]) {
        return Some(&mut stated.limits);
    }
    if has(&["intended use", "direct use", "downstream use", "use case"]) || heading == "uses" {
        return Some(&mut stated.intended_use);
    }
    if has(&["limitation", "bias", "risk"]) {
        return Some(&mut stated.limits);
    }
    if has(&["training data"]) {
        return Some(&mut stated.training_data);
    }
    has(&["contact"]).then_some(&mut stated.contact)
}

/// Takes the template's line about the developer out of a section.
fn developer(text: &str, document: &mut Document) -> String {
    let mut rest = String::new();
    for line in text.lines() {
        let named = line.trim_start().strip_prefix("- **").and_then(|line| line.split_once(":**"));
        match named {
            Some((key, value)) if key.to_lowercase().starts_with("developed by") => {
                if let Ok(Some(name)) = clean(&without_placeholders(value)) {
                    document.stated.developer.get_or_insert(name);
                }
            }
            // A line of the template that nobody filled in.
            Some((_, value)) if without_placeholders(value).trim().is_empty() => {}
            _ => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    rest
}

fn without_placeholders(text: &str) -> String {
    NOTHING.iter().fold(text.to_owned(), |text, nothing| text.replace(nothing, ""))
}

/// A text by its headings, without comments and what the template says of itself. What stands before the first has none.
fn sections(text: &str) -> Vec<Section<'_>> {
    let mut all = vec![Section { heading: "", text: String::new() }];
    let (mut fenced, mut comment) = (false, false);
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && !comment && trimmed.starts_with('#') {
            let heading = trimmed.trim_matches('#').trim();
            all.push(Section { heading, text: String::new() });
            continue;
        }
        if !fenced && (comment || trimmed.starts_with("<!--")) {
            comment = !trimmed.contains("-->");
            continue;
        }
        if let Some(section) = all.last_mut() {
            section.text.push_str(&without_placeholders(line));
            section.text.push('\n');
        }
    }
    all
}

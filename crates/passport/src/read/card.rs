//! A model card of Hugging Face: YAML front matter between two lines `---`, then Markdown.

use std::sync::Arc;

use realm::load::{Diagnostic, Source};
use serde_json::{Map, Value};

use super::bag::{Bag, Notes};
use super::words::{is_address, licence, list, modalities};
use super::{Broken, body, result, yaml};
use crate::document::{Document, Found, Why};
use crate::say::MESSAGES;

pub(super) fn read(source: &Arc<Source>, notes: &Notes) -> Result<Document, Broken> {
    let (fields, rest) = front_matter(source)?;
    let mut bag = Bag::new(notes, "", fields);
    let mut document = Document::default();
    let stated = &mut document.stated;
    stated.licence = licence_of(&mut bag);
    stated.languages = bag.texts("language");
    stated.datasets = bag.texts("datasets");
    let base = bag.texts("base_model");
    stated.base_models = (!base.is_empty()).then_some(base);
    if let Some(task) = bag.text("pipeline_tag") {
        match modalities(&task) {
            Some((inputs, outputs)) => (stated.inputs, stated.outputs) = (list(inputs), list(outputs)),
            None => bag.left("pipeline_tag", Why::Unknown),
        }
    }
    for mut index in bag.bags("model-index") {
        document.name = document.name.take().or(index.text("name"));
        for one in index.bags("results") {
            results(one, &mut document.evaluations);
        }
        index.finish();
    }
    bag.finish();
    body::read(rest, &mut document, notes);
    Ok(document)
}

/// The fields of the front matter, and the text after it.
fn front_matter(source: &Arc<Source>) -> Result<(Map<String, Value>, &str), Broken> {
    let Some(after) = source.text.strip_prefix("---").and_then(|rest| rest.split_once('\n')) else {
        return Ok((Map::new(), &source.text));
    };
    let (first, text) = after;
    if !first.trim().is_empty() {
        return Ok((Map::new(), &source.text));
    }
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok((yaml::read(source, &text[..end], 2)?, &text[end + line.len()..]));
        }
        end += line.len();
    }
    let at = source.text.len();
    Err(Box::new(Diagnostic::error("passport.open", &MESSAGES).at(source, at..at)))
}

/// `other` says only that the name stands in another field.
fn licence_of(bag: &mut Bag<'_>) -> Option<String> {
    let named = bag.text("license_name");
    let mut all = bag.texts("license");
    if all.iter().any(|one| one == "other") {
        let link = bag.text("license_link");
        all.retain(|one| one != "other");
        all.extend(named.or(link));
    }
    (!all.is_empty()).then(|| all.into_iter().map(licence).collect::<Vec<_>>().join(" OR "))
}

/// One entry of `results`: a data set, its measures, and where they come from.
fn results(mut one: Bag<'_>, into: &mut Vec<Found>) {
    one.known(&["task"]);
    let suite = one.bag("dataset").and_then(|mut set| {
        let (name, kind, config) = (set.text("name"), set.text("type"), set.text("config"));
        set.known(&["split", "revision", "args"]);
        set.finish();
        let name = name.or(kind)?;
        Some(config.filter(|config| config != "default").map_or(name.clone(), |config| format!("{name} ({config})")))
    });
    let source = one.bag("source").and_then(|mut source| {
        let (name, url) = (source.text("name"), source.text("url").filter(|url| is_address(url)));
        source.finish();
        url.or(name)
    });
    for mut metric in one.bags("metrics") {
        let (kind, value) = (metric.text("type"), metric.take("value"));
        let name = metric.text("name");
        metric.known(&["config", "args", "verified", "verifyToken"]);
        let place = metric.place().to_owned();
        metric.finish();
        let counts = [&kind, &name].into_iter().flatten().any(|metric| result::is_share(metric));
        let score = value.as_ref().and_then(result::share);
        match (&suite, score.filter(|_| counts)) {
            (Some(suite), Some(score)) => into.push(Found {
                suite: suite.clone(),
                metric: kind.or(name),
                score,
                questions: None,
                date: None,
                source: source.clone(),
            }),
            _ => one.left(place.rsplit('.').next().unwrap_or("metrics"), Why::NotAShare),
        }
    }
    one.finish();
}

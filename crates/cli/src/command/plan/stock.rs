//! `freehold plan stock`: where a case's stock and the realm's differ.

use std::path::Path;

use ::plan::stock::differences;
use anyhow::Result;
use serde_json::json;

use super::open;
use crate::command::Run;
use crate::ended::Ended;
use crate::lang::{path_arg, say};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, dir: &Path) -> Result<Ended> {
    let case = open(dir)?;
    let compiled = realms::open(&run.realm)?.compiled;
    let found = differences(compiled.world(), &case);
    if run.json {
        output::json(&json!({ "agrees": found.is_empty(), "differences": found }))?;
    } else if found.is_empty() {
        output::text(&(say(run.lang, "stock-agrees", &[path_arg(dir)]) + "\n"))?;
    } else {
        let args = [path_arg(dir), ("count", found.len().to_string())];
        output::text(&(say(run.lang, "stock-differs", &args) + "\n"))?;
        let said = |it: Option<&String>| it.cloned().unwrap_or_else(|| "–".to_owned());
        let row = |it: &::plan::stock::Difference| {
            let about = say(run.lang, &format!("stock-{}", it.about.word()), &[]);
            vec![it.site.clone(), it.id.clone(), about, said(it.realm.as_ref()), said(it.case.as_ref())]
        };
        let rows: Vec<Vec<String>> = found.iter().map(row).collect();
        output::table(run.lang, &["site", "stock", "about", "realm", "case"], &[], &rows)?;
    }
    Ok(if found.is_empty() { Ended::Done } else { Ended::No })
}

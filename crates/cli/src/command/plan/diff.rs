//! `freehold plan diff`: two plans side by side.

use std::path::Path;

use ::plan::Plan;
use ::plan::case::Case;
use ::plan::plan::read;
use ::plan::said::diff;
use anyhow::Result;

use super::{failed, open};
use crate::args::plan::PlanDiffArgs;
use crate::command::Run;
use crate::ended::{Ended, unreadable};
use crate::lang::{path_arg, say};
use crate::output;

pub(crate) fn run(run: &Run, args: &PlanDiffArgs) -> Result<Ended> {
    let (first, second) = (written(&args.first)?, written(&args.second)?);
    let report = diff((&first.0, &first.1), (&second.0, &second.1), run.lang);
    if let Some(out) = &args.out {
        // Beside it first: a page is whole or not there.
        let beside = out.with_extension("new");
        let put = std::fs::write(&beside, report.to_html(false)).and_then(|()| std::fs::rename(&beside, out));
        put.map_err(|error| unreadable(out, &error))?;
    }
    if run.json {
        output::json(&report)?;
    } else {
        let mut text = report.to_text();
        if let Some(out) = &args.out {
            text.push_str(&format!("\n{}\n", say(run.lang, "plan-told", &[path_arg(out)])));
        }
        output::text(&text)?;
    }
    Ok(Ended::Done)
}

/// A plan with its case, from its directory.
fn written(dir: &Path) -> Result<(Case, Plan)> {
    let case = open(&dir.join("case"))?;
    let plan = read(&case, dir).map_err(failed)?;
    Ok((case, plan))
}

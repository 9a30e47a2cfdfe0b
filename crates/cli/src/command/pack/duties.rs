//! `freehold pack duties`: what laws ask of people, and what of it the realm's evidence shows.

use anyhow::Result;
use policy::duty::{Duty, Met, Standing, standing, to_text};
use serde_json::json;

use super::find;
use crate::args::DutiesArgs;
use crate::clock::now;
use crate::command::Run;
use crate::ended::Ended;
use crate::{output, realms};

pub(super) fn run(run: &Run, args: &DutiesArgs) -> Result<Ended> {
    let checked = realms::open(&run.realm)?;
    let world = &checked.snapshot.world;
    let date = args.at.unwrap_or_else(|| now().date_in(&world.head.timezone));
    let duties = duties(run, &checked, &args.pack)?;
    let all: Vec<Standing<'_>> = standing(&duties, world, date);
    if run.json {
        let all: Vec<_> = all.iter().map(Standing::to_json).collect();
        output::json(&json!({ "date": date.to_string(), "duties": all }))?;
    } else {
        output::text(&to_text(&all, run.lang, output::columns()))?;
    }
    let open = all.iter().any(|it| it.binds && it.met == Met::NotMet);
    Ok(if open { Ended::No } else { Ended::Done })
}

/// Those of the packs named, or of all that the realm uses.
fn duties(run: &Run, checked: &realms::Checked, packs: &[String]) -> Result<Vec<Duty>> {
    if packs.is_empty() {
        return Ok(checked.compiled.duties().to_vec());
    }
    let mut all = Vec::new();
    for pack in packs {
        all.extend(find::opened(run, pack)?.compiled.duties().iter().cloned());
    }
    Ok(all)
}

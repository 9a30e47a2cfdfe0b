//! `freehold exposure`: what the traffic in the ledger depends on.

use ::drill::{Exposure, Window};
use anyhow::Result;

use super::ledger::{EndedIn, each_ended};
use super::{Run, drill};
use crate::args::ExposureArgs;
use crate::clock::now;
use crate::ended::Ended;
use crate::output;
use crate::realms::KeptSnapshots;

pub(crate) fn run(run: &Run, args: ExposureArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    let archive = KeptSnapshots::new(data.snapshots());
    let window = Window { since: args.since, until: args.until, ..Window::default() };
    let (evaluations, drills) = (drill::known(run, &data)?, drill::drilled_live(run, &data, now())?);
    let mut exposure = Exposure::new(&archive, window).knowing(evaluations, &archive, &drills);
    let unread = each_ended(&data, |ended| {
        match ended {
            EndedIn::Request(request) => exposure.see(&request),
            EndedIn::Mirror(mirror) => exposure.see_mirror(&mirror),
        }
        Ok(())
    })?;
    let report = exposure.finish(unread);
    if run.json {
        output::json(&report)?;
    } else {
        output::text(&report.to_text(run.lang, args.by))?;
    }
    Ok(Ended::Done)
}

//! Whether a drill went as it says, by the records of its steps: the store can be written by somebody alone, the log not
//! written over by anybody.

use realm::UnixMs;
use realm::record::{Change, Record};
use store::drill::{Drill, How};

use super::records::Run;
use super::verify::Why;

/// Who it is where a server takes a step.
const SERVE: &str = "serve";
/// How the reasons of a server begin that ends a drill by a guardrail.
const GUARDRAIL: &str = "guardrail: ";

/// One step as a drill tells it.
struct Step<'a> {
    what: &'static str,
    at: Option<UnixMs>,
    by: Option<&'a str>,
    /// The words after the order; none: any, as far as a server says which log it is.
    words: Option<&'a str>,
}

/// Compares each step with the one record of it in the log: when, by whom, the order, and how it ended.
pub(super) fn told(run: &Run, drill: &Drill) -> Result<(), Why> {
    let subject = drill.subject();
    let said: Vec<Change> = run
        .records()
        .filter_map(|(_, entry)| match Record::from_bytes(entry.as_bytes()) {
            Ok(Record::Change(change)) if change.subject == subject => Some(change),
            _ => None,
        })
        .collect();
    let mut before = 0;
    for step in steps(drill) {
        let mut found = said.iter().enumerate().filter(|(_, change)| change.what == step.what);
        let (place, change) = found.next().ok_or(Why::NoStep(step.what))?;
        if found.next().is_some() || place < before || !step.is(change, drill) {
            return Err(Why::OtherStep(step.what));
        }
        before = place;
    }
    // One end and no other.
    let ends = said.iter().filter(|change| [How::Over, How::Aborted].iter().any(|how| how.record() == change.what));
    if ends.count() == 1 { Ok(()) } else { Err(Why::OtherStep(How::Aborted.record())) }
}

fn steps(drill: &Drill) -> [Step<'_>; 4] {
    let (approved, ended) = (drill.approved.as_ref(), drill.ended.as_ref());
    let reason = Some(drill.reason.as_str());
    [
        Step { what: "drill.propose", at: Some(drill.proposed.at), by: Some(&drill.proposed.by), words: reason },
        Step { what: "drill.approve", at: approved.map(|it| it.at), by: approved.map(|it| &*it.by), words: reason },
        Step { what: "drill.start", at: drill.started, by: Some(SERVE), words: None },
        Step {
            what: ended.map_or(How::Aborted, |it| it.how).record(),
            at: ended.map(|it| it.at),
            by: ended.map(|it| &*it.by),
            words: ended.filter(|it| it.how == how(&it.by, &it.why, it.how)).map(|it| &*it.why),
        },
    ]
}

/// In which way it ended, by the words of the record: a guardrail is told by a server, in its own words.
fn how(by: &str, why: &str, said: How) -> How {
    match said {
        How::Over => How::Over,
        How::Aborted | How::Guardrail if by == SERVE && why.starts_with(GUARDRAIL) => How::Guardrail,
        How::Aborted | How::Guardrail => How::Aborted,
    }
}

impl Step<'_> {
    fn is(&self, change: &Change, drill: &Drill) -> bool {
        let note = change.note.as_deref().unwrap_or_default();
        let noted = match self.words {
            Some(words) => note == drill.note(words),
            None => self.what == "drill.start" && note.starts_with(&drill.note("in force by log ")),
        };
        noted && self.at == Some(change.at) && self.by == Some(change.by.as_str())
    }
}

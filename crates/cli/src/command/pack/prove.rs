//! `freehold pack diff --prove`: asks Cedar's symbolic compiler, where it and its solver are installed, whether a new version
//! of a pack still denies all that the old one denied.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::civil::Date;
use policy::pack::{Action, Diff, Opened, Question, questions};
use serde_json::{Value, json};

use crate::command::{Run, block_on};
use crate::ended::Ended;
use crate::lang::{path_arg, say, tell};
use crate::output;

/// The solver gives up after a minute of its own; this is for whatever else may hang.
const LIMIT: Duration = Duration::from_secs(180);
/// A counterexample longer than this is cut: nobody reads on.
const TOLD_BYTES_MAX: usize = 64 << 10;

/// What came of a question.
enum Answer {
    Holds,
    /// A request that the old rules denied and the new ones do not, with its world.
    Fails(String),
    Untold(String),
}

struct Tools {
    cedar: PathBuf,
    cvc5: PathBuf,
}

pub(super) fn run(run: &Run, diff: &Diff, [was, is]: [&Opened; 2], on: Date, keep: Option<&Path>) -> Result<Ended> {
    let questions = questions(was, is, on);
    if let Some(dir) = keep {
        questions.iter().try_for_each(|question| write(dir, question).map(drop))?;
    }
    let tools = match tools() {
        Ok(tools) => tools,
        Err((what, how)) => return missing(run, what, how, keep),
    };
    let place = Scratch::new()?;
    let mut answers = Vec::new();
    for question in &questions {
        answers.push((question.action, ask(&tools, &place.0, question)?));
    }
    told(run, diff, on, &answers, keep)?;
    let any = |is: fn(&Answer) -> bool| answers.iter().any(|(_, answer)| is(answer));
    if any(|it| matches!(it, Answer::Fails(_))) {
        return Ok(Ended::No);
    }
    Ok(if any(|it| matches!(it, Answer::Untold(_))) { Ended::Untold } else { Ended::Done })
}

/// Says in one line what is not here and how it is got.
fn missing(run: &Run, what: &str, how: &str, keep: Option<&Path>) -> Result<Ended> {
    let how = say(run.lang, how, &[]);
    let said = say(run.lang, "prove-missing", &[("what", what.to_owned()), ("how", how)]);
    if run.json {
        let path = keep.map(|path| path.display().to_string());
        output::json(&json!({ "proved": null, "missing": what, "message": said, "problems": path }))?;
    } else {
        output::text(&format!("{said}\n"))?;
    }
    Ok(Ended::Untold)
}

/// Where both tools are; else which is missing, and the message of how to get it.
fn tools() -> Result<Tools, (&'static str, &'static str)> {
    let cedar = found("FREEHOLD_CEDAR", "cedar").ok_or(("cedar", "prove-get-cedar"))?;
    // The tool is also distributed without its symbolic compiler, and then knows the word but none of its questions.
    let help = std::process::Command::new(&cedar).args(["symcc", "--help"]).output();
    if !help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("implies")) {
        return Err(("cedar symcc", "prove-get-cedar"));
    }
    let cvc5 = found("CVC5", "cvc5").ok_or(("cvc5", "prove-get-cvc5"))?;
    Ok(Tools { cedar, cvc5 })
}

/// A program that a variable names, or one on PATH.
fn found(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable).filter(|named| !named.is_empty()) {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| path.is_file())
}

/// Files that are gone when the question is answered.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let mut random = [0; 8];
        let failed = |why: getrandom::Error| anyhow::anyhow!(tell("no-randomness", &[("why", why.to_string())]));
        getrandom::fill(&mut random).map_err(failed)?;
        let path = std::env::temp_dir().join(format!("freehold-prove-{}", hex::encode(random)));
        fs::create_dir(&path).with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind at worst: nothing secret is in it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes the files of a question: schema, old rules, new rules.
fn write(dir: &Path, question: &Question) -> Result<[PathBuf; 3]> {
    let dir = dir.join(question.action.name());
    let failed = || tell("cannot-write", &[path_arg(&dir)]);
    fs::create_dir_all(&dir).with_context(failed)?;
    let files = ["schema.cedarschema", "was.cedar", "is.cedar"].map(|name| dir.join(name));
    for (file, text) in files.iter().zip([&question.schema, &question.was, &question.is]) {
        fs::write(file, text).with_context(failed)?;
    }
    Ok(files)
}

fn ask(tools: &Tools, place: &Path, question: &Question) -> Result<Answer> {
    let [schema, was, is] = write(place, question)?;
    let action = format!("Action::\"{}\"", question.action.cedar());
    block_on(async {
        let mut command = tokio::process::Command::new(&tools.cedar);
        command.args(["symcc", "--principal-type", "App", "--resource-type", "Deployment", "--action", &action]);
        command.arg("--cvc5-path").arg(&tools.cvc5).arg("--schema").arg(&schema);
        command.arg("implies").arg("--policies1").arg(&is).arg("--policies2").arg(&was);
        command.kill_on_drop(true).stdin(std::process::Stdio::null());
        let Ok(output) = tokio::time::timeout(LIMIT, command.output()).await else {
            return Ok(Answer::Untold(format!("{} s", LIMIT.as_secs())));
        };
        let output = output.with_context(|| tell("cannot-read", &[path_arg(&tools.cedar)]))?;
        Ok(answer(output.status.success(), &output.stdout, &output.stderr))
    })
}

/// What the tool said. Only its two plain verdicts count as one.
fn answer(succeeded: bool, stdout: &[u8], stderr: &[u8]) -> Answer {
    let (stdout, stderr) = (String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr));
    let verdict = stdout.lines().next().unwrap_or_default();
    if succeeded && verdict.starts_with('✓') && verdict.ends_with("VERIFIED") {
        return Answer::Holds;
    }
    if succeeded && verdict.starts_with('✗') && verdict.ends_with("DOES NOT HOLD") {
        let rest: String = stdout.lines().skip(2).flat_map(|line| [line, "\n"]).collect();
        return Answer::Fails(plain(&rest));
    }
    let why: Vec<&str> = stderr.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    Answer::Untold(plain(&why.join(" ")))
}

fn plain(text: &str) -> String {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= TOLD_BYTES_MAX).last().unwrap_or(0);
    let whole = if text.len() <= TOLD_BYTES_MAX { text } else { &text[..end] };
    whole.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim_end().to_owned()
}

fn told(run: &Run, diff: &Diff, on: Date, answers: &[(Action, Answer)], keep: Option<&Path>) -> Result<()> {
    if run.json {
        let one = |(action, answer): &(Action, Answer)| {
            let (holds, text) = match answer {
                Answer::Holds => (Some(true), None),
                Answer::Fails(text) => (Some(false), Some(text)),
                Answer::Untold(why) => (None, Some(why)),
            };
            let key = if holds.is_none() { "why" } else { "counterexample" };
            json!({ "action": action.name(), "holds": holds, key: text })
        };
        let holds = answers.iter().map(|(_, answer)| match answer {
            Answer::Holds => Some(true),
            Answer::Fails(_) => Some(false),
            Answer::Untold(_) => None,
        });
        let all: Vec<Option<bool>> = holds.collect();
        let proved =
            if all.contains(&Some(false)) { Some(false) } else { all.iter().all(Option::is_some).then_some(true) };
        let answers: Vec<Value> = answers.iter().map(one).collect();
        return output::json(&json!({ "diff": diff, "on": on.to_string(), "proved": proved, "actions": answers }));
    }
    let args = [("was", diff.was.clone()), ("is", diff.is.clone()), ("date", on.to_string())];
    let mut page = format!("{}\n", say(run.lang, "prove-head", &args));
    if answers.is_empty() {
        page.push_str(&format!("{}\n", say(run.lang, "prove-nothing", &[])));
    }
    for (action, answer) in answers {
        page.push_str(&line(run, *action, answer));
    }
    if !answers.is_empty() {
        page.push_str(&format!("{}\n", say(run.lang, "prove-known", &[])));
    }
    if let Some(path) = keep {
        page.push_str(&format!("{}\n", say(run.lang, "prove-problems", &[("path", path.display().to_string())])));
    }
    output::text(&page)
}

fn line(run: &Run, action: Action, answer: &Answer) -> String {
    let owed = matches!(action, Action::Oblige(_));
    let (key, more) = match answer {
        Answer::Holds => (if owed { "prove-owed-holds" } else { "prove-holds" }, ""),
        Answer::Fails(text) => (if owed { "prove-owed-fails" } else { "prove-fails" }, text.as_str()),
        Answer::Untold(why) => {
            let args = [("action", action.name()), ("why", why.clone())];
            return format!("{}\n", say(run.lang, "prove-untold", &args));
        }
    };
    let mut page = format!("{}\n", say(run.lang, key, &[("action", action.name())]));
    for line in more.lines() {
        page.push_str(&format!("    {line}\n"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{Answer, answer};

    #[test]
    fn only_a_plain_verdict_is_one() {
        let holds = "✓ Policy set 1 implies policy set 2: VERIFIED\n";
        let fails =
            "✗ Policy set 1 implies policy set 2: DOES NOT HOLD\n  Counterexample found:\nprincipal: App::\"\"\n";
        assert!(matches!(answer(true, holds.as_bytes(), b""), Answer::Holds));
        assert!(matches!(answer(true, fails.as_bytes(), b""), Answer::Fails(text) if text == "principal: App::\"\""));
        // A tool that failed has proved nothing, whatever it printed before.
        assert!(
            matches!(answer(false, holds.as_bytes(), b"\n x Analysis failed\n"), Answer::Untold(why) if why == "x Analysis failed")
        );
        assert!(matches!(answer(true, b"", b""), Answer::Untold(_)));
    }
}

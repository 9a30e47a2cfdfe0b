//! The wall: every fault of a provider × {streamed, not} × {an alternative lives, none does}. `cargo xtask faults` prints
//! its table.
//!
//! With an alternative alive a client sees one correct answer, or, once it has seen content, one proper error event.
//! Without one it sees one correct error, within the declared time-outs.

mod list;

use std::time::{Duration, Instant};

use gateway::Settings;
use realm::record::End;

use crate::harness::{Changes, Reply, World};
use list::{Cell, Fault, Seen};

/// `total_ms` of the providers, and some time to notice.
const AT_MOST: Duration = Duration::from_millis(5_000 + 1_500);

/// What a client saw of one cell, in words; an error where that is wrong.
type Verdict = Result<String, String>;

#[tokio::test]
async fn the_wall_stands() {
    let faults = list::all().await;
    let mut rows = Vec::new();
    let mut wrong = Vec::new();
    for fault in &faults {
        // Side by side: some cells wait for a time-out.
        let cells = [(false, true), (false, false), (true, true), (true, false)];
        let [a, b, c, d] = cells.map(|(stream, alive)| cell(fault, Cell { stream, alive, resume: false }));
        let e = cell(fault, Cell { stream: true, alive: true, resume: true });
        let (a, b, c, d, e) = tokio::join!(a, b, c, d, e);
        let words = [a, b, c, d, e].map(|verdict| {
            verdict.unwrap_or_else(|why| {
                wrong.push(format!("{}: {why}", fault.name));
                format!("WRONG: {why}")
            })
        });
        rows.push((fault.name, words));
    }
    print(&rows, wrong.len());
    assert!(faults.len() >= 21 && wrong.is_empty(), "{}", wrong.join("\n"));
}

fn print(rows: &[(&str, [String; 5])], wrong: usize) {
    let head = ["whole, alternative", "whole, alone", "stream, alternative", "stream, alone", "stream that goes on"];
    let line = |name: &str, cells: [&str; 5]| {
        let [a, b, c, d, e] = cells;
        println!("{name:<24} {a:<22} {b:<28} {c:<22} {d:<28} {e:<24}");
    };
    line("fault", head);
    for (name, cells) in rows {
        line(name, cells.each_ref().map(String::as_str));
    }
    let cells = rows.len() * 5;
    println!("{} of {cells} cells hold", cells - wrong);
}

async fn cell(fault: &Fault, cell: Cell) -> Verdict {
    let settings = Settings { answer_bytes_max: 64 << 10, ..Settings::default() };
    let world =
        World::with(Changes { first_url: fault.url.clone(), settings, resume: cell.resume, ..Changes::default() })
            .await;
    world.first.will(fault.act(cell.stream));
    let route = match cell {
        Cell { resume: true, .. } => "lasting",
        Cell { alive: true, .. } => "best",
        _ => "abroad",
    };
    let stream = cell.stream;
    let body = format!(r#"{{"model":"{route}","stream":{stream},"messages":[{{"role":"user","content":"hello"}}]}}"#);
    let started = Instant::now();
    let reply = world.chat(&body).await;
    let took = started.elapsed();
    let words = judge(&fault.seen(cell), &reply, &world, cell)?;
    let outcome = world.outcome().await;
    let ended_well = outcome.end == End::Ok;
    if ended_well != words.starts_with("answer") {
        return Err(format!("the record says {:?}", outcome.end));
    }
    if world.outcomes().len() != 1 {
        return Err("not one outcome".to_owned());
    }
    if took > AT_MOST {
        return Err(format!("took {took:?}"));
    }
    Ok(words)
}

fn judge(seen: &Seen, reply: &Reply, world: &World, cell: Cell) -> Verdict {
    let wrong =
        |what: &str| Err(format!("{what}: {} {}", reply.status, reply.body.chars().take(300).collect::<String>()));
    match seen {
        Seen::Answer(from) => {
            if reply.status != 200 || reply.header("x-freehold-deployment") != Some(*from) {
                return wrong("no answer");
            }
            let said = if cell.stream { streamed(reply) } else { whole(reply) };
            match said.as_deref() {
                Some("You said: hello") => Ok(format!("answer from {from}")),
                _ => wrong("not the answer"),
            }
        }
        Seen::Error(codes) => {
            let error = reply.json()["error"].clone();
            let (code, status) = (error["code"].as_str().unwrap_or_default().to_owned(), reply.status);
            let shaped = error["message"].is_string() && error["type"].is_string();
            if !shaped || !codes.contains(&(status, code.as_str())) {
                return wrong("not the error");
            }
            Ok(format!("{status} {code}"))
        }
        Seen::Theirs(_) if !world.second.bodies().is_empty() => wrong("not passed on"),
        Seen::Theirs(status) if reply.status != *status => wrong("not as it came"),
        Seen::Theirs(status) => Ok(format!("{status} as it came")),
        Seen::Cut => {
            let events = reply.events();
            let errors = events.iter().filter(|event| event.contains("\"error\":{")).count();
            let last_is_it = events.last().is_some_and(|event| event.contains("\"error\":{"));
            let proper = reply.status == 200 && errors == 1 && last_is_it && !reply.body.contains("[DONE]");
            if !proper || !world.second.bodies().is_empty() || !reply.said().starts_with("You") {
                return wrong("no proper end");
            }
            Ok("content, 1 error event".to_owned())
        }
        Seen::Joined if joined(reply, world) => Ok("answer from both".to_owned()),
        Seen::Joined => wrong("not gone on with"),
    }
}

/// Whether a stream ends well that says what the one said, then what the other did, which repeats its last message: so
/// that one was told all that the client has.
fn joined(reply: &Reply, world: &World) -> bool {
    let said = streamed(reply).unwrap_or_default();
    let sent = world.second.bodies().pop().unwrap_or_default();
    let asked: serde_json::Value = serde_json::from_str(&sent).unwrap_or_default();
    let [.., first, last] = asked["messages"].as_array().map_or(&[][..], Vec::as_slice) else { return false };
    let by_both = [&first["content"], &last["content"]].map(|one| one.as_str().unwrap_or_default());
    said == by_both.join("You said: ") && said.starts_with("You")
}

fn whole(reply: &Reply) -> Option<String> {
    reply.json()["choices"][0]["message"]["content"].as_str().map(str::to_owned)
}

/// What a stream says that ends as it should: with one terminator and no error.
fn streamed(reply: &Reply) -> Option<String> {
    let events = reply.events();
    let dones = events.iter().filter(|event| *event == "[DONE]").count();
    let proper = dones == 1 && events.last().is_some_and(|last| last == "[DONE]") && !reply.body.contains("\"error\"");
    proper.then(|| reply.said())
}

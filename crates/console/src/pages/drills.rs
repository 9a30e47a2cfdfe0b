//! Drills: scenarios that lie ready, desk drills that were asked for here, and the live ones.

use api::desk::drills::{Ready, cuts, state};
use api::replay::{Came, Replay};
use drill::{LiveCut, Ratio};
use realm::UnixMs;
use serde_json::json;
use store::drill::{Drill, Mode, PROPOSAL_LASTS_MS};

use super::exposure::share;
use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};

/// The pages about drills.
pub fn tabs(cx: &Context<'_>, here: &str) -> Vec<(String, String, bool)> {
    let tabs = [("/console/drills", "tab-drills"), ("/console/drills/new", "tab-studio")];
    tabs.map(|(path, key)| (path.to_owned(), cx.t(key), key == here)).into()
}

/// The page.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (ready, live) = (cx.scenarios().await?, cx.live_drills().await?);
    let asked = cx.parts.replays.of(&cx.guest.scope);
    let heads = if cx.is_whole() { LIVE_WHOLE } else { LIVE };
    let tables = [
        table(cx, "live", heads, live.drills.iter().map(|drill| live_row(cx, drill)).collect()),
        table(cx, "asked", ASKED, asked.iter().map(|replay| asked_row(cx, replay)).collect()),
        table(cx, "ready", READY, ready.iter().map(|ready| ready_row(cx, ready)).collect()),
    ];
    let unread = unreadable(cx, &live.unreadable);
    let blocks = unread.into_iter().chain(tables.into_iter().map(Block::Table)).collect();
    let (title, lead) = (cx.t("menu-drills"), cx.t("drills-lead"));
    Ok(Page { menu: "drills", title, lead, tabs: tabs(cx, "tab-drills"), blocks })
}

/// Live drills that the store holds in a form that cannot be read; told of the whole, as who signed the others is.
fn unreadable(cx: &Context<'_>, found: &[(String, String)]) -> Option<Block> {
    if found.is_empty() || !cx.is_whole() {
        return None;
    }
    let one = |(id, why): &(String, String)| {
        let text = cx.words.say("drills-unreadable", &[("id", id.clone()), ("why", why.clone())]);
        Notice { tone: "bad", word: cx.t("tone-bad"), text, step: None }
    };
    let items = found.iter().map(one).collect();
    Some(Block::Notices(Notices { title: cx.t("drills-live"), empty: String::new(), items }))
}

/// A table whose texts are `drills-<name>`, `drills-<name>-note` and `drills-<name>-none`.
fn table(cx: &Context<'_>, name: &'static str, heads: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        name,
        title: cx.t(&format!("drills-{name}")),
        note: cx.t(&format!("drills-{name}-note")),
        empty: cx.t(&format!("drills-{name}-none")),
        columns: columns(&cx.words, heads),
        rows,
        ..Table::default()
    }
}

const READY: &str = "scenario title state";

fn ready_row(cx: &Context<'_>, ready: &Ready) -> Vec<Cell> {
    let name = Cell::code(ready.name.as_str()).to(format!("/console/drills/new?ready={}", encoded(&ready.name)));
    match &ready.scenario {
        Ok(scenario) => {
            vec![name, Cell::text(scenario.title.as_str()), Cell::of(cx.words.word("scenario", "ready"), "ready")]
        }
        Err(problems) => {
            let why = problems.first().map(|it| it.message(cx.words.lang)).unwrap_or_default();
            vec![name, Cell::none(), Cell::of(cx.words.word("scenario", "wrong"), "wrong").tone("bad").note(why)]
        }
    }
}

const ASKED: &str = "drill title state by at #survival #stopped";

fn asked_row(cx: &Context<'_>, replay: &Replay) -> Vec<Cell> {
    let (word, tone) = came(replay);
    let report = replay.told().map(|told| &told.report);
    let survival = |report: &drill::report::Drill| {
        let survival = report.survival;
        share(if survival.critical.whole > 0 { survival.critical } else { survival.requests })
    };
    let stopped = |stopped: u64| Cell::of(cx.words.count(stopped), stopped);
    vec![
        Cell::code(replay.id.as_str()).to(format!("/console/drills/{}", replay.id)),
        Cell::text(replay.title.as_str()),
        Cell::of(cx.words.word("desk", word), word).tone(tone),
        Cell::text(replay.by.as_str()),
        time(replay.at, &cx.words),
        report.map_or_else(Cell::none, survival),
        report.map_or_else(Cell::none, |report| stopped(report.totals.stopped)),
    ]
}

/// How a desk drill stands, in a word and its tone.
fn came(replay: &Replay) -> (&'static str, &'static str) {
    match replay.came() {
        None => ("running", "warn"),
        Some(Came::Told(told)) => {
            let broken = told.report.hypothesis.iter().any(|it| it.verdict == drill::report::Verdict::NotHeld);
            if broken { ("not_held", "bad") } else { ("done", "good") }
        }
        Some(Came::Wrong(_)) => ("wrong", "bad"),
        Some(Came::Lost) => ("lost", "bad"),
    }
}

/// What one organisation is told of a live drill: enough to know why requests go elsewhere.
const LIVE: &str = "drill state cut mode #minutes until";
const LIVE_WHOLE: &str = "drill state cut mode #minutes until title proposed_by approved_by";

fn live_row(cx: &Context<'_>, drill: &Drill) -> Vec<Cell> {
    let cuts = cuts(drill);
    let said: Vec<String> = cuts.iter().map(|cut| said(cx, cut)).collect();
    let moment = |at: Option<UnixMs>| at.map_or_else(Cell::none, |at| time(at, &cx.words));
    let id = Cell::code(drill.id.as_str());
    let mode = format!("{} {}\u{202f}%", cx.words.word("mode", drill.mode.as_str()), drill.percent);
    let mut cells = vec![
        if cx.is_whole() { id.to(format!("/console/drills/live/{}", encoded(&drill.id))) } else { id },
        stands(cx, drill),
        Cell { value: json!(cuts), ..Cell::text(said.join(", ")) },
        Cell::of(mode, drill.mode.as_str()),
        Cell::of(drill.minutes.to_string(), drill.minutes),
        moment(drill.ended.as_ref().map(|it| it.at).or(drill.until)),
    ];
    if cx.is_whole() {
        cells.push(Cell::text(drill.title.as_str()));
        cells.push(Cell::text(drill.proposed.by.as_str()));
        cells.push(drill.approved.as_ref().map_or_else(Cell::none, |it| Cell::text(it.by.as_str())));
    }
    cells
}

/// What the overview says of live drills: that one is on, and, of the whole, that one waits for a second person.
///
/// # Errors
/// If the store cannot be read.
pub async fn notices(cx: &Context<'_>) -> Result<Vec<Notice>, Trouble> {
    let one = |drill: &Drill| {
        let shadow = drill.mode == Mode::Shadow;
        let (tone, key) = match state(drill, cx.world(), cx.now) {
            "on" if shadow => ("info", "need-drill-shadow"),
            "on" => ("warn", "need-drill-on"),
            "proposed" if cx.is_whole() && cx.now.0 < drill.proposed.at.0.saturating_add(PROPOSAL_LASTS_MS) => {
                ("info", if shadow { "need-drill-shadow-proposed" } else { "need-drill-proposed" })
            }
            _ => return None,
        };
        let cut = cuts(drill).iter().map(|cut| said(cx, cut)).collect::<Vec<_>>().join(", ");
        let until = drill.until.map_or_else(|| "–".to_owned(), |at| cx.words.time(at));
        let text = cx.words.say(key, &[("id", drill.id.clone()), ("cut", cut), ("until", until)]);
        let step = Some((cx.t("step-drills"), Some("/console/drills".to_owned())));
        Some(Notice { tone, word: cx.t(&format!("tone-{tone}")), text, step })
    };
    Ok(cx.live_drills().await?.drills.iter().filter_map(one).collect())
}

/// How a live drill stands.
pub fn stands(cx: &Context<'_>, drill: &Drill) -> Cell {
    let word = state(drill, cx.world(), cx.now);
    let tone = match word {
        "on" | "unsigned" => "bad",
        "proposed" | "guardrail" => "warn",
        _ => "quiet",
    };
    Cell::of(cx.words.word("live", word), word).tone(tone)
}

/// A cut in words.
pub fn said(cx: &Context<'_>, cut: &LiveCut) -> String {
    let what = cut.what.as_ref().map(|it| drill::Key::new(it.level, &it.name).to_text(cx.words.lang));
    let what = what.unwrap_or_else(|| cx.t("cut-everything"));
    let what = match &cut.failing {
        None => what,
        Some(failing) => format!("{what} ({})", failing.shape.to_text(cx.words.lang)),
    };
    match &cut.users {
        None => what,
        Some(users) => cx.words.say("cut-for-users", &[("what", what), ("users", users.to_string())]),
    }
}

/// Of critical use where there is any, else of requests.
pub fn telling(critical: Ratio, requests: Ratio) -> Ratio {
    if critical.whole > 0 { critical } else { requests }
}

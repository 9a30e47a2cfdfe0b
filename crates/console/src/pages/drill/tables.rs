//! What a desk drill says, in tables.

use api::replay::Told;
use drill::report::{
    AppResult, Counts, Drill as Report, DrillFinding, Failure, Found, InTime, Notice, Noticed, Prepared, Stop,
    TargetLoad, Verdict, VerdictLine,
};
use realm::Nano;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::map::who;
use super::super::traffic::number;
use crate::ask::encoded;
use crate::block::{Block, Chart};
use crate::chart::{Flow, Kind};
use crate::context::Context;
use crate::table::{Cell, Column, Table, column, columns};

/// A table whose texts are `drill-<name>` and `drill-<name>-note`.
fn table(cx: &Context<'_>, name: &'static str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    let title = cx.t(&format!("drill-{name}"));
    let note = cx.t(&format!("drill-{name}-note"));
    Table { name, title, note, empty: cx.t(&format!("drill-{name}-none")), columns, rows, ..Table::default() }
}

/// One whose columns are named in one text.
pub fn plain(cx: &Context<'_>, name: &'static str, heads: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    table(cx, name, columns(&cx.words, heads), rows)
}

/// The same with whoever it is of in the first column.
fn by_whom(cx: &Context<'_>, name: &'static str, heads: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    let first = [column(&cx.words, who(cx))].into_iter();
    table(cx, name, first.chain(columns(&cx.words, heads)).collect(), rows)
}

fn count(cx: &Context<'_>, number: u64) -> Cell {
    Cell::of(cx.words.count(number), number)
}

fn figure(value: Option<Decimal>) -> Cell {
    value.map_or_else(Cell::none, |it| Cell::text(it.to_string()))
}

/// The margins written down before, each with what was measured.
pub fn hypothesis(cx: &Context<'_>, report: &Report) -> Table {
    verdicts(cx, &report.hypothesis)
}

/// The same, whoever measured.
pub fn verdicts(cx: &Context<'_>, lines: &[VerdictLine]) -> Table {
    let row = |line: &VerdictLine| {
        let (word, tone) = match line.verdict {
            Verdict::Held => ("held", "good"),
            Verdict::NotHeld => ("not_held", "bad"),
            Verdict::Unknown => ("unknown", "warn"),
        };
        let margin = line.measure.margin();
        vec![
            Cell::of(cx.words.word("margin", margin), margin),
            Cell::text(line.margin.to_string()),
            figure(line.measured),
            Cell::of(cx.words.word("verdict", word), word).tone(tone),
        ]
    };
    plain(cx, "hypothesis", "margin #expected #measured verdict", lines.iter().map(row).collect())
}

/// What has to be done within the notice.
pub fn notice(cx: &Context<'_>, notice: &Notice) -> Table {
    let lang = cx.words.lang;
    let unknown = || Cell::of(cx.t("unknown"), Value::Null).tone("quiet");
    let row = |it: &Prepared| {
        let tone = match it.in_time {
            InTime::Yes => "good",
            InTime::No => "bad",
            InTime::Unknown => "warn",
        };
        let to_do: Vec<String> = it.to_do.iter().map(|to_do| to_do.to_text(lang)).collect();
        vec![
            Cell::text(it.app.as_str()),
            Cell { value: json!(it.in_time), ..Cell::text(it.in_time.to_text(lang)).tone(tone) },
            Cell { value: json!(it.to_do), ..Cell::text(to_do.join(", ")) },
            it.shown.as_ref().map_or_else(Cell::none, |shown| Cell::text(shown.to_text(lang))),
            count(cx, it.requests),
            it.back_by_min.map_or_else(unknown, |min| count(cx, min)),
        ]
    };
    let rows = notice.apps.iter().map(row).collect();
    let table = plain(cx, "notice", "app in_time to_do shown_by #requests #back_by_min", rows);
    Table { note: cx.words.say("drill-notice-note", &[("hours", notice.notice_h.to_string())]), ..table }
}

/// What somebody should know first.
pub fn findings(cx: &Context<'_>, report: &Report) -> Table {
    let told = |it: &Found<DrillFinding>| asked(cx, it, it.finding.to_text(cx.words.lang));
    plain(cx, "findings", FINDINGS, report.findings.iter().map(told).collect())
}

/// Columns of what was found.
pub const FINDINGS: &str = "finding what who to_do due";

/// A finding with what it asks for, of whom, and until when.
pub fn asked<F: Serialize>(cx: &Context<'_>, found: &Found<F>, what: String) -> Vec<Cell> {
    let lang = cx.words.lang;
    let kind = json!(found.finding)["kind"].as_str().unwrap_or_default().to_owned();
    let mut row = vec![Cell::of(cx.words.word("found", &kind), kind), Cell::text(what)];
    row.extend(match &found.task {
        None => [Cell::none(), Cell::none(), Cell::none()],
        Some(task) => [
            Cell::of(task.who(lang), json!(task.owners)),
            Cell::of(task.to_do.to_text(lang), json!(task.to_do)),
            task.due.map_or_else(Cell::none, |due| Cell::text(due.to_string())),
        ],
    });
    row
}

/// From where to where, drawn and as a table. What was denied and would be answered comes from nowhere.
pub fn ways(cx: &Context<'_>, told: &Told) -> Block {
    let (mut rows, mut flows) = (Vec::new(), Vec::new());
    let denied = cx.t("drill-was-denied");
    for ((of, from, to), requests) in &told.moves {
        flows.push(Flow { from: format!("from:{from}"), to: format!("to:{to}"), value: number(*requests) });
        let behind = link(cx, &told.report, of, &format!("&end=answered&deployment={}", encoded(from.as_str())));
        rows.push(vec![
            whose(of),
            Cell::text(from.as_str()),
            Cell::text(to.as_str()),
            to_records(count(cx, *requests), behind),
        ]);
    }
    for ((of, to), requests) in &told.opened {
        flows.push(Flow { from: format!("from:{denied}"), to: format!("to:{to}"), value: number(*requests) });
        let from = Cell::of(denied.clone(), Value::Null).tone("warn");
        rows.push(vec![
            whose(of),
            from,
            Cell::text(to.as_str()),
            to_records(count(cx, *requests), link(cx, &told.report, of, "&decision=deny")),
        ]);
    }
    let stopped: u64 = told.stopped.values().sum();
    let nowhere = cx.t("drill-nowhere");
    if stopped > 0 {
        let from = cx.t("drill-answered-then");
        flows.push(Flow { from: format!("from:{from}"), to: format!("to:{nowhere}"), value: number(stopped) });
        // The picture's table says the same; which requests these are, the next table says.
        let to = Cell::of(nowhere.clone(), Value::Null).tone("bad");
        rows.push(vec![Cell::none(), Cell::of(from, Value::Null), to, count(cx, stopped)]);
    }
    let table = by_whom(cx, "ways", "from_deployment to_deployment #requests", rows);
    let moved: u64 = told.moves.values().chain(told.opened.values()).sum();
    let counts = [("moved", cx.words.count(moved)), ("stopped", cx.words.count(stopped))];
    if flows.is_empty() { Block::Table(table) } else { drawn(cx, flows, &nowhere, &counts, table) }
}

/// The same as a picture, with its table under it.
fn drawn(cx: &Context<'_>, flows: Vec<Flow>, nowhere: &str, counts: &[(&'static str, String)], table: Table) -> Block {
    Block::Chart(Chart {
        title: cx.t("drill-ways"),
        summary: cx.words.say("drill-ways-summary", counts),
        kind: Kind::Sankey,
        labels: Vec::new(),
        series: Vec::new(),
        flows,
        stopped: format!("to:{nowhere}"),
        whole: true,
        views: Vec::new(),
        table: Table { title: String::new(), ..table },
    })
}

/// Requests of an app of one organisation, of the days that were decided again; none of the whole.
fn link(cx: &Context<'_>, report: &Report, app: &str, more: &str) -> Option<String> {
    let days = report.days.map(|(first, last)| format!("&from={first}&until={last}")).unwrap_or_default();
    (!cx.is_whole()).then(|| format!("/console/requests?app={}{more}{days}", encoded(app)))
}

fn to_records(cell: Cell, href: Option<String>) -> Cell {
    match href {
        Some(href) => cell.to(href),
        None => cell,
    }
}

fn whose(of: &str) -> Cell {
    Cell::text(of)
}

/// What goes nowhere, and why.
pub fn stopped(cx: &Context<'_>, told: &Told) -> Table {
    let row = |((of, stop), requests): (&(String, Stop), &u64)| {
        let why = json!(stop);
        let word = why["why"].as_str().unwrap_or_default().to_owned();
        vec![
            whose(of),
            Cell::of(cx.words.word("stop", &word), word).tone("bad"),
            rules_behind(stop),
            to_records(count(cx, *requests), link(cx, &told.report, of, "&end=answered")),
        ]
    };
    by_whom(cx, "stopped", "why rules #requests", told.stopped.iter().map(row).collect())
}

/// The rules that stop something, where it is rules.
fn rules_behind(stop: &Stop) -> Cell {
    let (Stop::Rules(rules) | Stop::Unknown(rules)) = stop else { return Cell::none() };
    Cell { value: json!(rules), code: true, ..Cell::text(rules.join(", ")) }
}

const COUNTS: &str = "#answered #unchanged #moved #stopped #opened #still_denied #not_decided";

fn counts(cx: &Context<'_>, counts: &Counts) -> [Cell; 7] {
    let stopped = count(cx, counts.stopped);
    [
        count(cx, counts.answered),
        count(cx, counts.unchanged),
        count(cx, counts.moved),
        if counts.stopped > 0 { stopped.tone("bad") } else { stopped },
        count(cx, counts.newly_permitted),
        count(cx, counts.still_denied),
        count(cx, counts.refused + counts.failed),
    ]
}

/// Each app.
pub fn apps(cx: &Context<'_>, report: &Report) -> Table {
    let row = |it: &AppResult| {
        let mut cells = vec![
            to_records(Cell::text(it.app.as_str()), link(cx, report, it.app.as_str(), "")),
            Cell::of(it.criticality.to_string(), it.criticality),
        ];
        cells.extend(counts(cx, &it.counts));
        let known = it.cost.unknown_requests == 0;
        cells.push(money(cx, Some(it.cost.before)));
        cells.push(money(cx, Some(it.cost.after).filter(|_| known)));
        cells
    };
    let heads = columns(&cx.words, "app #criticality").into_iter().chain(columns(&cx.words, COUNTS));
    let heads = heads.chain(columns(&cx.words, "#cost_before #cost_after")).collect();
    table(cx, "apps", heads, report.apps.iter().map(row).collect())
}

fn money(cx: &Context<'_>, amount: Option<Decimal>) -> Cell {
    let Some(amount) = amount else { return Cell::of(cx.t("unknown"), Value::Null).tone("quiet") };
    let nano = (amount * Decimal::from(1_000_000_000)).round();
    let text = i64::try_from(nano).map_or_else(|_| amount.to_string(), |nano| cx.words.amount(Nano(nano)));
    Cell::of(text, amount.to_string())
}

/// Each organisation, of the whole.
pub fn organisations(cx: &Context<'_>, told: &Told) -> Table {
    let row = |(id, counted): (&Option<realm::OrganisationId>, &Counts)| {
        let name = id.as_ref().map_or_else(Cell::none, |id| Cell::text(id.as_str()));
        [name].into_iter().chain(counts(cx, counted)).collect()
    };
    by_whom(cx, "organisations", COUNTS, told.organisations.iter().map(row).collect())
}

/// Each sector.
pub fn sectors(cx: &Context<'_>, report: &Report) -> Table {
    let row = |it: &drill::report::SectorResult| {
        let name = it.sector.as_ref().map_or_else(Cell::none, |id| Cell::text(id.as_str()));
        [name].into_iter().chain(counts(cx, &it.counts)).collect()
    };
    let heads = columns(&cx.words, "sector").into_iter().chain(columns(&cx.words, COUNTS)).collect();
    table(cx, "sectors", heads, report.sectors.iter().map(row).collect())
}

/// Protected classes.
pub fn protected(cx: &Context<'_>, report: &Report) -> Table {
    let row = |it: &drill::report::Protected| {
        let leaving = count(cx, it.leaving);
        vec![
            Cell::of(cx.words.word("class", it.class.as_str()), it.class.as_str()),
            count(cx, it.kept),
            if it.leaving > 0 { leaving.tone("bad") } else { leaving },
        ]
    };
    plain(cx, "protected", "class #kept #leaving", report.protected.iter().map(row).collect())
}

/// What each deployment that answers has to do, and how fast it is.
pub fn loads(cx: &Context<'_>, report: &Report) -> Table {
    let unknown = || Cell::of(cx.t("unknown"), Value::Null).tone("quiet");
    let row = |it: &TargetLoad| {
        let over = it.capacity_tokens_per_s.is_some_and(|most| it.tokens_per_s_after > Decimal::from(most));
        let after = Cell::text(it.tokens_per_s_after.to_string());
        vec![
            Cell::text(it.deployment.as_str()),
            count(cx, it.requests_before),
            count(cx, it.requests_after),
            Cell::text(it.tokens_per_s_before.to_string()),
            if over { after.tone("bad") } else { after },
            it.capacity_tokens_per_s.map_or_else(unknown, |it| count(cx, it)),
            it.wait_probability.map_or_else(unknown, |it| Cell::text(it.to_string())),
            it.median_ms.map_or_else(unknown, |it| count(cx, it)),
        ]
    };
    let heads = "deployment #requests_before #requests_after #rate_before #rate_after #capacity #wait #median_ms";
    plain(cx, "loads", heads, report.targets.iter().map(row).collect())
}

/// How what is cut off fails, and what that costs before something else answers.
pub fn failures(cx: &Context<'_>, report: &Report) -> Table {
    let unknown = || Cell::of(cx.t("unknown"), Value::Null).tone("quiet");
    let most = |it: u64, is_most: bool| match is_most {
        true => Cell::of(format!("≤ {}", cx.words.count(it)), it),
        false => count(cx, it),
    };
    let row = |it: &Failure| {
        let is_noticed = it.noticed_by != Noticed::Nothing;
        let never = || Cell::of(cx.t("drill-never-alone"), Value::Null).tone("warn");
        let wait = match it.wait_ms {
            Some(wait_ms) if it.within_latency == Some(Verdict::NotHeld) => most(wait_ms, it.wait_is_most).tone("bad"),
            Some(wait_ms) => most(wait_ms, it.wait_is_most),
            None if is_noticed => unknown(),
            None => Cell::of(cx.t("drill-not-noticed"), Value::Null).tone("bad"),
        };
        let alone = match it.left_alone_after_ms {
            Some(ms) => most(ms, true),
            None if it.wait_ms.is_some() || !is_noticed => never(),
            None => unknown(),
        };
        vec![
            Cell::text(it.deployment.as_str()),
            Cell::of(it.failing.shape.to_text(cx.words.lang), it.failing.shape.as_str()),
            count(cx, it.busiest_requests),
            wait,
            it.waiting_requests.map_or_else(Cell::none, |it| most(it, true)),
            alone,
        ]
    };
    let heads = "deployment shape #requests #wait_each #waiting #left_alone";
    plain(cx, "failures", heads, report.failures.iter().map(row).collect())
}

/// How concentrated use is, before and after.
pub fn levels(cx: &Context<'_>, report: &Report) -> Table {
    let row = |it: &drill::report::LevelChange| {
        let level = Cell::of(it.level.to_text(cx.words.lang), it.level.as_str());
        vec![level, figure(it.hhi_before), figure(it.hhi_after)]
    };
    plain(cx, "levels", "level #hhi_before #hhi_after", report.exposure.levels.iter().map(row).collect())
}

/// What a replay of records does not reach.
pub fn untested(cx: &Context<'_>, report: &Report) -> Table {
    let row = |it: &&str| vec![Cell::of(cx.words.word("channel", it), *it)];
    plain(cx, "untested", "channel", report.not_tested.iter().map(row).collect())
}

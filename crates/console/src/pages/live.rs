//! One live drill: what is cut off from whom, until when, who signed it, what servers counted; and the form that ends it.

mod shadow;

use api::desk::drills::{cuts, state};
use api::rights::Right;
use bytes::Bytes;
use drill::report::Server;
use drill::{Recorded, Scenario, ShadowReport, Unread};
use http::Response;
use realm::UnixMs;
use store::drill::{Drill, DrillReport, Mode, Step, Unapproved, approved, proposed};

use super::drills::{said, stands, tabs};
use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Code, Fact, Facts, Field, Form, Page};
use crate::context::{Context, Trouble};
use crate::reply;
use crate::table::{Cell, Table, columns};

/// The page.
///
/// # Errors
/// There is no live drill of that id.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let drill = cx.live_drill(cx.name()).await?;
    let reports = cx.parts.store.drill_reports(&drill.id).await?;
    let scenario = Scenario::parse(std::path::Path::new("drill.toml"), &drill.scenario).ok();
    let mut blocks = vec![facts(cx, &drill), Block::Table(steps(cx, &drill))];
    if let Some(scenario) = &scenario {
        blocks.push(guardrails(cx, scenario));
        blocks.extend(shadowed(cx, &drill, scenario, &reports).await?);
    }
    blocks.push(Block::Table(counted(cx, &reports)));
    blocks.push(Block::Code(commands(cx, &drill)));
    if drill.ended.is_none() && cx.may(Right::Operate) {
        blocks.push(Block::Form(end_form(cx, &drill)));
    }
    let lead = cx.words.say("live-lead", &[("id", drill.id.clone()), ("reason", drill.reason.clone())]);
    Ok(Page { menu: "drills", title: drill.title.clone(), lead, tabs: tabs(cx, "tab-drills"), blocks })
}

/// What a drill in shadow counted; nothing of one that cuts off.
async fn shadowed(
    cx: &Context<'_>,
    drill: &Drill,
    scenario: &Scenario,
    reports: &[DrillReport],
) -> Result<Vec<Block>, Trouble> {
    let Some(counted) = cx.desk.mirrored(drill).await? else { return Ok(Vec::new()) };
    let servers = reports.iter().filter_map(|report| serde_json::from_str::<Server>(&report.body).ok()).collect();
    let ran = (drill.id.as_str(), drill.started.unwrap_or_default(), drill.until.unwrap_or_default());
    let report = ShadowReport::new(scenario, ran, Recorded::default(), servers, Unread::default(), Some(cx.world()));
    Ok(shadow::blocks(cx, &counted, &report))
}

fn facts(cx: &Context<'_>, drill: &Drill) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let moment = |at: Option<UnixMs>| at.map_or_else(|| "–".to_owned(), |at| cx.words.time(at));
    let stands = stands(cx, drill);
    let cut: Vec<String> = cuts(drill).iter().map(|cut| said(cx, cut)).collect();
    let mode = format!("{} {}\u{202f}%", cx.words.word("mode", drill.mode.as_str()), drill.percent);
    let mut items = vec![
        Fact { tone: stands.tone, ..fact("col-state", stands.text) },
        fact(if drill.mode == Mode::Shadow { "live-as-if" } else { "col-cut" }, cut.join(", ")),
        fact("col-mode", mode),
        fact("col-minutes", drill.minutes.to_string()),
        fact("live-started", moment(drill.started)),
        fact("live-until", moment(drill.until)),
        signed(cx, drill),
        Fact { code: true, ..fact("drill-sha256", drill.sha256.clone()) },
        Fact { code: true, ..fact("live-realm", drill.realm.clone()) },
    ];
    if let Some(ended) = &drill.ended {
        items.push(Fact { note: ended.why.clone(), ..fact("live-ended", moment(Some(ended.at))) });
        items.push(fact("live-ended-by", ended.by.clone()));
    }
    Block::Facts(Facts { items, large: false, title: String::new() })
}

/// Whether those whom the realm names signed it as it stands.
fn signed(cx: &Context<'_>, drill: &Drill) -> Fact {
    let people = &cx.world().head.drill_people;
    let fits: Result<(), Unapproved> = match &drill.approved {
        None => proposed(drill, people).map(|_| ()),
        Some(_) => approved(drill, people).map(|_| ()),
    };
    let name = cx.t("live-steps");
    match fits {
        Ok(()) => Fact { name, value: cx.t("live-signed"), tone: "good", ..Fact::default() },
        Err(why) => {
            Fact { name, value: cx.t("live-not-signed"), note: why.to_string(), tone: "bad", ..Fact::default() }
        }
    }
}

/// Who signed what.
fn steps(cx: &Context<'_>, drill: &Drill) -> Table {
    let row = |word: &'static str, step: &Step| {
        vec![
            Cell::of(cx.words.word("step", word), word),
            Cell::text(step.by.as_str()),
            time(step.at, &cx.words),
            Cell::code(step.signature.as_str()),
        ]
    };
    let mut rows = vec![row("proposed", &drill.proposed)];
    rows.extend(drill.approved.as_ref().map(|step| row("approved", step)));
    Table {
        name: "steps",
        title: cx.t("live-steps"),
        note: cx.t("live-steps-note"),
        columns: columns(&cx.words, "step by at signature"),
        rows,
        ..Table::default()
    }
}

fn guardrails(cx: &Context<'_>, scenario: &Scenario) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let rails = &scenario.guardrails;
    let or = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let spared: Vec<String> = rails.exclude_apps.iter().map(ToString::to_string).collect();
    let items = vec![
        fact("live-errors-max", or(rails.error_share_max.map(|it| it.to_string()))),
        fact("live-latency-max", or(rails.latency_median_ms_max.map(|it| cx.words.ms(it)))),
        fact("live-window", format!("{}\u{202f}s", rails.window_s)),
        fact("live-spared", or(Some(spared.join(", ")).filter(|it| !it.is_empty()))),
    ];
    Block::Facts(Facts { items, large: false, title: cx.t("live-guardrails") })
}

/// What servers counted of it: bytes by destination since the cut.
fn counted(cx: &Context<'_>, reports: &[DrillReport]) -> Table {
    let servers = reports.iter().filter_map(|report| serde_json::from_str::<Server>(&report.body).ok());
    let mut rows = Vec::new();
    for server in servers {
        for destination in &server.destinations {
            let tone = if destination.shut && destination.bytes_out > 0 { "bad" } else { "" };
            let bytes = |n: u64| Cell::of(cx.words.bytes(n), n);
            rows.push(vec![
                Cell::code(server.log.as_str()),
                time(server.in_force, &cx.words),
                Cell::text(destination.destination.as_str()),
                Cell::of(cx.t(if destination.shut { "yes" } else { "no" }), destination.shut),
                bytes(destination.bytes_in),
                bytes(destination.bytes_out).tone(tone),
            ]);
        }
    }
    Table {
        name: "servers",
        title: cx.t("live-servers"),
        note: cx.t("live-servers-note"),
        empty: cx.t("live-servers-none"),
        columns: columns(&cx.words, "log in_force_since destination shut #bytes_in #bytes_out"),
        rows,
        ..Table::default()
    }
}

/// What takes a person's key, or reads all records: on the command line.
fn commands(cx: &Context<'_>, drill: &Drill) -> Code {
    let (program, id) = (&cx.console.parts.program, &drill.id);
    let lines = match state(drill, cx.world(), cx.now) {
        "proposed" => format!(
            "{program} drill approve {id} --by NAME --signer NAME.key\n{program} drill abort {id} --reason 'WHY'"
        ),
        "on" => format!("{program} drill status {id}\n{program} drill abort {id} --reason 'WHY'"),
        _ => format!("{program} drill status {id}\n{program} drill bundle {id} --out drill.bundle"),
    };
    Code { title: cx.t("live-commands"), note: cx.t("live-commands-note"), text: lines, ..Code::default() }
}

fn end_form(cx: &Context<'_>, drill: &Drill) -> Form {
    let reason = Field { name: "reason", label: cx.t("live-reason"), kind: "text", ..Field::default() };
    Form {
        title: cx.t("live-end"),
        note: cx.t("live-end-note"),
        action: format!("/console/drills/live/{}/end", encoded(&drill.id)),
        fields: vec![reason],
        button: cx.t("live-end-button"),
        grave: true,
        ..Form::default()
    }
}

/// Ends it.
///
/// # Errors
/// There is none of that id, or no reason.
pub async fn end(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    cx.desk.end_live_drill(cx.name(), cx.ask.field("reason").unwrap_or_default()).await?;
    Ok(reply::see_other(&format!("/console/drills/live/{}", encoded(cx.name()))))
}

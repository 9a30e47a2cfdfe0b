//! The studio: what is to be cut off, changed and expected, chosen or written as a file, and run over the records.

use std::collections::BTreeSet;
use std::time::Duration;

use api::replay::{NoReplay, Replay};
use bytes::Bytes;
use drill::report::Measure;
use drill::{Draft, Key, keys};
use http::Response;
use realm::load::Diagnostic;
use realm::world::Organisation;
use store::Scope;

use super::drills::tabs;
use crate::ask::encoded;
use crate::block::{Block, Field, Form, Page};
use crate::context::{Context, Trouble};
use crate::{reply, view};

/// Fields for what is cut off.
const CUTS: [&str; 3] = ["cut", "cut2", "cut3"];
/// How long the answer waits for a drill that takes no longer, in steps.
const STEPS: u32 = 40;
const STEP: Duration = Duration::from_millis(50);

/// The page, filled in with what the address names: a key, a scenario that lies ready, a drill of before.
///
/// # Errors
/// There is nothing of that name.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let text = match (cx.ask.param("ready"), cx.ask.param("from")) {
        (Some(name), _) => cx.scenario(name).await?.text,
        (None, Some(id)) => {
            let found = cx.parts.replays.find(&cx.guest.scope, id);
            found.map(|replay| replay.text.clone()).ok_or(Trouble::NotFound)?
        }
        (None, None) => String::new(),
    };
    let value = |name: &str| cx.ask.param(name).unwrap_or_default().to_owned();
    whole(cx, &value, &text, "").await
}

/// Begins what a form asks for, and goes to its report.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn begin(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let value = |name: &str| cx.ask.field(name).unwrap_or_default().to_owned();
    let text = if cx.ask.field("scenario").is_some() { value("scenario") } else { draft(cx, &value).to_toml() };
    match cx.desk.replay(&text) {
        Ok(replay) => {
            wait(&replay).await;
            Ok(reply::see_other(&format!("/console/drills/{}", replay.id)))
        }
        Err(why) => {
            let page = whole(cx, &value, &text, &refused(cx, &why)).await?;
            let mut reply = view::page(&page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name);
            *reply.status_mut() = http::StatusCode::BAD_REQUEST;
            Ok(reply)
        }
    }
}

/// Most drills are done at once, and their report needs no second look.
async fn wait(replay: &Replay) {
    for _ in 0..STEPS {
        if replay.came().is_some() {
            return;
        }
        tokio::time::sleep(STEP).await;
    }
}

fn refused(cx: &Context<'_>, why: &NoReplay) -> String {
    match why {
        NoReplay::Wrong(problems) => told(cx, problems),
        NoReplay::TooLong => cx.t("drill-too-long"),
        NoReplay::NoApp(app) => cx.words.say("key-no-app", &[("app", app.clone())]),
        NoReplay::OfTheWhole => cx.t("drill-no-apps-of-the-whole"),
        NoReplay::Busy => cx.t("drill-busy"),
    }
}

/// Problems of a scenario, in a line.
pub fn told(cx: &Context<'_>, problems: &[Diagnostic]) -> String {
    let one = |problem: &Diagnostic| {
        let expected = problem.expected(cx.words.lang).map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{}: {}{expected}", problem.place(), problem.message(cx.words.lang))
    };
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn draft(cx: &Context<'_>, value: &(dyn Fn(&str) -> String + Sync)) -> Draft {
    let some = |name: &str| Some(value(name)).filter(|text| !text.is_empty());
    let day = |name: &str| some(name).and_then(|day| day.parse().ok());
    let title = some("title").unwrap_or_else(|| cx.t("drill-untitled"));
    let margin = |measure: Measure| Some((measure, some(measure.margin())?));
    Draft {
        title,
        seed: some("seed"),
        cuts: CUTS.iter().filter_map(|name| Key::of_word(&value(name))).collect(),
        users: some("users"),
        price: some("provider").map(|provider| (provider, value("factor"))),
        law: some("rule").and_then(|rule| Some((rule, day("binds")?))),
        traffic: (day("since"), day("until")),
        margins: Measure::all().filter_map(margin).collect(),
        owner: some("owner"),
        due_days: some("due_days"),
    }
}

async fn whole(
    cx: &Context<'_>,
    value: &(dyn Fn(&str) -> String + Sync),
    text: &str,
    error: &str,
) -> Result<Page, Trouble> {
    let choose = Form {
        title: cx.t("studio-choose"),
        note: cx.t(if cx.is_whole() { "studio-note-whole" } else { "studio-note" }),
        action: "/console/drills".to_owned(),
        fields: fields(cx, value).await?,
        button: cx.t("studio-run"),
        error: if text.is_empty() { error.to_owned() } else { String::new() },
        ..Form::default()
    };
    let file = Field {
        name: "scenario",
        label: cx.t("studio-file"),
        value: text.to_owned(),
        kind: "long",
        ..Field::default()
    };
    let write = Form {
        title: cx.t("studio-write"),
        note: cx.t("studio-write-note"),
        action: "/console/drills".to_owned(),
        fields: vec![file],
        button: cx.t("studio-run"),
        error: if text.is_empty() { String::new() } else { error.to_owned() },
        ..Form::default()
    };
    // What there is to correct or to look at comes first.
    let forms = if text.is_empty() { [choose, write] } else { [write, choose] };
    let (title, lead) = (cx.t("menu-drills"), cx.t("studio-lead"));
    let blocks = forms.into_iter().map(Block::Form).collect();
    Ok(Page { menu: "drills", title, lead, tabs: tabs(cx, "tab-studio"), blocks })
}

async fn fields(cx: &Context<'_>, value: &(dyn Fn(&str) -> String + Sync)) -> Result<Vec<Field>, Trouble> {
    let none = || (String::new(), "–".to_owned());
    let world = cx.world();
    let field = |name: &'static str, label: String, kind: &'static str| Field {
        name,
        label,
        value: value(name),
        kind,
        ..Field::default()
    };
    let choice = |name: &'static str, all: &[(String, String)]| Field {
        choices: [none()].into_iter().chain(all.iter().cloned()).collect(),
        ..field(name, cx.t(&format!("studio-{name}")), "text")
    };
    let plain = |name: &'static str, kind: &'static str| field(name, cx.t(&format!("studio-{name}")), kind);
    let same = |id: String| (id.clone(), id);
    let cuts = cut_choices(cx).await?;
    let providers: Vec<_> = world.providers.keys().map(|id| same(id.to_string())).collect();
    let rules: Vec<_> = cx.around.compiled().rules().iter().map(|rule| same(rule.id.to_string())).collect();
    let mut fields = vec![plain("title", "text")];
    fields.extend(CUTS.map(|name| choice(name, &cuts)));
    fields.push(Field { hint: cx.t("studio-users-hint"), ..plain("users", "text") });
    fields.extend([choice("provider", &providers), plain("factor", "text")]);
    fields.extend([choice("rule", &rules), plain("binds", "date")]);
    fields.extend([plain("since", "date"), plain("until", "date")]);
    fields.push(Field { hint: cx.t("studio-seed-hint"), ..plain("seed", "text") });
    fields.extend(Measure::all().map(|measure| {
        let label = cx.words.word("margin", measure.margin());
        field(measure.margin(), label, "text")
    }));
    let seen = |it: &&Organisation| match &cx.guest.scope {
        Scope::Whole => true,
        Scope::Organisation(own) => it.id == *own,
    };
    let owners = world.organisations.values().filter(seen);
    let owners: Vec<_> = owners.map(|it| (it.id.to_string(), it.name.clone())).collect();
    fields.push(choice("owner", &owners));
    fields.push(Field { hint: cx.t("studio-due_days-hint"), ..plain("due_days", "text") });
    Ok(fields)
}

/// What can be cut off: what this month's traffic needs, and what the realm declares.
async fn cut_choices(cx: &Context<'_>) -> Result<Vec<(String, String)>, Trouble> {
    let mut all: BTreeSet<Key> = cx.world().deployments.keys().flat_map(|id| keys(cx.world(), id)).collect();
    if let Some(report) = cx.exposure().await?.value {
        let used =
            report.summary.levels.iter().flat_map(|level| {
                level.keys.iter().filter_map(|key| Some(Key::new(level.level, key.name.as_deref()?)))
            });
        all.extend(used);
    }
    let choice = |key: Key| Some((key.word()?, key.to_text(cx.words.lang)));
    Ok(all.into_iter().filter_map(choice).collect())
}

/// Where a key is filled in as what is to be cut off.
pub fn cut_off(key: &Key) -> Option<String> {
    key.word().map(|word| format!("/console/drills/new?cut={}", encoded(&word)))
}

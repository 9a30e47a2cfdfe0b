//! How what is cut off fails and what its notice leaves time for, as people read it.

use realm::load::Lang;

use super::report::{FailingApp, Failure, Finding, InTime, Notice, Noticed, Prepared, ToDo};
use crate::eval::Shown;
use crate::say::{Page, list, say};

/// How what is cut off fails, app by app.
pub(super) fn say_failures(page: &mut Page, failures: &[Failure]) {
    if failures.is_empty() {
        return;
    }
    page.head("drill-failures");
    let lang = page.lang;
    let all = failures.iter().flat_map(|failure| failure.apps.iter().map(move |app| (failure, app)));
    let rows: Vec<Vec<String>> = all.map(|(failure, app)| row(lang, failure, app)).collect();
    page.table(&["app", "deployment", "shape", "requests", "moved", "wait-each", "waiting", "left-alone"], 3, &rows);
    page.line("drill-failures-note", &[("failures", realm::world::BREAKER_FAILURES.to_string())]);
    let stuck = failures.iter().flat_map(|failure| &failure.apps).filter(|app| !app.fails_over);
    for app in stuck {
        page.item("drill-failures-stuck", &[("app", app.app.to_string())]);
    }
}

fn row(lang: Lang, failure: &Failure, app: &FailingApp) -> Vec<String> {
    let figure = |it: Option<u64>, is_most: bool| match it {
        Some(it) if is_most => format!("≤ {it}"),
        Some(it) => it.to_string(),
        None => say(lang, "unknown", &[]),
    };
    let wait = match failure.noticed_by {
        Noticed::Nothing => say(lang, "not-noticed", &[]),
        _ => figure(failure.wait_ms, failure.wait_is_most),
    };
    let (waiting, alone) = match (failure.noticed_by, failure.wait_ms, failure.left_alone_after_ms) {
        (Noticed::Nothing, ..) => ("–".to_owned(), say(lang, "never", &[])),
        (_, Some(_), None) => (figure(failure.waiting_requests, true), say(lang, "never", &[])),
        (.., alone) => (figure(failure.waiting_requests, true), figure(alone, true)),
    };
    let (requests, moved) = (app.requests.to_string(), app.moved.to_string());
    let (id, shape) = (failure.deployment.to_string(), failure.failing.shape.to_text(lang));
    vec![app.app.to_string(), id, shape, requests, moved, wait, waiting, alone]
}

/// What is worth knowing of how something is lost.
pub(super) fn say_losing(page: &mut Page, finding: &Finding) {
    match finding {
        Finding::NotDetected { deployment, requests } => {
            let args = [("id", deployment.to_string()), ("requests", requests.to_string())];
            page.item("drill-not-detected", &args);
        }
        Finding::FailsSlowly { deployment, shape, wait_ms } => {
            let shape = ("shape", shape.to_text(page.lang));
            page.item("drill-fails-slowly", &[("id", deployment.to_string()), shape, ("ms", wait_ms.to_string())]);
        }
        Finding::NotInTime { apps } => page.item("drill-not-in-time", &[("apps", list(apps))]),
        _ => {}
    }
}

/// What has to be done within the notice.
pub(super) fn say_notice(page: &mut Page, notice: &Notice) {
    page.head("drill-notice");
    page.line("drill-notice-hours", &[("hours", notice.notice_h.to_string())]);
    if notice.apps.is_empty() {
        page.item("drill-notice-nothing", &[]);
        return;
    }
    let lang = page.lang;
    let unknown = || say(lang, "not-declared", &[]);
    let row = |it: &Prepared| {
        vec![
            it.app.to_string(),
            it.in_time.to_text(lang),
            list(it.to_do.iter().map(|to_do| to_do.to_text(lang))),
            it.shown.as_ref().map_or_else(|| "–".to_owned(), |shown| shown.to_text(lang)),
            it.requests.to_string(),
            it.back_by_min.map_or_else(unknown, |min| min.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = notice.apps.iter().map(row).collect();
    page.table(&["app", "in-time", "to-do", "shown-by", "requests", "back-by"], 4, &rows);
    page.line("drill-notice-note", &[]);
}

impl InTime {
    /// The verdict for people.
    pub fn to_text(self, lang: Lang) -> String {
        let word = match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        };
        say(lang, &format!("in-time-{word}"), &[])
    }
}

impl ToDo {
    /// What is to be done, for people.
    pub fn to_text(self, lang: Lang) -> String {
        let word = match self {
            Self::FindFallback => "find",
            Self::PermitFallback => "permit",
            Self::ShowFallback => "show",
        };
        say(lang, &format!("to-do-{word}"), &[])
    }
}

impl Shown {
    /// The evaluation for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let args = [("id", self.deployment.to_string()), ("suite", self.suite.clone()), ("on", self.on.to_string())];
        let n = [("n", self.n.unwrap_or_default().to_string())];
        say(lang, &format!("shown-{}", self.known), &[&args[..], &n].concat())
    }
}

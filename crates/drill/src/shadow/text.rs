//! A drill in shadow as people read it.

use realm::load::Lang;
use realm::mirrored::Fate;

use super::report::{Pair, ShadowFinding, ShadowReport};
use super::{Mean, Sure};
use crate::desk::say_hypothesis;
use crate::say::{Page, list, say};
use crate::task::{say_since, say_task};

impl ShadowReport {
    /// The report for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        let args = [
            ("title", self.title.clone()),
            ("id", self.drill.clone()),
            ("from", self.from.to_string()),
            ("until", self.until.to_string()),
        ];
        page.line("shadow-title", &args);
        page.head("findings");
        if self.findings.is_empty() {
            page.item("findings-none", &[]);
        }
        for found in &self.findings {
            say_finding(&mut page, &found.finding);
            say_task(&mut page, found.task.as_ref());
        }
        say_since(&mut page, self.since.as_ref(), &self.findings);
        say_hypothesis(&mut page, &self.hypothesis);
        self.fates(&mut page);
        self.agreement(&mut page);
        self.spent(&mut page);
        page.head("drill-not-tested");
        let channels = self.not_tested.iter().map(|it| say(lang, &format!("channel-{it}"), &[]));
        page.item("live-channels", &[("channels", list(channels))]);
        page.item("shadow-no-quality", &[]);
        page.finish()
    }

    fn fates(&self, page: &mut Page) {
        page.head("shadow-fates");
        page.line("shadow-requests", &[("requests", self.fates.requests().to_string())]);
        for fate in Fate::ALL.into_iter().filter(|fate| self.fates.of(*fate) > 0) {
            let key = format!("shadow-fate-{}", fate.as_str().replace('_', "-"));
            page.item(&key, &[("requests", self.fates.of(fate).to_string())]);
        }
    }

    fn agreement(&self, page: &mut Page) {
        page.head("shadow-agreement");
        let heads = [
            "app",
            "fallback",
            "mirrors",
            "errors",
            "compared",
            "agreeing",
            "interval",
            "same-words",
            "f1",
            "length",
            "slower",
        ];
        let rows: Vec<Vec<String>> = self.pairs.iter().map(row).collect();
        page.table(&heads, 2, &rows);
        page.line("shadow-agreement-note", &[]);
        for pair in &self.pairs {
            differences(page, pair);
        }
    }

    fn spent(&self, page: &mut Page) {
        page.head("shadow-spent");
        let args = [
            ("tokens", self.spent.tokens.to_string()),
            ("tokens-max", self.spent.tokens_max.to_string()),
            ("cost", self.spent.cost_nano.to_string()),
            ("cost-max", self.spent.cost_max_nano.to_string()),
        ];
        page.item("shadow-spent-line", &args);
        let args = [("mirrors", self.recorded.mirrors.to_string()), ("answered", self.recorded.answered.to_string())];
        page.item("shadow-recorded", &args);
    }
}

fn row(pair: &Pair) -> Vec<String> {
    let (counted, figures) = (&pair.counted, &pair.figures);
    let sure = figures.agreement;
    vec![
        pair.app.to_string(),
        pair.fallback.to_string(),
        counted.mirrors.to_string(),
        figures.fallback_errors.part.to_string(),
        counted.compared.to_string(),
        share(sure),
        format!("{:.2}–{:.2}", sure.low, sure.high),
        share(figures.same_words),
        mean(if figures.cosine.n > 0 { figures.cosine } else { figures.similarity }, 2),
        mean(figures.length_ratio, 2),
        slower(figures.latency_ms),
    ]
}

/// How answers of a pair differ, each way in which they do.
fn differences(page: &mut Page, pair: &Pair) {
    let (counted, figures) = (&pair.counted, &pair.figures);
    let differing = [
        ("finish", figures.finish_differs),
        ("refusal", figures.refusal_differs),
        ("json", figures.json_differs),
        ("schema", figures.schema_differs),
        ("calls", Sure { part: counted.calling - counted.same_calls, ..figures.same_calls }),
        ("too-long", Sure { part: counted.too_long, whole: counted.both_ok, ..figures.exact }),
        ("unlike", Sure { part: counted.unlike, whole: counted.both_ok, ..figures.exact }),
        ("given-up", Sure { part: counted.given_up, whole: counted.mirrors + counted.given_up, ..figures.exact }),
    ];
    for (key, sure) in differing.into_iter().filter(|(_, sure)| sure.part > 0) {
        let args = [
            ("app", pair.app.to_string()),
            ("fallback", pair.fallback.to_string()),
            ("part", sure.part.to_string()),
            ("whole", sure.whole.to_string()),
        ];
        page.item(&format!("shadow-differs-{key}"), &args);
    }
}

fn share(sure: Sure) -> String {
    sure.share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn mean(of: Mean, digits: usize) -> String {
    of.mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.digits$}"))
}

/// The mean in milliseconds, and how far from it the truth may lie where that can be told.
fn slower(of: Mean) -> String {
    match (of.mean, of.interval) {
        (Some(mean), Some(interval)) => format!("{mean:+.0} ±{:.0}", (interval.high - interval.low) / 2.0),
        (Some(mean), None) => format!("{mean:+.0}"),
        (None, _) => "–".to_owned(),
    }
}

impl ShadowFinding {
    /// The finding for people, in one sentence.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        say_finding(&mut page, self);
        page.finish().trim_start_matches([' ', '-']).trim_end().to_owned()
    }

    /// Whether it is about an app by its name.
    pub fn names_app(&self) -> bool {
        matches!(self, Self::NoFallback { .. } | Self::FallbackFailed { .. })
    }
}

fn say_finding(page: &mut Page, finding: &ShadowFinding) {
    let (key, args) = match finding {
        ShadowFinding::NothingMirrored => ("shadow-finding-nothing", vec![]),
        ShadowFinding::NoFallback { app, requests } => {
            ("shadow-finding-no-fallback", vec![("app", app.to_string()), ("requests", requests.to_string())])
        }
        ShadowFinding::FallbackFailed { app, fallback, failed, mirrors } => {
            let counts = [("failed", failed.to_string()), ("mirrors", mirrors.to_string())];
            let names = [("app", app.to_string()), ("fallback", fallback.to_string())];
            ("shadow-finding-failed", [names, counts].concat())
        }
        ShadowFinding::BudgetSpent { requests } => ("shadow-finding-budget", vec![("requests", requests.to_string())]),
        ShadowFinding::NotHeld { measure } => ("drill-not-held", vec![("margin", measure.margin().to_owned())]),
    };
    page.item(key, &args);
}

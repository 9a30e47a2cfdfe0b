//! A drill as people read it: findings and the hypothesis first.

use realm::load::Lang;
use rust_decimal::Decimal;

use super::losing::{say_failures, say_losing, say_notice};
use super::report::{Counts, Finding, Report, Stop, TargetLoad, Verdict, VerdictLine};
use crate::exposure::text::{cut_args, percent};
use crate::say::{Page, list, say};
use crate::task::{say_since, say_task};

/// Lines of a table of moves or stops that are shown; the rest is in the JSON.
const LINES_MAX: usize = 40;

impl Report {
    /// The report for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        let (first, last) = self.days.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
        page.line("drill-title", &[("title", self.title.clone()), ("seed", self.seed.to_string())]);
        page.line("drill-what", &[("first", first), ("last", last)]);
        if !self.cut.is_empty() {
            page.line("drill-cut", &[("keys", list(self.cut.iter().map(|it| it.to_text(lang))))]);
        }
        say_verdict(&mut page, &self.hypothesis);
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
        if let Some(notice) = &self.notice {
            say_notice(&mut page, notice);
        }
        self.counts(&mut page);
        self.ways(&mut page);
        self.prices(&mut page);
        self.loads(&mut page);
        say_failures(&mut page, &self.failures);
        self.rest(&mut page);
        page.finish()
    }

    fn counts(&self, page: &mut Page) {
        page.head("drill-counts");
        let survival = &self.survival;
        let args = [
            ("critical", percent(survival.critical)),
            ("requests", percent(survival.requests)),
            ("part", survival.requests.part.to_string()),
            ("whole", survival.requests.whole.to_string()),
        ];
        page.line("drill-survival", &args);
        let row = |kind: &str, name: String, counts: Counts| {
            let numbers = [
                counts.answered,
                counts.unchanged,
                counts.moved,
                counts.stopped,
                counts.newly_permitted,
                counts.still_denied,
                counts.refused + counts.failed,
            ];
            let words = [say(page.lang, &format!("kind-{kind}"), &[]), name];
            words.into_iter().chain(numbers.map(|number| number.to_string())).collect::<Vec<_>>()
        };
        let mut rows = vec![row("all", String::new(), self.totals)];
        let sector = |it: &super::report::SectorResult| it.sector.as_ref().map(ToString::to_string).unwrap_or_default();
        rows.extend(self.sectors.iter().map(|it| row("sector", sector(it), it.counts)));
        rows.extend(self.apps.iter().map(|it| row("app", it.app.to_string(), it.counts)));
        let heads = ["of", "name", "was-answered", "unchanged", "moved", "stopped", "opened", "denied", "not-decided"];
        page.table(&heads, 2, &rows);
    }

    fn ways(&self, page: &mut Page) {
        let lang = page.lang;
        let mut rows: Vec<[String; 4]> = Vec::new();
        for it in &self.moves {
            rows.push([it.app.to_string(), it.from.to_string(), it.to.to_string(), it.requests.to_string()]);
        }
        for it in &self.newly_permitted {
            let denied = say(lang, "was-denied", &[]);
            rows.push([it.app.to_string(), denied, it.to.to_string(), it.requests.to_string()]);
        }
        for it in &self.stopped {
            let stopped = say(lang, "goes-nowhere", &[]);
            rows.push([it.app.to_string(), stopped, why(lang, &it.reason), it.requests.to_string()]);
        }
        if rows.is_empty() {
            return;
        }
        page.head("drill-ways");
        let shown: Vec<Vec<String>> = rows.iter().take(LINES_MAX).map(|row| row.to_vec()).collect();
        page.table(&["app", "from", "to", "requests"], 3, &shown);
        if rows.len() > LINES_MAX {
            page.item("and-more", &[("count", (rows.len() - LINES_MAX).to_string())]);
        }
        for it in &self.protected {
            let args =
                [("class", it.class.to_string()), ("kept", it.kept.to_string()), ("leaving", it.leaving.to_string())];
            page.item("protected", &args);
        }
    }

    fn prices(&self, page: &mut Page) {
        page.head("drill-prices");
        let lang = page.lang;
        let unknown = || say(lang, "unknown", &[]);
        let change = self.cost.change_percent.map_or_else(unknown, |change| signed(change, "%"));
        let args = [
            ("before", self.cost.before.to_string()),
            ("after", self.cost.after.to_string()),
            ("currency", self.cost.currency.clone().unwrap_or_default()),
            ("change", change),
            ("unknown", self.cost.unknown_requests.to_string()),
            ("each-before", each(&self.cost.before, self.survival.requests.whole)),
            ("each-after", each(&self.cost.after, self.survival.requests.part)),
        ];
        page.item("drill-cost", &args);
        let energy = &self.energy;
        let joules = |j: f64| format!("{j:.0} J");
        let args = [
            ("before", joules(energy.before_j)),
            ("after", joules(energy.after_j)),
            ("change", energy.change_j.map_or_else(unknown, |change| format!("{change:+.0} J"))),
            ("unknown-before", energy.unknown_tokens_before.to_string()),
            ("unknown-after", energy.unknown_tokens_after.to_string()),
        ];
        page.item(if energy.change_j.is_some() { "drill-energy" } else { "drill-energy-part" }, &args);
    }

    fn loads(&self, page: &mut Page) {
        page.head("drill-loads");
        let lang = page.lang;
        let unknown = || say(lang, "unknown", &[]);
        let figure = |it: Option<String>| it.unwrap_or_else(unknown);
        let row = |it: &TargetLoad| {
            vec![
                it.deployment.to_string(),
                it.requests_before.to_string(),
                it.requests_after.to_string(),
                it.tokens_per_s_before.to_string(),
                it.tokens_per_s_after.to_string(),
                figure(it.capacity_tokens_per_s.map(|it| it.to_string())),
                figure(it.wait_probability.map(|it| it.to_string())),
                figure(it.median_ms.map(|ms| if ms == 0 { "<1".to_owned() } else { ms.to_string() })),
            ]
        };
        let rows: Vec<_> = self.targets.iter().map(row).collect();
        let heads = ["deployment", "before", "after", "rate-before", "rate-after", "capacity", "wait", "median"];
        page.table(&heads, 1, &rows);
        page.line("drill-loads-note", &[]);
    }

    fn rest(&self, page: &mut Page) {
        page.head("drill-left");
        for (key, cut) in [
            ("drill-worst-before", &self.exposure.worst_cut_before),
            ("drill-worst-after", &self.exposure.worst_cut_after),
        ] {
            match cut {
                Some(cut) => page.item(key, &cut_args(page.lang, cut)),
                None => page.item(&format!("{key}-none"), &[]),
            }
        }
        let levels: Vec<_> = self.exposure.levels.iter().filter(|level| level.hhi_before != level.hhi_after).collect();
        if !levels.is_empty() {
            page.item("drill-hhi-note", &[]);
        }
        let figure = |it: Option<Decimal>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
        for level in levels {
            let args = [
                ("level", say(page.lang, &format!("level-{}", level.level), &[])),
                ("before", figure(level.hhi_before)),
                ("after", figure(level.hhi_after)),
            ];
            page.item("drill-hhi", &args);
        }
        self.quality.say(page);
        page.head("drill-not-tested");
        let channels = self.not_tested.iter().map(|it| say(page.lang, &format!("channel-{it}"), &[]));
        page.item("drill-channels", &[("channels", list(channels))]);
        let args = [
            ("open", self.not_replayed.unread.left_open.to_string()),
            ("orphans", self.not_replayed.unread.orphans.to_string()),
            ("disagreeing", self.not_replayed.disagreeing.to_string()),
        ];
        page.item("drill-not-replayed", &args);
    }
}

/// Whether what was written down before holds, in one line.
fn say_verdict(page: &mut Page, lines: &[VerdictLine]) {
    let count = |verdict: Verdict| lines.iter().filter(|line| line.verdict == verdict).count();
    let (failed, unknown) = (count(Verdict::NotHeld), count(Verdict::Unknown));
    let key = match (lines.len(), failed, unknown) {
        (0, ..) => return,
        (_, 0, 0) => "drill-verdict-held",
        (_, 0, _) => "drill-verdict-unknown",
        _ => "drill-verdict-not-held",
    };
    let args = [("all", lines.len().to_string()), ("failed", failed.to_string()), ("unknown", unknown.to_string())];
    page.line(key, &args);
}

/// What one answer costs of so many.
fn each(cost: &Decimal, answers: u64) -> String {
    match cost.checked_div(answers.into()) {
        Some(each) => each.round_dp(9).normalize().to_string(),
        None => "–".to_owned(),
    }
}

/// Each margin written down before, with how it fared.
pub(crate) fn say_hypothesis(page: &mut Page, lines: &[VerdictLine]) {
    page.head("hypothesis");
    if lines.is_empty() {
        page.item("hypothesis-none", &[]);
    }
    for line in lines {
        let unknown = || say(page.lang, "unknown", &[]);
        let measured = line.measured.map_or_else(unknown, |it| it.to_string());
        let key = match line.verdict {
            Verdict::Held => "hypothesis-held",
            Verdict::NotHeld => "hypothesis-not-held",
            Verdict::Unknown => "hypothesis-unknown",
        };
        let margin = format!("{} = {}", line.measure.margin(), line.margin);
        page.item(key, &[("margin", margin), ("measured", measured)]);
    }
}

fn signed(change: Decimal, unit: &str) -> String {
    let sign = if change.is_sign_positive() && !change.is_zero() { "+" } else { "" };
    format!("{sign}{change} {unit}")
}

fn why(lang: Lang, stop: &Stop) -> String {
    match stop {
        Stop::Rules(rules) => say(lang, "stop-rules", &[("rules", list(rules))]),
        Stop::Unknown(rules) => say(lang, "stop-unknown", &[("rules", list(rules))]),
        Stop::NoPermit => say(lang, "stop-no-permit", &[]),
        Stop::NoAlternative => say(lang, "stop-no-alternative", &[]),
        Stop::Gone => say(lang, "stop-gone", &[]),
    }
}

impl Finding {
    /// The finding for people, in one sentence.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        say_finding(&mut page, self);
        page.finish().trim_start_matches([' ', '-']).trim_end().to_owned()
    }
}

fn say_finding(page: &mut Page, finding: &Finding) {
    match finding {
        Finding::WithoutWorld { requests } => page.item("drill-without-world", &[("requests", requests.to_string())]),
        Finding::CriticalStops { app, stopped } => {
            let share = ("share", percent(*stopped));
            page.item(
                "drill-critical-stops",
                &[("app", app.to_string()), ("requests", stopped.part.to_string()), share],
            );
        }
        Finding::Stops { apps, requests } => {
            page.item("drill-stops", &[("requests", requests.to_string()), ("apps", list(apps))]);
        }
        Finding::Leaves { class, requests } => {
            page.item("drill-leaves", &[("class", class.to_string()), ("requests", requests.to_string())]);
        }
        Finding::Dimmed { site, given_mw, drawn_mw } => {
            let (given, drawn) = (("given", given_mw.to_string()), ("drawn", drawn_mw.to_string()));
            page.item("drill-dimmed", &[("site", site.to_string()), given, drawn]);
        }
        Finding::Overloaded { deployment, tokens_per_s, capacity_tokens_per_s } => {
            let (rate, capacity) =
                (("rate", tokens_per_s.to_string()), ("capacity", capacity_tokens_per_s.to_string()));
            page.item("drill-overloaded", &[("id", deployment.to_string()), rate, capacity]);
        }
        Finding::CapacityUnknown { deployments } => page.item("drill-capacity-unknown", &[("ids", list(deployments))]),
        Finding::NotHeld { measure } => page.item("drill-not-held", &[("margin", measure.margin().to_owned())]),
        Finding::NotMeasured { measure } => {
            page.item("drill-not-measured", &[("margin", measure.margin().to_owned())]);
        }
        Finding::NotDetected { .. } | Finding::FailsSlowly { .. } | Finding::NotInTime { .. } => {
            say_losing(page, finding)
        }
        Finding::NothingChanges => page.item("drill-nothing-changes", &[]),
    }
}

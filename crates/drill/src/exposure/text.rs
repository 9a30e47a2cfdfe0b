//! Exposure as people read it: findings first.

use jiff::civil::Date;
use realm::load::Lang;
use realm::{AppId, RouteId};

use super::report::{Dependence, Finding, LevelReport, Report, Substitute, SurvivedCut};
use crate::figure::{Ratio, money};
use crate::level::{Key, Level};
use crate::say::{Page, list, say};

/// Keys of a level that are shown where every level is.
const KEYS_MAX: usize = 3;

impl Report {
    /// The report for people: of every level its most needed keys, or all keys of one.
    pub fn to_text(&self, lang: Lang, by: Option<Level>) -> String {
        let mut page = Page::new(lang);
        self.totals(&mut page);
        page.head("findings");
        if self.findings.is_empty() {
            page.item("findings-none", &[]);
        }
        self.findings.iter().for_each(|finding| say_finding(&mut page, finding));
        if self.totals.used.requests == 0 {
            // Without use there are no shares: an empty table would read as if nobody had declared anything.
            page.line("exposure-nothing", &[]);
            return page.finish();
        }
        match by {
            Some(level) => self.one_level(&mut page, level),
            None => self.all_levels(&mut page),
        }
        if by.is_none() {
            self.cuts(&mut page);
            self.substitutes(&mut page);
        }
        page.finish()
    }

    fn totals(&self, page: &mut Page) {
        let totals = &self.totals;
        let (first, last) = totals.days.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
        let currency = totals.currency.clone().unwrap_or_default();
        let used = totals.used;
        let args = [
            ("requests", used.requests.to_string()),
            ("tokens", used.tokens.to_string()),
            ("cost", format!("{} {currency}", money(i128::from(used.cost_nano)))),
            ("critical", used.critical.to_string()),
            ("first", first),
            ("last", last),
        ];
        page.line("exposure-total", &args);
        let args = [
            ("denied", totals.denied.to_string()),
            ("refused", totals.refused.to_string()),
            ("failed", totals.failed.to_string()),
            ("open", totals.unread.left_open.to_string()),
            ("orphans", totals.unread.orphans.to_string()),
        ];
        page.line("exposure-rest", &args);
    }

    fn all_levels(&self, page: &mut Page) {
        page.head("exposure-levels");
        let mut rows = Vec::new();
        for level in &self.summary.levels {
            if !level.is_declared() {
                let mut row = vec![level.level.to_string(), say(page.lang, "not-declared", &[])];
                row.resize(9, String::new());
                rows.push(row);
                continue;
            }
            for (place, key) in level.keys.iter().take(KEYS_MAX).enumerate() {
                let name = if place == 0 { level.level.to_string() } else { String::new() };
                rows.push(row(page.lang, name, key, (place == 0).then_some(level)));
            }
            if level.keys.len() > KEYS_MAX {
                let more = [("count", (level.keys.len() - KEYS_MAX).to_string())];
                let mut row = vec![String::new(), say(page.lang, "and-more", &more)];
                row.resize(9, String::new());
                rows.push(row);
            }
        }
        page.table(&HEADS, 2, &rows);
        page.line("exposure-shares", &[]);
    }

    fn one_level(&self, page: &mut Page, by: Level) {
        page.head("exposure-levels");
        let level = self.summary.levels.iter().find(|level| level.level == by);
        let Some(level) = level.filter(|level| level.is_declared()) else {
            return page.line("level-not-declared", &[("level", by.to_string())]);
        };
        let rows = level.keys.iter().enumerate();
        let rows = rows.map(|(at, key)| row(page.lang, level.level.to_string(), key, (at == 0).then_some(level)));
        let rows: Vec<_> = rows.collect();
        page.table(&HEADS, 2, &rows);
        page.line("exposure-shares", &[]);
    }

    fn cuts(&self, page: &mut Page) {
        page.head("exposure-cuts");
        match &self.summary.worst_cut {
            Some(cut) => page.line("worst-cut", &cut_args(page.lang, cut)),
            None => page.line("worst-cut-none", &[]),
        }
        for cut in &self.summary.cut_sets {
            // Every set of every level is in the JSON.
            let telling = cut.sets.iter().filter(|set| set.iter().all(|key| key.level.is_telling()));
            let words = |set: &Vec<Key>| set.iter().map(|key| name(page.lang, key)).collect::<Vec<_>>().join(" + ");
            let sets: Vec<String> = telling.map(words).collect();
            let route = cut.route.as_ref().map(ToString::to_string).unwrap_or_default();
            if !sets.is_empty() {
                page.item("cut-sets", &[("app", cut.app.to_string()), ("route", route), ("sets", list(sets))]);
            }
        }
    }

    fn substitutes(&self, page: &mut Page) {
        page.head("substitutes");
        let row = |it: &Substitute| {
            vec![
                it.app.to_string(),
                it.route.as_ref().map(ToString::to_string).unwrap_or_default(),
                say(page.lang, &format!("substitute-{}", it.level), &[]),
                list(it.shown_by(page.lang)),
                list(&it.permitted),
                it.as_of.map(|day| day.to_string()).unwrap_or_default(),
                it.requests.to_string(),
            ]
        };
        let rows: Vec<_> = self.summary.substitutes.iter().map(row).collect();
        page.table(&["app", "route", "substitute", "shown-by", "permitted", "as-of", "requests"], 6, &rows);
        page.line("substitutes-note", &[]);
    }
}

impl Substitute {
    /// What shows its level, and what did before it was too old: each with its day and how many days before the last request
    /// that was.
    pub fn shown_by(&self, lang: Lang) -> Vec<String> {
        let aged = |on: Date, mut args: Vec<(&'static str, String)>| {
            let days = self.as_of.and_then(|as_of| on.until(as_of).ok()).map_or(0, |span| span.get_days());
            args.extend([("on", on.to_string()), ("days", days.max(0).to_string())]);
            args
        };
        let drilled = self.drilled.as_ref().map(|it| {
            let args = vec![("id", it.deployment.to_string()), ("requests", it.requests.to_string())];
            say(lang, "evidence-drilled", &aged(it.on, args))
        });
        let tried = self.tried.as_ref().map(|it| {
            let args = vec![("id", it.deployment.to_string()), ("requests", it.mirrors.to_string())];
            say(lang, "evidence-tried", &aged(it.on, args))
        });
        let evaluated = self.evaluated.as_ref().map(|it| {
            let args = vec![("shown", it.to_text(lang))];
            say(lang, "evidence-evaluated", &aged(it.on, args))
        });
        drilled.into_iter().chain(tried).chain(evaluated).collect()
    }
}

const HEADS: [&str; 9] = ["level", "key", "requests", "tokens", "cost", "critical", "without", "hhi", "effective"];

fn row(lang: Lang, level_name: String, key: &Dependence, level: Option<&LevelReport>) -> Vec<String> {
    let undeclared = || say(lang, "not-declared", &[]);
    let without = key.without.as_ref().map(|cut| if cut.critical.whole > 0 { cut.critical } else { cut.requests });
    let figure = |value: Option<rust_decimal::Decimal>| value.map(|it| it.to_string()).unwrap_or_default();
    let critical = level.is_some_and(|level| level.hhi_critical.is_some());
    let of = |level: &LevelReport| match critical {
        true => (level.hhi_critical, level.effective_critical),
        false => (level.hhi_requests, level.effective_requests),
    };
    let (hhi, effective) = level.map_or((None, None), of);
    vec![
        level_name,
        key.name.as_deref().map_or_else(undeclared, str::to_owned),
        percent(key.requests),
        percent(key.tokens),
        percent(key.cost_nano),
        percent(key.critical),
        without.map(percent).unwrap_or_default(),
        figure(hhi),
        figure(effective),
    ]
}

/// A share in hundredths; a dash for a share of nothing.
pub(crate) fn percent(ratio: Ratio) -> String {
    ratio.share().map_or_else(|| "–".to_owned(), crate::figure::Share::percent)
}

/// A key as people read it: `operator meridian-north`.
pub(crate) fn name(lang: Lang, key: &Key) -> String {
    let undeclared = || say(lang, "not-declared", &[]);
    let named = key.name.as_deref().map_or_else(undeclared, str::to_owned);
    format!("{} {named}", say(lang, &format!("level-{}", key.level), &[]))
}

/// What a message about a cut is filled in with.
pub(crate) fn cut_args(lang: Lang, cut: &SurvivedCut) -> [(&'static str, String); 4] {
    [
        ("key", name(lang, &cut.key)),
        ("critical", percent(cut.critical)),
        ("requests", percent(cut.requests)),
        ("apps", percent(cut.apps)),
    ]
}

impl Finding {
    /// The finding for people, in one sentence.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        say_finding(&mut page, self);
        page.finish().trim_start_matches([' ', '-']).trim_end().to_owned()
    }
}

impl Key {
    /// The key for people: `operator meridian-north`.
    pub fn to_text(&self, lang: Lang) -> String {
        name(lang, self)
    }
}

impl Level {
    /// The level for people.
    pub fn to_text(self, lang: Lang) -> String {
        say(lang, &format!("level-{self}"), &[])
    }
}

fn say_finding(page: &mut Page, finding: &Finding) {
    let lang = page.lang;
    let count = |requests: &u64| ("requests", requests.to_string());
    match finding {
        Finding::UndeclaredSnapshot { .. } | Finding::UndeclaredApp { .. } | Finding::UndeclaredDeployment { .. } => {
            say_undeclared(page, finding);
        }
        Finding::UndeclaredKey { level, requests } => {
            let level = ("level", say(lang, &format!("level-{level}"), &[]));
            page.item("finding-undeclared-key", &[level, ("share", percent(*requests))]);
        }
        Finding::UndeclaredLevels { levels } => {
            let names = levels.iter().map(|level| say(lang, &format!("level-{level}"), &[]));
            page.item("finding-undeclared-levels", &[("levels", list(names))]);
        }
        Finding::SharedParent { parent, operators, apps, requests } => {
            let names = [("parent", parent.to_string()), ("operators", list(operators)), ("apps", list(apps))];
            let [parent, operators, apps] = names;
            page.item("finding-shared-parent", &[parent, operators, apps, count(requests)]);
        }
        Finding::ForeignControl { deployment, operator, controllers, requests, more } => {
            let (id, operator) = (("id", deployment.to_string()), ("operator", operator.to_string()));
            let more = ("more", more.to_string());
            page.item("finding-foreign-control", &[id, operator, ("places", list(controllers)), count(requests), more]);
        }
        Finding::SinglePoint { uses, keys } => {
            let keys = ("keys", list(keys.iter().map(|key| name(lang, key))));
            page.item("finding-single-point", &[keys, ("uses", list(by_app(uses)))]);
        }
        Finding::KnownOutage { .. } => say_outage(page, finding),
        Finding::OtherModel { deployment, requests } => {
            page.item("finding-other-model", &[("id", deployment.to_string()), count(requests)]);
        }
        Finding::Disagreeing { requests } => page.item("finding-disagreeing", &[count(requests)]),
    }
}

/// Days without a source of energy.
fn say_outage(page: &mut Page, finding: &Finding) {
    let Finding::KnownOutage { source, site, year, hours, requests } = finding else { return };
    let [id, site] = [("id", source.to_string()), ("site", site.to_string())];
    let [year, hours] = [("year", year.to_string()), ("hours", hours.to_string())];
    page.item("finding-known-outage", &[id, site, year, hours, ("share", percent(*requests))]);
}

/// Each app with its routes.
fn by_app(uses: &[(AppId, Option<RouteId>)]) -> Vec<String> {
    let mut apps: Vec<(&AppId, Vec<&str>)> = Vec::new();
    for (app, route) in uses {
        let route = route.as_ref().map_or("–", RouteId::as_str);
        match apps.iter_mut().find(|(same, _)| *same == app) {
            Some((_, routes)) => routes.push(route),
            None => apps.push((app, vec![route])),
        }
    }
    apps.into_iter().map(|(app, routes)| format!("{app} ({})", routes.join(" "))).collect()
}

/// Traffic that nobody's declaration covers.
fn say_undeclared(page: &mut Page, finding: &Finding) {
    let (key, id, requests) = match finding {
        Finding::UndeclaredSnapshot { snapshot, requests } => ("snapshot", snapshot.short(), requests),
        Finding::UndeclaredApp { app, requests } => ("app", app.to_string(), requests),
        Finding::UndeclaredDeployment { deployment, requests } => ("deployment", deployment.to_string(), requests),
        _ => return,
    };
    page.item(&format!("finding-undeclared-{key}"), &[("id", id), ("requests", requests.to_string())]);
}

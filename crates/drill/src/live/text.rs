//! A live drill as people read it.

use realm::load::Lang;

use super::report::{AppLive, LiveFinding, LiveReport, RtoVerdict};
use crate::desk::say_hypothesis;
use crate::exposure::text::percent;
use crate::say::{Page, list, say};
use crate::task::{say_since, say_task};

impl LiveReport {
    /// The report for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        let args = [
            ("title", self.title.clone()),
            ("id", self.drill.clone()),
            ("from", self.from.to_string()),
            ("until", self.until.to_string()),
        ];
        page.line("live-title", &args);
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
        self.counts(&mut page);
        self.bytes(&mut page);
        page.head("drill-not-tested");
        let channels = self.not_tested.iter().map(|it| say(lang, &format!("channel-{it}"), &[]));
        page.item("live-channels", &[("channels", list(channels))]);
        page.finish()
    }

    fn counts(&self, page: &mut Page) {
        let lang = page.lang;
        page.head("live-counts");
        let args = [("critical", percent(self.survival_critical)), ("requests", percent(self.survival))];
        page.line("live-survival", &args);
        let row = |app: &AppLive| {
            let ms = |ms: Option<u64>| ms.map_or_else(|| "–".to_owned(), |ms| ms.to_string());
            let counts = app.counts;
            let numbers = [counts.requests, counts.unchanged, counts.moved, counts.denied, counts.ended, counts.failed];
            let mut row = vec![app.app.to_string()];
            row.extend(numbers.map(|number| number.to_string()));
            row.extend([ms(app.switched_after_ms), ms(app.stopped_until_ms), rto(lang, app)]);
            row
        };
        let rows: Vec<Vec<String>> = self.apps.iter().map(row).collect();
        let heads =
            ["app", "requests", "unchanged", "moved", "cut-off", "ended", "failed", "switched", "stopped-until", "rto"];
        page.table(&heads, 1, &rows);
        match self.returned_after_ms {
            Some(ms) => page.item("live-returned", &[("ms", ms.to_string())]),
            None => page.item("live-not-returned", &[]),
        }
    }

    fn bytes(&self, page: &mut Page) {
        page.head("live-bytes");
        let mut rows = Vec::new();
        for server in &self.servers {
            for it in &server.destinations {
                let state = say(page.lang, if it.shut { "live-shut" } else { "live-open" }, &[]);
                let counts = [it.bytes_in.to_string(), it.bytes_out.to_string()];
                rows.push([vec![server.log.clone(), it.destination.clone(), state], counts.to_vec()].concat());
            }
        }
        page.table(&["log", "destination", "state", "bytes-in", "bytes-out"], 3, &rows);
    }
}

fn rto(lang: Lang, app: &AppLive) -> String {
    let key = match app.rto {
        RtoVerdict::Held => "live-rto-held",
        RtoVerdict::NotHeld => "live-rto-not-held",
        RtoVerdict::Unknown => "unknown",
        RtoVerdict::NotDeclared => "not-declared",
    };
    say(lang, key, &[("min", app.rto_min.unwrap_or_default().to_string())])
}

fn say_finding(page: &mut Page, finding: &LiveFinding) {
    let (key, args) = match finding {
        LiveFinding::Leaked { log, destination, bytes } => {
            let args = vec![("log", log.clone()), ("destination", destination.clone()), ("bytes", bytes.to_string())];
            ("live-finding-leaked", args)
        }
        LiveFinding::Passed { app, requests } => {
            ("live-finding-passed", vec![("app", app.to_string()), ("requests", requests.to_string())])
        }
        LiveFinding::NotSettled { log } => ("live-finding-not-settled", vec![("log", log.clone())]),
        LiveFinding::RtoNotHeld { app, rto_min } => {
            ("live-finding-rto", vec![("app", app.to_string()), ("min", rto_min.to_string())])
        }
        LiveFinding::Stopped { app, stopped } => {
            let counts = [("stopped", stopped.part.to_string()), ("requests", stopped.whole.to_string())];
            ("live-finding-stopped", [vec![("app", app.to_string())], counts.to_vec()].concat())
        }
        LiveFinding::NotHeld { measure } => ("drill-not-held", vec![("margin", measure.margin().to_owned())]),
        LiveFinding::NothingChanged => ("live-finding-nothing", vec![]),
    };
    page.item(key, &args);
}

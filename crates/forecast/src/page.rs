//! Results as one self-contained page: charts as inline SVG, the table under each chart, in one language.
//!
//! No script, no request to anywhere; light and dark by the reader's setting. Every text of a model is escaped.

mod chart;

use realm::load::Lang;

use crate::report::{number, percent};
use crate::run::{FigureOutcome, LEVELS, Outcome, TargetOutcome};
use crate::say::say;

/// Columns of the fan that its table shows.
const SHOWN: [usize; 5] = [2, 5, 8, 11, 14];

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#595959;--line:#767676;--fan:#0b57a4;--warm:#8a4b00}\
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--soft:#b0b0b0;--line:#8c8c8c;--fan:#7db8f0;--warm:#f0b060}}\
body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:right}\
td:first-child,th:first-child{text-align:left}.wide{overflow-x:auto}.soft{color:var(--soft)}.first{border-left:4px solid var(--warm);padding-left:.8rem}\
svg{width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}.grid{stroke:var(--line);stroke-width:.5}\
.band{fill:var(--fan);fill-opacity:.22}.median{stroke:var(--fan);stroke-width:2;fill:none}.low{fill:var(--warm)}.high{fill:var(--fan)}";

impl Outcome {
    /// The page, with links to the tables that [`Outcome::tables`] gives beside it.
    pub fn to_html(&self, lang: Lang) -> String {
        let mut page = Html { lang, text: String::new() };
        let tag = if lang == Lang::Ru { "ru" } else { "en" };
        page.raw(&format!(
            "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head><body><main>\n<h1>{}</h1>\n",
            escaped(&self.title),
            escaped(&self.title)
        ));
        // What people read in the terminal stands on the page in the same words and the same order.
        let words = self.to_text(lang);
        let first = words.lines().nth(1).unwrap_or_default();
        page.raw(&format!("<p class=\"first\">{}</p>\n", escaped(first)));
        self.targets.iter().for_each(|it| page.target(it));
        page.capacity(self);
        self.figures.iter().for_each(|it| page.figure(it));
        page.tornado(self);
        page.beliefs(self);
        page.inputs(self);
        page.raw("</main></body></html>\n");
        page.text
    }
}

struct Html {
    lang: Lang,
    text: String,
}

impl Html {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        escaped(&say(self.lang, key, args))
    }

    fn head(&mut self, key: &str, args: &[(&'static str, String)]) {
        let said = self.say(key, args);
        self.raw(&format!("<h2>{said}</h2>\n"));
    }

    fn table(&mut self, file: &str, heads: &[String], rows: &[Vec<String>]) {
        let cells = |tag: &str, row: &[String]| {
            row.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect::<String>()
        };
        let body: String = rows.iter().map(|row| format!("<tr>{}</tr>\n", cells("td", row))).collect();
        let head = cells("th scope=\"col\"", heads).replace("</th scope=\"col\">", "</th>");
        self.raw(&format!(
            "<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>\n\
             <p><a href=\"{file}\">{file}</a></p>\n"
        ));
    }

    fn words(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| say(self.lang, key, &[])).collect()
    }

    fn target(&mut self, it: &TargetOutcome) {
        let args = [
            ("figure", it.figure.clone()),
            ("at_least", number(it.at_least)),
            ("unit", it.unit.clone()),
            ("by", it.by.to_string()),
            ("source", it.source.clone()),
        ];
        self.head("report-target", &args);
        let contract = self.say("report-contract", &[("words", it.contract.in_words())]);
        self.raw(&format!("<p class=\"soft\">{contract}</p><ul>\n"));
        for reading in &it.readings {
            let args = [
                ("reading", say(self.lang, &format!("span-{}", reading.span.as_str()), &[])),
                ("probability", percent(reading.probability)),
                ("median", number(reading.median.value)),
                ("low", number(reading.levels[SHOWN[0]])),
                ("high", number(reading.levels[SHOWN[4]])),
                ("unit", it.unit.clone()),
            ];
            let said = self.say("report-reading", &args);
            self.raw(&format!("<li>{said}</li>\n"));
        }
        self.raw("</ul>\n");
    }

    fn capacity(&mut self, outcome: &Outcome) {
        let Some(capacity) = &outcome.capacity else {
            let said = self.say("report-no-capacity", &[]);
            return self.raw(&format!("<p>{said}</p>\n"));
        };
        let said = crate::report::binding(self.lang, capacity.binding.as_ref());
        self.head("page-capacity", &[]);
        self.raw(&format!("<p>{}</p>\n", escaped(&said)));
        let rows = capacity.years.iter().zip(&capacity.plan.years).map(|(it, plan)| {
            let amounts = [number(plan.power_mw), number(plan.accelerators), percent(it.share), percent(it.too_small)];
            std::iter::once(it.year.to_string()).chain(amounts).collect()
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let heads = self.words(&["col-year", "col-power", "col-accelerators", "col-share", "col-too-small"]);
        self.table("capacity.csv", &heads, &rows);
    }

    fn figure(&mut self, it: &FigureOutcome) {
        let args = [("figure", it.id.clone()), ("unit", it.unit.clone()), ("formula", it.formula.clone())];
        self.head("report-figure", &args);
        let contract = self.say("report-contract", &[("words", it.contract.in_words())]);
        let label = self.say("page-fan", &[("figure", it.id.clone()), ("unit", it.unit.clone())]);
        self.raw(&format!("<p class=\"soft\">{contract}</p>\n{}\n", chart::fan(it, &label)));
        let levels = SHOWN.map(|at| format!("{:.0} %", LEVELS[at] * 100.0));
        let heads = [self.words(&["col-year"]), levels.to_vec(), self.words(&["col-mean"])].concat();
        let rows = it.years.iter().map(|year| {
            let levels = SHOWN.map(|at| number(year.levels[at].value));
            let half = (year.mean.high - year.mean.low) / 2.0;
            let mean = format!("{} ± {}", number(year.mean.value), number(half));
            std::iter::once(year.year.to_string()).chain(levels).chain([mean]).collect()
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.table("fan.csv", &heads, &rows);
    }

    fn tornado(&mut self, outcome: &Outcome) {
        let it = &outcome.sensitivity;
        self.head("report-sensitivity", &[("figure", it.figure.clone()), ("year", it.year.to_string())]);
        let label = self.say("page-tornado", &[("figure", it.figure.clone())]);
        self.raw(&format!("{}\n", chart::tornado(&it.tornado, it.middle, &label)));
        let rows = it.tornado.iter().map(|bar| {
            let numbers = [bar.input_low, bar.input_high, bar.low, bar.high].map(number);
            std::iter::once(bar.input.clone()).chain(numbers).collect()
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let heads = self.words(&["col-input", "col-input-low", "col-input-high", "col-low", "col-high"]);
        self.table("sensitivity.csv", &heads, &rows);
    }

    fn beliefs(&mut self, outcome: &Outcome) {
        self.head("page-published", &[]);
        let rows = outcome.disagreement.published.iter().map(|it| {
            let [low, high] = it.points_a_year;
            vec![
                it.source.clone(),
                it.figure.clone(),
                it.contract.in_words(),
                number(low),
                number(high),
                it.mark.clone(),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let heads = ["col-source", "col-published", "col-contract", "col-low", "col-high", "col-mark"];
        let heads = self.words(&heads);
        self.table("beliefs.csv", &heads, &rows);
    }

    fn inputs(&mut self, outcome: &Outcome) {
        self.head("page-inputs", &[]);
        let assumed = escaped(&crate::report::assumed(self.lang, outcome));
        self.raw(&format!("<p>{assumed}</p>\n"));
        let rows = outcome.inputs.iter().map(|it| {
            let range = format!("{} – {} – {}", number(it.range[0]), number(it.range[1]), number(it.range[2]));
            let from = &it.provenance;
            let basis = from.basis.as_str().to_owned();
            vec![it.id.clone(), range, it.unit.clone(), basis, from.source.clone(), from.expires.to_string()]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let heads = self.words(&["col-input", "col-range", "col-unit", "col-basis", "col-source", "col-expires"]);
        self.table("forecast.json", &heads, &rows);
    }
}

/// Foreign text as it may stand within an element or a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

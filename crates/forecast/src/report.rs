//! Results in words and tables, in English and in Russian.

use realm::load::Lang;

use crate::contract::{Contract, Span};
use crate::model::Adopted;
use crate::run::{
    Binding, Boundary, Difference, FigureOutcome, InputSensitivity, LEVELS, Needed, Outcome, Resource, TargetOutcome,
};
use crate::say::say;
use crate::sensitivity::Estimate;

impl Outcome {
    /// Everything that people should read, the most important first.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page { lang, text: String::new() };
        page.line("report-title", &[("title", self.title.clone())]);
        let (least, most) = (&self.disagreement.least, &self.disagreement.most);
        page.line(
            "report-disagree",
            &[
                ("times", format!("{:.0}", self.disagreement.times)),
                ("least", least.0.clone()),
                ("least_points", number(least.1)),
                ("most", most.0.clone()),
                ("most_points", number(most.1)),
            ],
        );
        self.targets.iter().for_each(|it| page.target(it));
        page.capacity(self);
        page.beliefs(self);
        self.figures.iter().for_each(|it| page.figure(it));
        page.sensitivity(self);
        page.backcast(self);
        page.assumed(self);
        let run = [("draws", self.draws.to_string()), ("repetitions", self.repetitions.to_string())];
        page.line("report-run", &[run.as_slice(), &[("seed", self.seed.to_string())]].concat());
        page.text
    }
}

impl Difference {
    /// What changes, by which change, and what binds.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page { lang, text: String::new() };
        for reading in &self.readings {
            let args = [
                ("reading", page.span(reading.span)),
                ("before", percent(reading.before)),
                ("after", percent(reading.after)),
                ("change", points(reading.change)),
            ];
            page.line("report-difference", &args);
            for step in &reading.steps {
                page.line("report-step", &[("what", step.what.clone()), ("change", points(step.change))]);
            }
        }
        for (key, binding) in [("report-before", &self.binding_before), ("report-after", &self.binding_after)] {
            let said = page.binding(binding.as_ref());
            page.line(key, &[("binding", said)]);
        }
        page.line("report-unchanged", &[("count", self.unchanged.len().to_string())]);
        page.text
    }
}

/// What stands under the line before it.
const INDENTED: [&str; 9] = [
    "report-contract",
    "report-reading",
    "report-belief",
    "report-weighted",
    "report-point",
    "report-path",
    "report-shift",
    "report-step",
    "report-repaired",
];

struct Page {
    lang: Lang,
    text: String,
}

impl Page {
    fn line(&mut self, key: &str, args: &[(&'static str, String)]) {
        let said = say(self.lang, key, args);
        self.text.push_str(if INDENTED.contains(&key) { "  " } else { "" });
        self.text.push_str(said.trim_end());
        self.text.push('\n');
    }

    fn word(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    fn span(&self, span: Span) -> String {
        self.word(&format!("span-{}", span.as_str()))
    }

    /// Rows under heads; all columns but the first align right.
    fn table(&mut self, heads: &[String], rows: &[Vec<String>]) {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).chain(heads.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        for row in std::iter::once(heads).chain(rows.iter().map(Vec::as_slice)) {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                let blank = " ".repeat(width.saturating_sub(cell.chars().count()));
                if column == 0 { format!("{cell}{blank}") } else { format!("{blank}{cell}") }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            self.text.push_str(&format!("  {}\n", line.trim_end()));
        }
    }

    fn target(&mut self, it: &TargetOutcome) {
        self.text.push('\n');
        let args = [
            ("figure", it.figure.clone()),
            ("at_least", number(it.at_least)),
            ("unit", it.unit.clone()),
            ("by", it.by.to_string()),
            ("source", it.source.clone()),
        ];
        self.line("report-target", &args);
        self.contract(&it.contract);
        let [low, high] = [2, 14];
        for reading in &it.readings {
            let args = [
                ("reading", self.span(reading.span)),
                ("probability", percent(reading.probability)),
                ("median", number(reading.median.value)),
                ("low", number(reading.levels[low])),
                ("high", number(reading.levels[high])),
                ("unit", it.unit.clone()),
            ];
            self.line("report-reading", &args);
        }
    }

    fn contract(&mut self, it: &Contract) {
        self.line("report-contract", &[("words", it.in_words())]);
    }

    fn binding(&self, binding: Option<&Binding>) -> String {
        self::binding(self.lang, binding)
    }

    fn capacity(&mut self, outcome: &Outcome) {
        self.text.push('\n');
        let Some(capacity) = &outcome.capacity else { return self.line("report-no-capacity", &[]) };
        let said = self.binding(capacity.binding.as_ref());
        self.line("report-capacity", &[("binding", said)]);
        let heads = ["col-year", "col-power", "col-accelerators", "col-share", "col-too-small"];
        let heads = heads.map(|key| self.word(key));
        let rows: Vec<Vec<String>> = capacity
            .years
            .iter()
            .zip(&capacity.plan.years)
            .map(|(it, plan)| {
                let amounts = [number(plan.power_mw), number(plan.accelerators)];
                let shares = [percent(it.share), percent(it.too_small)];
                [it.year.to_string()].into_iter().chain(amounts).chain(shares).collect()
            })
            .collect();
        self.table(&heads, &rows);
    }

    fn beliefs(&mut self, outcome: &Outcome) {
        if outcome.beliefs.is_empty() {
            return;
        }
        self.text.push('\n');
        self.line("report-beliefs", &[]);
        for it in &outcome.beliefs {
            let chances: Vec<String> = it
                .readings
                .iter()
                .map(|(span, chance)| format!("{}: {}", self.span(*span), percent(*chance)))
                .collect();
            let weight = it.weight.map_or("–".to_owned(), number);
            let args = [
                ("source", it.source.clone()),
                ("weight", weight),
                ("chances", chances.join("; ")),
                ("assumes", it.assumes.clone()),
            ];
            self.line("report-belief", &args);
        }
        for (span, chance) in &outcome.weighted {
            self.line("report-weighted", &[("reading", self.span(*span)), ("probability", percent(*chance))]);
        }
    }

    fn figure(&mut self, it: &FigureOutcome) {
        self.text.push('\n');
        let args = [("figure", it.id.clone()), ("unit", it.unit.clone()), ("formula", it.formula.clone())];
        self.line("report-figure", &args);
        self.contract(&it.contract);
        let shown = [2, 5, 8, 11, 14];
        let heads: Vec<String> = std::iter::once(self.word("col-year"))
            .chain(shown.iter().map(|at| format!("{:.0} %", LEVELS[*at] * 100.0)))
            .chain([self.word("col-mean")])
            .collect();
        let rows: Vec<Vec<String>> = it
            .years
            .iter()
            .map(|year| {
                let levels = shown.iter().map(|at| number(year.levels[*at].value));
                let half = (year.mean.high - year.mean.low) / 2.0;
                let mean = format!("{} ± {}", number(year.mean.value), number(half));
                std::iter::once(year.year.to_string()).chain(levels).chain([mean]).collect()
            })
            .collect();
        self.table(&heads, &rows);
    }

    fn sensitivity(&mut self, outcome: &Outcome) {
        let it = &outcome.sensitivity;
        self.text.push('\n');
        self.line("report-sensitivity", &[("figure", it.figure.clone()), ("year", it.year.to_string())]);
        let heads =
            ["col-input", "col-first", "col-total", "col-low", "col-high", "col-brier"].map(|key| self.word(key));
        let row = |input: &InputSensitivity| {
            let bar = it.tornado.iter().find(|bar| bar.input == input.input);
            let ends = |of: fn(&crate::run::Bar) -> f64| bar.map_or("–".to_owned(), |bar| number(of(bar)));
            let index = |of: fn(&crate::sensitivity::Index) -> Estimate| {
                input.index.as_ref().map_or("–".to_owned(), |index| interval(of(index)))
            };
            vec![
                input.input.clone(),
                index(|index| index.first),
                index(|index| index.total),
                ends(|bar| bar.low),
                ends(|bar| bar.high),
                format!("{:.4}", input.brier_gain.value.max(0.0)),
            ]
        };
        let rows: Vec<Vec<String>> = it.inputs.iter().take(12).map(row).collect();
        self.table(&heads, &rows);
        if let Some(boundary) = &it.boundary {
            self.boundary(boundary);
        }
    }

    fn boundary(&mut self, boundary: &Boundary) {
        let args = [("first", boundary.first.clone()), ("second", boundary.second.clone())];
        self.line("report-boundary", &args);
        for point in &boundary.points {
            let needed = match point.second {
                Needed::Any => self.word("needed-any"),
                Needed::Nothing => self.word("needed-nothing"),
                Needed::Value { value, percentile } => {
                    let key = if boundary.at_least { "needed-at-least" } else { "needed-at-most" };
                    say(
                        self.lang,
                        key,
                        &[("value", number(value)), ("percentile", format!("{:.0}", percentile * 100.0))],
                    )
                }
            };
            self.line("report-point", &[("first", number(point.first)), ("needed", needed)]);
        }
    }

    fn backcast(&mut self, outcome: &Outcome) {
        self.text.push('\n');
        let Some(it) = &outcome.backcast else { return self.line("report-no-backcast", &[]) };
        self.line("report-backcast", &[]);
        for (year, among, all) in &it.path {
            let args = [("year", year.to_string()), ("among", number(among.value)), ("all", number(all.value))];
            self.line("report-path", &args);
        }
        for input in it.inputs.iter().take(3) {
            let at = format!("{:.0}", input.mean_percentile.value * 100.0);
            self.line("report-shift", &[("input", input.input.clone()), ("percentile", at)]);
        }
    }

    fn assumed(&mut self, outcome: &Outcome) {
        self.text.push('\n');
        let said = assumed(self.lang, outcome);
        self.text.push_str(said.trim_end());
        self.text.push('\n');
        for pair in outcome.correlations.iter().filter(|_| outcome.correlations_repaired) {
            let args = [("pair", pair.between.join(" – ")), ("asked", number(pair.asked)), ("used", number(pair.used))];
            self.line("report-repaired", &args);
        }
    }
}

/// The year and the resource that bind, in words.
pub(crate) fn binding(lang: Lang, binding: Option<&Binding>) -> String {
    let Some(it) = binding else { return say(lang, "binding-none", &[]) };
    let resource = match it.resource {
        Resource::Power => say(lang, "binding-power", &[("power", number(it.power_mw))]),
        Resource::Accelerators => say(lang, "binding-accelerators", &[("accelerators", number(it.accelerators))]),
    };
    let args = [
        ("year", it.year.to_string()),
        ("resource", resource),
        ("share", percent(it.share)),
        ("too_small", percent(it.too_small)),
        ("why", it.why.clone().map_or(String::new(), |why| format!(" ({why})"))),
    ];
    say(lang, "binding", &args)
}

/// What is assumed or estimated, in words.
pub(crate) fn assumed(lang: Lang, outcome: &Outcome) -> String {
    let sectors = outcome.sectors.iter().filter(|it| it.adopted == Adopted::Assumed).map(|it| it.id.clone());
    let sectors: Vec<String> = sectors.collect();
    let list = |some: &[String]| if some.is_empty() { "–".to_owned() } else { some.join(", ") };
    say(lang, "report-assumed", &[("inputs", list(&outcome.assumed)), ("sectors", list(&sectors))])
}

/// A number with three digits that matter.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    match usize::try_from(digits) {
        Ok(digits) if digits <= 6 => format!("{value:.digits$}"),
        Ok(_) => format!("{value:.2e}"),
        Err(_) => format!("{value:.0}"),
    }
}

fn interval(it: Estimate) -> String {
    format!("{:.3} [{:.3}, {:.3}]", it.value, it.low, it.high)
}

/// A share with half its interval; a small interval gets a digit more.
pub(crate) fn percent(it: Estimate) -> String {
    let (value, half) = (it.value * 100.0, (it.high - it.low) * 50.0);
    if half > 0.0 && half < 0.1 { format!("{value:.2} % ± {half:.2}") } else { format!("{value:.1} % ± {half:.1}") }
}

fn points(it: Estimate) -> String {
    let (value, half) = (it.value * 100.0, (it.high - it.low) * 50.0);
    if half > 0.0 && half < 0.1 { format!("{value:+.2} ± {half:.2}") } else { format!("{value:+.1} ± {half:.1}") }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_three_digits_that_matter() {
        assert_eq!([11.2, 0.0, 123_456.0, 0.012_34, -2.5].map(number), ["11.2", "0", "123456", "0.0123", "-2.50"]);
    }
}

//! The track record: what was said, what happened, and who may be put in an order.

use ::report::{Block, Cell, Chart, Fact, Report, Section, Series, Shape, Table};
use realm::load::Lang;

use super::voice::Voice;
use crate::record::{ENOUGH, Scored, Scores, Standing};

impl Scores {
    /// The record in words, tables and a plot of calibration.
    pub fn report(&self, lang: Lang) -> Report {
        let voice = Voice::plain(1, lang);
        let mut lead = vec![lead(&voice, self)];
        if self.unmatched > 0 {
            let args = [("count", self.unmatched.to_string()), ("form", voice.form(self.unmatched))];
            lead.push(voice.say("track-unmatched", &args));
        }
        let mut sections = Vec::new();
        if self.brier.is_some() {
            sections.push(scores(&voice, self));
            sections.push(calibration(&voice, self));
            sections.push(standings(&voice, self));
        }
        Report { lang, title: voice.word("track-title"), lead, sections }
    }
}

fn lead(voice: &Voice<'_>, it: &Scores) -> String {
    let Some((brier, parts)) = it.brier else { return voice.word("track-nothing") };
    let args = [
        ("brier", voice.number(brier)),
        ("count", it.scored.len().to_string()),
        ("form", voice.form(it.scored.len())),
        ("reliability", voice.number(parts.reliability)),
        ("resolution", voice.number(parts.resolution)),
        ("uncertainty", voice.number(parts.uncertainty)),
    ];
    voice.say("track-lead", &args)
}

fn scores(voice: &Voice<'_>, it: &Scores) -> Section {
    let names = [
        "forecast",
        "by",
        "frozen",
        "target",
        "reading",
        "probability",
        "value",
        "happened",
        "brier_score",
        "log_score",
        "crps",
        "pinball_90",
        "interval_90",
    ];
    let row = |it: &Scored| {
        let happened = voice.word(if it.happened { "track-yes" } else { "track-no" });
        let texts = [it.forecast.clone(), it.by.clone(), it.at.clone(), it.target.clone()].map(Cell::Text);
        let reading = Cell::Text(voice.word(&format!("track-{}", it.reading.as_str())));
        let scores = [it.brier, it.log, it.crps, it.pinball_90, it.interval_90].map(Cell::Number);
        let said = [reading, Cell::Share(it.probability), it.value.into(), happened.into()];
        texts.into_iter().chain(said).chain(scores).collect()
    };
    let rows = it.scored.iter().map(row).collect();
    let table = Table { name: "scored", title: String::new(), columns: voice.columns(&names), rows };
    Section::new("scores", voice.word("track-scores"))
        .with(Block::Table(table))
        .with(Block::Note(voice.word("track-scores-are")))
}

fn calibration(voice: &Voice<'_>, it: &Scores) -> Section {
    let names = ["from", "to", "count", "said", "happened_share"];
    let rows = it.calibration.iter().map(|it| {
        let shares = [it.said, it.happened].map(Cell::Share);
        let ends = [it.from, it.to].map(Cell::Share);
        ends.into_iter().chain([Cell::Number(it.count as f64)]).chain(shares).collect()
    });
    let rows = rows.collect();
    let series = |key: &str, of: fn(&crate::record::Calibration) -> f64| {
        Series::full(voice.word(key), it.calibration.iter().map(|it| 100.0 * of(it)))
    };
    let chart = Chart {
        title: voice.word("track-calibration-plot"),
        summary: voice.word("track-calibration-is"),
        shape: Shape::Lines {
            labels: it.calibration.iter().map(|it| voice.hundredths(it.said)).collect(),
            series: vec![series("col-said", |it| it.said), series("col-happened-share", |it| it.happened)],
        },
        table: Table { name: "calibration", title: String::new(), columns: voice.columns(&names), rows },
    };
    let fact = Fact {
        name: voice.word("track-sharpness"),
        value: voice.number(it.sharpness),
        note: voice.word("track-sharpness-is"),
    };
    Section::new("calibration", voice.word("track-calibration"))
        .with(Block::Chart(chart))
        .with(Block::Facts(vec![fact]))
}

fn standings(voice: &Voice<'_>, it: &Scores) -> Section {
    let args = [("enough", ENOUGH.to_string())];
    let table = |name: &'static str, key: &str, all: &[Standing]| {
        let names = ["rank", "name", "count", "brier_score"];
        let row = |it: &Standing| {
            let rank = it.rank.map_or_else(|| voice.say("track-unranked", &args), |it| it.to_string());
            vec![rank.into(), it.name.as_str().into(), Cell::Number(it.count as f64), it.brier.into()]
        };
        let rows = all.iter().map(row).collect();
        Block::Table(Table { name, title: voice.word(key), columns: voice.columns(&names), rows })
    };
    Section::new("standings", voice.word("track-standings"))
        .with(Block::Text(voice.say("track-enough", &args)))
        .with(table("people", "track-people", &it.people))
        .with(table("models", "track-models", &it.models))
}

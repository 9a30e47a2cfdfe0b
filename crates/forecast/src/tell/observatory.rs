//! The observatory in words: what is compared, what is only shown, and by which definitions.

use ::report::{Block, Cell, Chart, Report, Section, Series, Shape, Table};
use realm::load::Lang;

use super::voice::Voice;
use crate::observatory::{Beside, Observatory, Reference, definitions};

impl Observatory {
    /// The plan beside the references of its definitions; the others by their own.
    pub fn report(&self, lang: Lang) -> Report {
        let voice = Voice::plain(1, lang);
        let mut lead = vec![voice.word("look-unlike")];
        lead.extend(self.beside.iter().map(|it| sentence(&voice, self, it)));
        let mut sections = Vec::new();
        if !self.plan.is_empty() {
            sections.push(Section::new("compute", voice.word("look-plan")).with(Block::Chart(plan(&voice, self))));
            let table = Block::Table(beside(&voice, self));
            let note = Block::Note(voice.word("look-behind-is"));
            sections.push(Section::new("beside", voice.word("look-beside")).with(table).with(note));
        }
        sections.push(Section::new("others", voice.word("look-others")).with(Block::Table(others(&voice, self))));
        sections.push(Section::new("definitions", voice.word("look-definitions")).with(Block::Table(words(&voice))));
        Report { lang, title: voice.word("look-title"), lead, sections }
    }
}

/// How many years behind, as a range; or that the plan does not get there.
fn behind(voice: &Voice<'_>, of: &Observatory, it: &Beside) -> String {
    let last = of.plan.last().map_or(String::new(), |it| it.year.to_string());
    let years = |years: i32| voice.number(f64::from(years));
    if it.has_from_the_start {
        let first = of.plan.first().map_or(String::new(), |it| it.year.to_string());
        return voice.say("look-already", &[("first", first)]);
    }
    match it.years_behind {
        [None, Some(high)] => voice.say("look-at-most", &[("high", years(high))]),
        [Some(low), Some(high)] if low == high => years(low),
        [Some(low), Some(high)] => voice.say("look-range", &[("low", years(low)), ("high", years(high))]),
        [Some(low), None] => voice.say("look-open", &[("low", years(low)), ("last", last)]),
        [None, None] => voice.say("look-never", &[("last", last)]),
    }
}

fn sentence(voice: &Voice<'_>, of: &Observatory, it: &Beside) -> String {
    let args = [
        ("name", it.reference.title.of(voice.lang).to_owned()),
        ("value", voice.number(it.reference.value)),
        ("unit", voice.word(&format!("look-unit-{}", it.reference.definition))),
        ("year", it.reference.year.to_string()),
        ("our_year", it.year.to_string()),
        ("ours", voice.number(it.ours)),
        ("share", voice.hundredths(it.share)),
        ("behind", behind(voice, of, it)),
    ];
    voice.say("look-sentence", &args)
}

fn plan(voice: &Voice<'_>, of: &Observatory) -> Chart {
    let rows =
        of.plan.iter().map(|it| vec![Cell::Year(i32::from(it.year)), it.accelerators.into(), it.power_mw.into()]);
    let rows = rows.collect();
    let last = of.plan.last();
    let args = [
        ("year", last.map_or(String::new(), |it| it.year.to_string())),
        ("accelerators", last.map_or(String::new(), |it| voice.number(it.accelerators))),
        ("power", last.map_or(String::new(), |it| voice.number(it.power_mw))),
    ];
    Chart {
        title: voice.word("col-accelerators"),
        summary: voice.say("look-plan-is", &args),
        shape: Shape::Lines {
            labels: of.plan.iter().map(|it| it.year.to_string()).collect(),
            series: vec![Series::full(voice.word("look-plan"), of.plan.iter().map(|it| it.accelerators))],
        },
        table: Table {
            name: "compute",
            title: String::new(),
            columns: voice.columns(&["year", "accelerators", "power_mw"]),
            rows,
        },
    }
}

fn beside(voice: &Voice<'_>, of: &Observatory) -> Table {
    let names = [
        "reference",
        "of",
        "definition",
        "year",
        "theirs",
        "theirs_low",
        "theirs_high",
        "our_year",
        "ours",
        "part",
        "ours_per_million",
        "theirs_per_million",
        "growth",
        "years_behind_low",
        "years_behind_high",
        "behind",
        "basis",
        "source",
        "date",
    ];
    let rows = of.beside.iter().map(|it| {
        let [ours, theirs] = it.per_million.map_or([Cell::Unknown, Cell::Unknown], |it| it.map(Cell::Number));
        let years = it.years_behind.map(|it| it.map_or(Cell::Unknown, |it| Cell::Number(f64::from(it))));
        let begin = named(voice, &it.reference);
        let middle = [Cell::Year(i32::from(it.year)), it.ours.into(), Cell::Share(it.share), ours, theirs];
        let growth = it.growth.map_or(Cell::Unknown, Cell::Share);
        let behind = Cell::Text(behind(voice, of, it));
        let end = from(voice, &it.reference);
        begin.into_iter().chain(middle).chain([growth]).chain(years).chain([behind]).chain(end).collect()
    });
    let rows = rows.collect();
    Table { name: "beside", title: String::new(), columns: voice.columns(&names), rows }
}

fn others(voice: &Voice<'_>, of: &Observatory) -> Table {
    let names = [
        "reference",
        "of",
        "definition",
        "year",
        "theirs",
        "theirs_low",
        "theirs_high",
        "unit",
        "basis",
        "source",
        "date",
    ];
    let rows = of.others.iter().map(|it| {
        let unit = definitions().iter().find(|definition| definition.id == it.definition);
        let unit = Cell::Text(unit.map_or(String::new(), |it| it.unit.clone()));
        named(voice, it).into_iter().chain([unit]).chain(from(voice, it)).collect()
    });
    let rows = rows.collect();
    Table { name: "others", title: String::new(), columns: voice.columns(&names), rows }
}

fn named(voice: &Voice<'_>, it: &Reference) -> Vec<Cell> {
    let texts = [it.title.of(voice.lang), it.of.as_str(), it.definition.as_str()].map(Cell::from);
    let amounts = [it.value, it.low, it.high].map(Cell::Number);
    texts.into_iter().chain([Cell::Year(i32::from(it.year))]).chain(amounts).collect()
}

fn from(voice: &Voice<'_>, it: &Reference) -> [Cell; 3] {
    let basis = voice.word(&format!("basis-{}", it.basis.as_str()));
    [basis.into(), it.source.of(voice.lang).into(), it.date.as_str().into()]
}

fn words(voice: &Voice<'_>) -> Table {
    let rows = definitions().iter().map(|it| {
        let compared = if it.of_plan.is_some() { "look-compared" } else { "look-shown" };
        vec![
            it.id.as_str().into(),
            it.title.of(voice.lang).into(),
            it.unit.as_str().into(),
            voice.word(compared).into(),
        ]
    });
    let rows = rows.collect();
    let columns = voice.columns(&["definition", "meaning", "unit", "use"]);
    Table { name: "definitions", title: String::new(), columns, rows }
}

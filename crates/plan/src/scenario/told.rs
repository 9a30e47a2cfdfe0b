//! Scenarios compared, as a report: what each comes to, and what it costs to have begun for another.

use realm::load::Lang;
use report::{Block, Cell, Column, Numbers, Report, Section, Table};

use super::{Compared, Cut, Outcome, Scenario};
use crate::case::{Case, Supplied};
use crate::plan::Plan;
use crate::say::say;
use crate::solve::Failure;

struct Pen<'a> {
    compared: &'a Compared,
    case: &'a Case,
    lang: Lang,
    numbers: Numbers,
}

/// The report of scenarios of a case.
pub fn report(case: &Case, compared: &Compared, lang: Lang) -> Report {
    let pen = Pen { compared, case, lang, numbers: Numbers::of(lang) };
    let title = pen.with("scen-title", &[("name", case.name.of(lang).to_owned())]);
    let mut sections = vec![pen.outcomes(), pen.changes()];
    if !compared.costs.is_empty() {
        sections.insert(1, pen.regrets());
    }
    Report { lang, title, lead: pen.lead(), sections }
}

impl Pen<'_> {
    fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    fn with(&self, key: &str, args: &[(&'static str, String)]) -> String {
        say(self.lang, key, args)
    }

    fn title(&self, table: &'static str, id: &str) -> String {
        self.case.stated.title(table, id, self.lang).to_owned()
    }

    fn name<'s>(&self, scenario: &'s Scenario) -> &'s str {
        if self.lang == Lang::Ru { &scenario.name_ru } else { &scenario.name }
    }

    /// Money in millions of the currency.
    fn millions(&self, value: f64) -> String {
        let args = [("n", self.numbers.number(value / 1e6)), ("currency", self.case.currency.clone())];
        self.with("said-money-m", &args)
    }

    fn column(&self, name: &'static str) -> Column {
        let currency = [("currency", self.case.currency.clone())];
        Column::new(name, self.with(&format!("scen-col-{name}"), &currency))
    }

    fn lead(&self) -> Vec<String> {
        let outcomes = &self.compared.outcomes;
        let solved: Vec<(&Outcome, &Plan)> =
            outcomes.iter().filter_map(|it| Some((it, it.plan.as_ref().ok()?))).collect();
        let mut lead = Vec::new();
        let by_cost = |a: &&(&Outcome, &Plan), b: &&(&Outcome, &Plan)| a.1.objective.total_cmp(&b.1.objective);
        if let (Some(low), Some(high)) = (solved.iter().min_by(by_cost), solved.iter().max_by(by_cost)) {
            let args = [
                ("solved", solved.len().to_string()),
                ("of", outcomes.len().to_string()),
                ("low", self.millions(low.1.objective)),
                ("low_name", self.name(&low.0.scenario).to_owned()),
                ("high", self.millions(high.1.objective)),
                ("high_name", self.name(&high.0.scenario).to_owned()),
            ];
            lead.push(self.with("scen-lead", &args));
        }
        for it in outcomes.iter().filter(|it| it.plan.is_err()) {
            lead.push(format!("{}: {}", self.name(&it.scenario), self.why(it)));
        }
        lead.extend(self.least_regret());
        lead
    }

    /// Whose first decisions are never much regretted.
    fn least_regret(&self) -> Option<String> {
        let count = self.compared.outcomes.len();
        let worst = |a: usize| {
            let regrets = (0..count).filter(|b| self.compared.outcomes[*b].plan.is_ok());
            regrets.map(|b| self.compared.regret(a, b)).try_fold(0.0_f64, |most, it| Some(most.max(it?)))
        };
        if self.compared.costs.is_empty() {
            return None;
        }
        let all = (0..count).filter_map(|a| Some((a, worst(a)?)));
        let (best, most) = all.min_by(|a, b| a.1.total_cmp(&b.1))?;
        let args = [
            ("name", self.name(&self.compared.outcomes[best].scenario).to_owned()),
            ("before", self.compared.before.to_string()),
            ("most", self.millions(most.max(0.0))),
        ];
        Some(self.with("scen-least-regret", &args))
    }

    fn why(&self, it: &Outcome) -> String {
        match (&it.plan, it.first_year) {
            (Ok(_), _) => String::new(),
            (Err(Failure::Infeasible), Some(year)) => self.with("scen-from", &[("year", year.to_string())]),
            (Err(Failure::Infeasible), None) => self.say("scen-never"),
            (Err(Failure::TimeLimit), _) => self.say("scen-time"),
            (Err(_), _) => self.say("scen-failed"),
        }
    }

    fn outcomes(&self) -> Section {
        let mut names = vec!["scenario", "name", "cost", "accelerators", "power_mw", "year", "result"];
        let gives = self.case.gives_way();
        if gives {
            names.push("loss");
        }
        let row = |it: &Outcome| {
            let plan = it.plan.as_ref().ok();
            let year = it.first_year.map_or(Cell::Unknown, Cell::Year);
            let mut row = vec![
                it.scenario.id.as_str().into(),
                self.name(&it.scenario).into(),
                plan.map(|plan| plan.objective).into(),
                plan.map(|plan| it.accelerators(plan).round()).into(),
                plan.map(|plan| it.power_mw(plan)).into(),
                year,
                if plan.is_some() { self.say("scen-plan") } else { self.why(it) }.into(),
            ];
            row.extend(gives.then(|| plan.map(|plan| plan.loss_discounted(&it.case)).into()));
            row
        };
        let columns = names.iter().map(|name| self.column(name)).collect();
        let rows = self.compared.outcomes.iter().map(row).collect();
        let table = Table { name: "scenarios", title: String::new(), columns, rows };
        let section = Section::new("scenarios", self.say("scen-outcomes"))
            .with(Block::Table(table))
            .with(Block::Note(self.say("scen-outcomes-note")));
        if gives { section.with(Block::Note(self.say("scen-loss-note"))) } else { section }
    }

    /// Rows: whose first decisions; columns: what comes.
    fn regrets(&self) -> Section {
        let outcomes = &self.compared.outcomes;
        let mut columns = vec![self.column("begun_for")];
        let title = |it: &Outcome| self.name(&it.scenario).to_owned();
        columns.extend(outcomes.iter().map(|it| Column::new(it.scenario.id.clone(), title(it))));
        let cell = |a: usize, b: usize| match self.compared.regret(a, b) {
            // Within the gap, nothing is regretted.
            Some(regret) => Cell::Number(if self.is_nothing(regret, b) { 0.0 } else { regret / 1e6 }),
            None if outcomes[b].plan.is_err() || outcomes[a].plan.is_err() => Cell::Unknown,
            None => self.say("scen-no-plan").into(),
        };
        let row = |a: usize| {
            let name = [title(&outcomes[a]).into()];
            name.into_iter().chain((0..outcomes.len()).map(|b| cell(a, b))).collect()
        };
        let rows = (0..outcomes.len()).map(row).collect();
        let args = [("before", self.compared.before.to_string()), ("currency", self.case.currency.clone())];
        let table = Table { name: "regret", title: self.with("scen-regret-table", &args), columns, rows };
        let gap = [("gap", self.numbers.percent(self.compared.gap))];
        Section::new("regret", self.say("scen-regret"))
            .with(Block::Text(self.with("scen-regret-text", &args)))
            .with(Block::Table(table))
            .with(Block::Note(self.with("scen-regret-note", &gap)))
    }

    fn is_nothing(&self, regret: f64, comes: usize) -> bool {
        let own = self.compared.outcomes[comes].plan.as_ref().map_or(0.0, |it| it.objective.abs());
        regret <= (self.compared.gap + 1e-6) * own
    }

    fn changes(&self) -> Section {
        let lines = self.compared.outcomes.iter().map(|it| {
            let said = self.change(&it.scenario);
            let said = if said.is_empty() { self.say("scen-unchanged") } else { said.join("; ") };
            format!("{}: {said}", self.name(&it.scenario))
        });
        Section::new("changes", self.say("scen-changes")).with(Block::List(lines.collect()))
    }

    fn change(&self, it: &Scenario) -> Vec<String> {
        let technology = |at: usize| self.title("technology", &self.case.technologies[at].id);
        let factor = |key: &str, what: String, factor: f64| {
            self.with(key, &[("what", what), ("factor", self.numbers.number(factor))])
        };
        let mut said: Vec<String> = Vec::new();
        // One factor for everything is said once.
        let same = it.demand.len() == self.case.classes.len() && it.demand.windows(2).all(|two| two[0].1 == two[1].1);
        for (class, by_year) in it.demand.iter().take(if same { 1 } else { usize::MAX }) {
            let years = self.case.years.iter().map(|year| (year.year, by_year.at(year.year)));
            let each = years.map(|(year, of)| format!("{year}: {}", self.numbers.number(of))).collect::<Vec<_>>();
            let what =
                if same { self.say("scen-all-work") } else { self.title("class", &self.case.classes[*class].id) };
            let args = [("what", what), ("list", each.join(", "))];
            said.push(self.with("scen-demand", &args));
        }
        for (kind, years) in &it.delays {
            said.push(self.with("scen-delay", &[("what", technology(*kind)), ("years", years.to_string())]));
        }
        said.extend(it.cuts.iter().map(|cut| self.cut(cut)));
        said.extend(it.technology.iter().map(|(at, of)| factor("scen-technology", technology(*at), *of)));
        let accelerator = |at: usize| self.title("accelerator", &self.case.accelerators[at].id);
        said.extend(it.accelerator.iter().map(|(at, of)| factor("scen-accelerator", accelerator(*at), *of)));
        said.extend(it.energy.iter().map(|(at, of)| factor("scen-energy", technology(*at), *of)));
        said.extend(it.fuel.iter().map(|(what, of)| factor("scen-fuel", what.clone(), *of)));
        said.extend(it.availability.iter().map(|(at, of)| factor("scen-availability", technology(*at), *of)));
        said
    }

    fn cut(&self, cut: &Cut) -> String {
        let what = match &cut.of {
            Supplied::Accelerator(at) => self.title("accelerator", &self.case.accelerators[*at].id),
            Supplied::Origin(origin) => origin.clone(),
        };
        let args = [("what", what), ("year", cut.from_year.to_string()), ("share", self.numbers.percent(cut.share))];
        self.with("scen-cut", &args)
    }
}

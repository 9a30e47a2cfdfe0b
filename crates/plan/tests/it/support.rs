//! A case that has a plan, as text that a test changes.

use std::path::Path;

use plan::Plan;
use plan::case::{Case, load};
use plan::solve::{Options, solve};

/// Two sites, gas at both, a reactor at one from the second year on, two kinds of work on one kind of accelerator.
pub const BASE: &str = r#"
[case]
version = 1
name = "Two sites"
currency = "EUR"
price_year = 2026
discount_rate = 0.08
home = ["XA"]

[[year]]
year = 2026
[[year]]
year = 2030

[[block]]
id = "day"
hours = 6
weight = 1460

[[site]]
id = "north"
jurisdiction = "XA"
[[site]]
id = "south"
jurisdiction = "XB"

[[load]]
id = "town"
site = "north"
mw = { file = "load.csv", column = "north" }
[[load]]
id = "port"
site = "south"
mw = 30

[[technology]]
id = "gas"
marginal_cost_per_mwh = 60
co2_t_per_mwh = 0.4
capital_cost_per_mw = 1_000_000
life_years = 25
build = [{ site = "north", mw_max = 200 }, { site = "south", mw_max = 200 }]

[[technology]]
id = "smr"
module_mw = 70
lead_years = 4
spending = [0.25, 0.25, 0.25, 0.25]
capital_cost_per_mw = 3_000_000
life_years = 60
marginal_cost_per_mwh = 10
build = [{ site = "north", mw_max = 200 }]

[[line]]
id = "tie"
from = "north"
to = "south"
fixed_mw = 10

[[accelerator]]
id = "a"
origin = "XB"
memory_gb = 80
power_w = 1000
price = 30_000
life_years = 5
pflops = { chat = 0.5, train = 0.4 }

[[supply]]
id = "a-2026"
accelerator = "a"
year = 2026
units_max = 20_000
basis = "law"

[[class]]
id = "chat"
kind = "inference"
demand_pflops = { 2026 = 2000, 2030 = 4000 }
jurisdictions = ["XA"]

[[class]]
id = "train"
kind = "training"
demand_pflop_hours = 8_000_000
"#;

/// The base with parts replaced; each must be there.
pub fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the base has no {from:?}");
        text.replacen(from, to, 1)
    })
}

/// Writes a case with its series.
pub fn write(dir: &Path, text: &str) {
    std::fs::write(dir.join("case.toml"), text).unwrap();
    let rows = [30, 32, 40, 38, 36, 31].iter().enumerate().map(|(hour, mw)| format!("{hour},{mw}\n"));
    std::fs::write(dir.join("load.csv"), format!("hour,north\n{}", rows.collect::<String>())).unwrap();
}

/// Reads a case from text; its problems are the test's failure.
pub fn case(text: &str) -> Case {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), text);
    load(dir.path()).unwrap_or_else(|problems| panic!("{}", realm::load::render(&problems, plan::Lang::En, false)))
}

/// Its plan, which must hold.
pub fn solved(case: &Case) -> Plan {
    let plan = solve(case, &Options::default(), &mut |_| ()).unwrap();
    let checked = plan::check::check(case, &plan);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    plan
}

/// MW of a technology that are built for a year of service.
pub fn built(case: &Case, plan: &Plan, technology: &str, year: i32) -> f64 {
    let kind = case.technologies.iter().position(|it| it.id == technology).unwrap();
    let mine = case.sources.iter().zip(&plan.sources).filter(|(it, _)| it.kind == kind && it.in_service == year);
    mine.map(|(_, mw)| mw).sum()
}

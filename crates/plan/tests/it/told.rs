//! What a plan says: that it adds up, that prices are what relaxing saves, that law has none, and that both languages say all.

use plan::case::{Case, load};
use plan::plan::{Telling, read, write_told};
use plan::said::{diff, report, totals};
use plan::{Lang, Plan};
use report::{Cell, Report, Table};

use crate::support::{case, changed, solved, write};

/// A second kind without a cap, so that the first kind's cap binds and still leaves a plan.
const SECOND: &str = "[[accelerator]]\nid = \"b\"\nmemory_gb = 80\npower_w = 1100\nprice = 60_000\nlife_years = 5\n\
                      pflops = { chat = 0.5, train = 0.4 }\n\n[[supply]]";
/// A case in which many things bind.
fn tight(changes: &[(&str, &str)]) -> Case {
    let mut all = vec![
        ("module_mw = 70\n", ""),
        ("[[supply]]", SECOND),
        ("units_max = 20_000\nbasis = \"law\"", "units_max = 3_000\nbasis = \"physical\""),
        ("demand_pflops = {", "gflop_per_token = 140\ndemand_pflops = {"),
    ];
    all.extend_from_slice(changes);
    case(&changed(&all))
}

fn table<'a>(report: &'a Report, name: &str) -> &'a Table {
    report.tables().find(|it| it.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

fn numbers(table: &Table, column: &str) -> Vec<f64> {
    let at = table.columns.iter().position(|it| it.name == column).unwrap_or_else(|| panic!("no column {column}"));
    let number = |cell: &Cell| match cell {
        Cell::Number(it) | Cell::Share(it) => *it,
        Cell::Year(it) => f64::from(*it),
        Cell::Text(_) | Cell::Unknown => f64::NAN,
    };
    table.rows.iter().map(|row| number(&row[at])).collect()
}

/// That a limit's price is what a little more of it saves.
fn priced(name: &str, (from, to): (&str, &str), more: f64, changes: &[(&str, &str)]) -> Plan {
    let before = solved(&tight(changes));
    let after = solved(&tight(&[changes, &[(from, to)]].concat()));
    let saved = (before.objective - after.objective) / more;
    let price = before.prices.get(name).copied().unwrap_or_else(|| panic!("{name} not in {:?}", before.prices));
    assert!(saved > 0.0 && (price / saved - 1.0).abs() < 0.01, "{name}: {price} a unit, {saved} saved");
    before
}

#[test]
fn a_price_is_what_one_more_unit_saves() {
    priced("supply.a-2026", ("units_max = 3_000", "units_max = 3_010"), 10.0, &[]);
    let smr = [("[{ site = \"north\", mw_max = 200 }]", "[{ site = \"north\", mw_max = 20 }]")];
    priced("technology.smr.north.mw_max.2030", ("mw_max = 20 }", "mw_max = 20.1 }"), 0.1, &smr);
    let co2 =
        "[[policy]]\nid = \"co2\"\nkind = \"co2_cap\"\nyear = 2030\nt_max = 700_000\nbasis = \"physical\"\n\n[[class]]";
    priced(
        "policy.co2",
        ("t_max = 700_000", "t_max = 700_100"),
        100.0,
        &[("[[class]]", co2), ("= 3_000_000", "= 30_000_000")],
    );
    let margin = "[[policy]]\nid = \"firm\"\nkind = \"reserve_margin\"\nmargin = 1.5\nyear = 2030\nbasis = \"budget\"\n\n[[class]]";
    priced("policy.firm", ("margin = 1.5", "margin = 1.499"), 0.1, &[("[[class]]", margin)]);
}

/// What must stand and is not worth it: less of it saves, and more of it would cost.
#[test]
fn of_a_least_one_less_saves() {
    let least = [
        ("[{ site = \"north\", mw_max = 200 }]", "[{ site = \"north\", mw_min = { 2026 = 0, 2030 = 20 } }]"),
        ("= 3_000_000", "= 30_000_000"),
    ];
    let plan = priced("technology.smr.north.mw_min.2030", ("2030 = 20 }", "2030 = 19.9 }"), 0.1, &least);
    for (lang, says) in [(Lang::En, "One MW less ("), (Lang::Ru, "Если требовать на один МВт меньше (")]
    {
        let told = report(&tight(&least), &plan, lang).to_text();
        assert!(told.contains(says), "{told}");
        assert!(!told.lines().any(|it| it.contains("One more MW") && it.contains("at least")), "{told}");
    }
}

#[test]
fn law_is_never_priced() {
    let law = tight(&[("units_max = 3_000\nbasis = \"physical\"", "units_max = 3_000\nbasis = \"law\"")]);
    let plan = solved(&law);
    assert!(!plan.prices.contains_key("supply.a-2026"), "{:?}", plan.prices);
    let told = report(&law, &plan, Lang::En);
    let row = table(&told, "limits").rows.iter().find(|row| row[0] == Cell::from("supply of a in 2026")).unwrap();
    assert_eq!(row[6], Cell::from("law: never priced"));
    // The same limit, physical, is priced.
    let physical = tight(&[]);
    let told = report(&physical, &solved(&physical), Lang::En);
    let row = table(&told, "limits").rows.iter().find(|row| row[0] == Cell::from("supply of a in 2026")).unwrap();
    assert!(matches!(row[6], Cell::Number(saves) if saves > 1.0), "{row:?}");
}

#[test]
fn costs_add_up_to_the_objective_and_to_what_is_paid() {
    let case = tight(&[]);
    let plan = solved(&case);
    let told = report(&case, &plan, Lang::En);
    for (name, column, total) in [("cost", "discounted", plan.objective), ("cost", "paid_out", f64::NAN)] {
        let found = numbers(table(&told, name), column);
        let (all, parts) = found.split_last().unwrap();
        assert!((parts.iter().sum::<f64>() / all - 1.0).abs() < 1e-9, "{column}: {found:?}");
        assert!(total.is_nan() || (all / total - 1.0).abs() < 1e-9, "{column}: {all} for {total}");
    }
    let by_year: f64 = numbers(table(&told, "spend"), "total_m").iter().sum();
    let paid = *numbers(table(&told, "cost"), "paid_out").last().unwrap();
    assert!((by_year * 1e6 / paid - 1.0).abs() < 1e-6, "{by_year} {paid}");
}

#[test]
fn a_million_tokens_cost_what_the_energy_does() {
    let case = tight(&[]);
    let plan = solved(&case);
    let told = report(&case, &plan, Lang::En);
    let prices = table(&told, "prices");
    let (work, each) = (numbers(prices, "work"), numbers(prices, "energy_cost_each"));
    // Class chat, 2026: 2000 PFLOP/s all the year, 140 GFLOP a token.
    assert!((work[0] / (2000.0 * 8760.0 * 3600.0 / 140.0) - 1.0).abs() < 1e-6, "{work:?}");
    assert!(each[0] > 0.0 && numbers(prices, "total_cost_each")[0] > each[0]);
    // Half as many operations a token: half the price of a million.
    let half = tight(&[("gflop_per_token = 140", "gflop_per_token = 70")]);
    let told = report(&half, &plan, Lang::En);
    assert!((2.0 * numbers(table(&told, "prices"), "energy_cost_each")[0] / each[0] - 1.0).abs() < 1e-9);
}

#[test]
fn both_languages_say_everything() {
    let case = tight(&[]);
    let plan = solved(&case);
    for lang in [Lang::En, Lang::Ru] {
        let page = report(&case, &plan, lang).to_html(true);
        assert!(
            !page.contains("said-") && !page.contains("{$") && !page.contains("<script") && !page.contains("http"),
            "{lang:?}"
        );
        let text = totals(&case, &plan, lang).join("\n");
        assert!(!text.contains("said-") && !text.contains("{$") && text.contains("2030"), "{text}");
    }
}

#[test]
fn what_comes_without_being_ordered_is_told_as_given() {
    let build = "build = [{ site = \"north\", mw_max = 200 }]";
    let later = format!("existing = [{{ site = \"north\", mw = 7, in_service = 2029 }}]\n{build}");
    let given = |case: &Case| report(case, &solved(case), Lang::En).to_text().contains("Given by the case");
    assert!(given(&tight(&[(build, &later)])));
    assert!(!given(&tight(&[(build, &later.replace("2029", "2020"))])), "what stands already is no news");
}

#[test]
fn names_are_told_in_the_language_of_the_page() {
    let names = |id: &str, en: &str, ru: &str| format!("id = \"{id}\"\nname = \"{en}\"\nname_ru = \"{ru}\"");
    let [site, load, kind] =
        [names("north", "North", "Север"), names("town", "The town", "Городок"), names("a", "An A", "Аз")];
    let case = tight(&[("id = \"north\"", &site), ("id = \"town\"", &load), ("id = \"a\"", &kind)]);
    let plan = solved(&case);
    for (lang, own, other) in
        [(Lang::En, ["North", "The town", "An A"], "Север"), (Lang::Ru, ["Север", "Городок", "Аз"], "North")]
    {
        let told = report(&case, &plan, lang);
        let text = told.to_text();
        assert!(own.iter().all(|it| text.contains(it)) && !text.contains(other), "{text}");
        let asked = table(&told, "asked");
        assert_eq!(asked.rows.len(), case.classes.len() + case.loads.len());
    }
}

#[test]
fn what_must_be_served_and_how_long_building_takes_are_told() {
    let case = tight(&[]);
    let told = report(&case, &solved(&case), Lang::En);
    let years = numbers(table(&told, "lead-times"), "lead_years");
    let longest = case.technologies.iter().map(|it| it.cost.lead_years).max();
    assert_eq!(years.first().copied(), longest.map(f64::from));
    let mean = numbers(table(&told, "asked"), "2026");
    assert!(mean.iter().all(|it| it.is_finite() && *it > 0.0), "{mean:?}");
}

#[test]
fn figures_bring_their_sources_or_say_that_there_is_none() {
    let with = changed(&[
        ("power_w = 1000\n", "power_w = 1000\nsource = { price = \"a list of 2026\", rest = \"estimated\" }\n"),
        ("id = \"town\"\n", "id = \"town\"\nsource = \"the town's works\"\n"),
    ]);
    let case = case(&with);
    let of = |table: &str, id: &str, field: &str| {
        let mut figures = case.stated.figures.iter();
        figures.find(|it| (it.table, it.id.as_str(), it.field.as_str()) == (table, id, field)).unwrap()
    };
    assert_eq!(of("accelerator", "a", "price").source.as_deref(), Some("a list of 2026"));
    assert_eq!(of("accelerator", "a", "price").value, "30_000");
    assert_eq!(of("accelerator", "a", "power_w").source.as_deref(), Some("estimated"));
    assert_eq!(of("load", "town", "mw").source.as_deref(), Some("the town's works"));
    assert_eq!(of("technology", "gas", "life_years").source, None);
    let page = report(&case, &solved(&case), Lang::En).to_html(false);
    assert!(page.contains("the case names no source") && page.contains("a list of 2026"));
}

#[test]
fn a_source_of_a_figure_that_is_not_there_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &changed(&[("power_w = 1000\n", "power_w = 1000\nsource = { cost = \"a list\" }\n")]));
    let problems = load(dir.path()).unwrap_err();
    assert_eq!((problems.len(), problems[0].code), (1, "case.source_of"));
    assert!(problems[0].line > 60, "{}", problems[0].place());
}

#[test]
fn a_written_plan_is_told_in_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("case"), dir.path().join("out"));
    std::fs::create_dir(&from).unwrap();
    write(&from, &changed(&[]));
    let case = load(&from).unwrap();
    let plan = solved(&case);
    write_told(&from, &case, &plan, Telling { lang: Lang::Ru, parquet: true }, &out).unwrap();
    let again = load(&out.join("case")).unwrap();
    let back = read(&again, &out).unwrap();
    assert_eq!(back.prices, plan.prices);
    for name in ["plan.html", "plan.en.html", "build.csv", "cost.csv", "assumptions.csv", "dispatch-1.csv"] {
        assert!(std::fs::metadata(out.join(name)).is_ok_and(|it| it.len() > 20), "{name}");
    }
    assert!(std::fs::read_to_string(out.join("plan.html")).unwrap().contains("lang=\"ru\""));
    // Parquet holds what the CSV holds.
    let parquet = |name: &str| plan::columnar::to_csv(std::fs::read(out.join(name)).unwrap()).unwrap();
    assert_eq!(
        parquet("hourly.parquet").replace("-0", "0"),
        std::fs::read_to_string(out.join("hourly.csv")).unwrap().replace("-0", "0")
    );
    let build = std::fs::read_to_string(out.join("build.csv")).unwrap();
    assert_eq!(parquet("build.parquet").lines().collect::<Vec<_>>(), build.lines().collect::<Vec<_>>());
    // Chat runs at north alone: a unit does 0.5 PFLOP/s of it.
    let capacity = std::fs::read_to_string(out.join("capacity.csv")).unwrap();
    assert!(capacity.starts_with("year,accelerators,power_mw,why,chat_per_s\n"), "{capacity}");
    let north: f64 = plan.units_standing(&case, 0, 0, 0);
    let last: f64 = capacity.lines().nth(1).unwrap().rsplit(',').next().unwrap().parse().unwrap();
    assert!(last > 0.0 && (last / (0.5 * north) - 1.0).abs() < 1e-4, "{last} of {north} units");
}

#[test]
fn two_plans_differ_by_what_was_changed() {
    let (first, second) = (tight(&[]), tight(&[("units_max = 3_000", "units_max = 6_000")]));
    let (a, b) = (solved(&first), solved(&second));
    let told = diff((&first, &a), (&second, &b), Lang::En);
    assert!(told.lead[0].starts_with("The second costs") && told.lead[0].contains("less"), "{:?}", told.lead);
    let units = table(&told, "accelerators");
    let row = units.rows.iter().find(|row| row[0] == Cell::Year(2026) && row[1] == Cell::from("a")).unwrap();
    assert!(matches!(row[4], Cell::Number(by) if (by - 3_000.0).abs() < 1.0), "{row:?}");
    let by_purpose: f64 = numbers(table(&told, "cost"), "difference").iter().sum();
    assert!((by_purpose / (b.objective - a.objective) - 1.0).abs() < 1e-6, "{by_purpose}");
    // A plan beside itself differs in nothing.
    let same = diff((&first, &a), (&first, &a), Lang::Ru);
    for (name, column) in
        [("accelerators", "difference"), ("power", "difference"), ("cost", "difference"), ("spend", "total_m")]
    {
        assert!(numbers(table(&same, name), column).iter().all(|it| it.abs() < 1e-9), "{name}");
    }
    let page = same.to_html(false);
    assert!(!page.contains("diff-") && !page.contains("{$"), "{page}");
}

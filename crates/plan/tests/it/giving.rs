//! Loads that give way at a stated loss: only they, only as far as it is worth, and told apart from money.

use plan::case::{Case, load};
use plan::check::check;
use plan::plan::{Track, Whose, capacity_csv, read, write};
use plan::said::{report, totals};
use plan::solve::{Failure, Options, solve};
use plan::why::{Answer, why};
use plan::{Lang, Plan};
use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{self, case, changed, solved};

const CHAT: &str = "jurisdictions = [\"XA\"]\n\n[[class]]";
const TRAIN: &str = "demand_pflop_hours = 8_000_000";
const PORT: &str = "mw = 30\n";

/// What a loss of chat's, training's and the port's adds to the base.
fn losses(chat: &str, train: &str, port: &str) -> Vec<(String, String)> {
    let mut changes = Vec::new();
    let mut add = |at: &str, field: &str, cost: &str| {
        if !cost.is_empty() {
            let (before, after) = if at == CHAT { ("", at) } else { (at, "") };
            let said = format!("{before}\nunserved_{field} = {cost}\nsource = \"a test\"\n{after}");
            changes.push((at.to_owned(), said));
        }
    };
    add(CHAT, "cost_per_pflop_h", chat);
    add(TRAIN, "cost_per_pflop_h", train);
    add(PORT, "cost_per_mwh", port);
    changes
}

fn giving(losses: &[(String, String)], more: &[(&str, &str)]) -> Case {
    let all: Vec<(&str, &str)> = losses.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    case(&changed(&[&all, more].concat()))
}

/// Cuts the supply so far that there is no plan where all must be served.
const SHORT: (&str, &str) = ("units_max = 20_000", "units_max = 5_000");

#[test]
fn without_a_loss_a_load_is_firm_and_with_one_the_same_case_has_a_plan_that_says_what_goes_unserved() {
    let firm = giving(&[], &[SHORT]);
    assert!(!firm.gives_way());
    assert_eq!(solve(&firm, &Options::default(), &mut |_| ()).unwrap_err(), Failure::Infeasible);
    let case = giving(&losses("", "50", ""), &[SHORT]);
    let plan = solved(&case);
    let found = plan.unserved(&case);
    assert_eq!(found.iter().map(|it| (it.of, it.k)).collect::<Vec<_>>(), [(Whose::Class(1), 0)]);
    // 5,000 units, of which 4,000 answer: a thousand train, of 2,283 that it takes.
    let asked = 8_000_000.0;
    let trained = 1_000.0 * 0.4 * 8_760.0;
    assert!((found[0].amount - (asked - trained)).abs() < 1e-4 * asked, "{found:?}");
    assert!((found[0].loss - 50.0 * found[0].amount).abs() < 1e-6 * found[0].loss);
    for lang in [Lang::En, Lang::Ru] {
        let said = totals(&case, &plan, lang).join(" ");
        assert!(said.contains("train") && said.contains("2026") && !said.contains("said-"), "{said}");
        let text = report(&case, &plan, lang).to_text();
        assert!(!text.contains("said-") && !text.contains("{$"), "{text}");
    }
    assert!(matches!(why(&case, &Options::default()).unwrap(), Answer::Feasible));
}

#[test]
fn a_loss_so_high_that_everything_is_served_gives_the_plan_of_firm_loads() {
    let firm = giving(&[], &[]);
    let dear = giving(&losses("1e7", "1e7", "1e7"), &[]);
    let (before, after) = (solved(&firm), solved(&dear));
    assert!((after.objective / before.objective - 1.0).abs() < 1e-6, "{} {}", before.objective, after.objective);
    assert!(after.unserved(&dear).is_empty());
    assert_eq!(capacity_csv(&firm, &before), capacity_csv(&dear, &after));
    let said = totals(&dear, &after, Lang::En).join(" ");
    assert!(said.contains("Everything is served"), "{said}");
    assert!(!totals(&firm, &before, Lang::En).join(" ").contains("Everything is served"));
}

#[test]
fn no_more_gives_way_than_may_and_no_limit_gives_for_it() {
    // A quarter of chat is short of 3,000 units; a tenth of it may be.
    let short = ("units_max = 20_000", "units_max = 3_000");
    let half = |share: &str| {
        let mut all = losses("100", "0.5", "");
        all[0].1 = all[0].1.replacen('\n', &format!("\nunserved_share_max = {share}\n"), 1);
        giving(&all, &[short])
    };
    let none = half("0.1");
    assert_eq!(solve(&none, &Options::default(), &mut |_| ()).unwrap_err(), Failure::Infeasible);
    let Answer::Infeasible(reasons) = why(&none, &Options::default()).unwrap() else { panic!("it has a plan") };
    assert!(reasons.causes.iter().any(|it| it.limit == "supply.a-2026" && it.needed.is_none()), "{reasons:?}");
    assert_eq!(reasons.first_year, Some(2030));
    let some = half("0.3");
    let plan = solved(&some);
    assert!(plan.units[0].iter().map(|it| it[0]).sum::<f64>() < 3_000.01, "law holds");
    let chat = plan.unserved(&some).into_iter().find(|it| it.of == Whose::Class(0)).unwrap();
    assert!((chat.share() - 0.25).abs() < 1e-4, "{chat:?}");
}

/// North gets 42 MW in an hour in which its town takes 40: of 4 MW of accelerators, half stand idle then.
const DIM: (&str, &str) = ("mw_max = 200 }, { site = \"south\"", "mw_max = 32 }, { site = \"south\"");

#[test]
fn units_that_stand_idle_for_want_of_power_are_no_capacity() {
    let case = giving(&losses("400", "", ""), &[DIM]);
    let plan = solved(&case);
    let chat = plan.unserved(&case)[0];
    assert!((chat.share() - 1.0 / 12.0).abs() < 1e-3, "{chat:?}");
    let table = capacity_csv(&case, &plan);
    let row: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
    let units: f64 = row[1].parse().unwrap();
    let per_s: f64 = row[4].parse().unwrap();
    assert!(row[3].starts_with("power short: chat 8.3% unserved"), "{table}");
    // Only units at north answer chat.
    let at_north = plan.units_standing(&case, 0, 0, 0);
    assert!((per_s - at_north * 0.5 * 11.0 / 12.0).abs() < 1e-3 * per_s, "{per_s} of {at_north} of {units}");
    let last: Vec<&str> = table.lines().last().unwrap().split(',').collect();
    assert_eq!(last[3], "all the work that the case asks for is served");
}

#[test]
fn a_load_gives_way_and_the_loss_is_no_money() {
    // South has a line of 10 MW and no source of its own before 2030: 20 MW of its port are dark.
    let gone = (
        "{ site = \"south\", mw_max = 200 }]",
        "{ site = \"south\", mw_max = 200, mw_max_by_year = { 2026 = 0, 2030 = 200 } }]",
    );
    let dear = giving(&losses("", "", "500"), &[gone]);
    let plan = solved(&dear);
    let port = plan.unserved(&dear)[0];
    assert_eq!((port.of, port.k), (Whose::Load(1), 0));
    assert!(port.amount > 19.0 * 8_760.0 && (port.loss - 500.0 * port.amount).abs() < 1.0, "{port:?}");
    let told = report(&dear, &plan, Lang::En);
    let cost = told.tables().find(|it| it.name == "cost").unwrap().to_csv();
    let number = |name: &str| -> f64 {
        let line = cost.lines().find(|it| it.starts_with(name)).unwrap_or_else(|| panic!("{name}: {cost}"));
        line.split(',').nth(1).unwrap().parse().unwrap()
    };
    let loss = number("Loss of what is not served");
    assert!((loss - plan.loss_discounted(&dear)).abs() < 1.0 && loss > 1e6);
    assert!((number("in all") + loss - plan.objective).abs() < 1e-6 * plan.objective, "{cost}");
    assert!((number("with the loss") - plan.objective).abs() < 1.0);
    // Nobody pays it: the money that is paid out is that of plants and accelerators.
    let spend = told.tables().find(|it| it.name == "spend").unwrap().to_csv();
    assert!(!spend.contains("loss"), "{spend}");
}

#[test]
fn a_plan_with_unserved_work_reads_back_and_an_altered_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("case"), dir.path().join("out"));
    std::fs::create_dir(&from).unwrap();
    let all = losses("", "0.5", "500");
    let changes: Vec<(&str, &str)> = all.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    support::write(&from, &changed(&[changes.as_slice(), &[SHORT]].concat()));
    let case = load(&from).unwrap();
    let plan = solved(&case);
    write(&from, &case, &plan, &out).unwrap();
    let back = read(&case, &out).unwrap();
    assert_eq!(back.untrained, plan.untrained);
    assert_eq!(back.unserved(&case), plan.unserved(&case));
    // What the case does not let go is not in a plan of it.
    let text = std::fs::read_to_string(out.join("plan.json")).unwrap();
    std::fs::write(out.join("plan.json"), text.replace("\"train\": {", "\"chat\": {")).unwrap();
    assert!(read(&case, &out).is_err());
    // Nor is a plan of another case, or in other money.
    for (field, said) in [("case", case.name.of(realm::load::Lang::En)), ("currency", case.currency.as_str())] {
        let other = text.replacen(&format!("\"{field}\": \"{said}\""), &format!("\"{field}\": \"other\""), 1);
        assert_ne!(other, text);
        std::fs::write(out.join("plan.json"), other).unwrap();
        let why = format!("{:?}", read(&case, &out).unwrap_err());
        assert!(why.contains("other"), "{why}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_lower_loss_a_larger_share_and_a_looser_cap_never_cost_more(
        units in 5_000_u32..8_000, loss in 1_u32..40, share in 0.6_f64..0.9, more in 1_u32..2_000
    ) {
        let cost = |units: u32, loss: f64, share: f64| {
            let mut all = losses("", &format!("{loss}"), "");
            all[0].1 = all[0].1.replacen('\n', &format!("\nunserved_share_max = {share}\n"), 1);
            let units = format!("units_max = {units}");
            solved(&giving(&all, &[("units_max = 20_000", &units), ("module_mw = 70\n", "")])).objective
        };
        let loss = f64::from(loss) / 4.0;
        let tight = cost(units, loss, share) * (1.0 + 1e-9);
        assert!(cost(units + more, loss, share) <= tight);
        assert!(cost(units, loss * 0.9, share) <= tight);
        assert!(cost(units, loss, (share + 0.05).min(1.0)) <= tight);
    }

    #[test]
    fn an_altered_amount_is_refused(which in 0_usize..1_000, down in proptest::bool::ANY, by in 0.01_f64..1.0) {
        let (case, plan) = altered();
        let mut plan = plan.clone();
        let mut amounts: Vec<&mut f64> = plan.untrained[1].iter_mut().collect();
        let tracks = |track: &Track| matches!(track, Track::Unserved { .. } | Track::Shed { .. });
        amounts.extend(plan.hourly.iter_mut().filter(|(track, _)| tracks(track)).flat_map(|(_, series)| series));
        let at = which % amounts.len();
        let change = by * (1.0 + amounts[at].abs());
        *amounts[at] += if down { -change } else { change };
        assert!(!check(case, &plan).findings.is_empty());
    }
}

/// A case in which chat, training and the port go short, with its plan.
fn altered() -> &'static (Case, Plan) {
    static ONCE: std::sync::OnceLock<(Case, Plan)> = std::sync::OnceLock::new();
    ONCE.get_or_init(|| {
        let case = giving(&losses("60", "0.5", "500"), &[("units_max = 20_000", "units_max = 3_000")]);
        let plan = solved(&case);
        (case, plan)
    })
}

#[test]
fn a_loss_by_tokens_is_that_of_the_work_they_take() {
    let tokens = losses("", "", "");
    // 36 million tokens are a PFLOP-hour at 100 thousand million operations each.
    let by = |field: &str| {
        let said = format!("gflop_per_token = 100\nunserved_{field}\nsource = \"a test\"\n{CHAT}");
        giving(&tokens, &[(CHAT, &said), ("units_max = 20_000", "units_max = 6_500")])
    };
    let cost = |case: &Case| case.classes[0].unserved.as_ref().unwrap().cost.at(2026);
    assert!((cost(&by("cost_per_m_tokens = 2")) - cost(&by("cost_per_pflop_h = 72"))).abs() < 1e-9);
}

#[test]
fn one_bad_hour_is_told_however_little_it_is_of_a_year() {
    // The port goes short in one hour of six by far more than stands for it; an hour here is 1,460 of the year.
    let case = giving(&losses("", "", "900"), &[]);
    let mut plan = solved(&case);
    assert_eq!(plan.loss_discounted(&case), 0.0);
    let track = Track::Shed { load: case.loads.iter().position(|it| it.unserved.is_some()).unwrap() };
    plan.hourly.get_mut(&track).unwrap()[1] = 30.0 * 2e-5;
    let found = plan.unserved(&case);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].share() < 1e-5 && found[0].loss > 0.0 && plan.loss_discounted(&case) > 0.0, "{found:?}");
}

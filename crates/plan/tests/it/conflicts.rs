//! The third step of why there is no plan: rows that cannot all hold, in words.

use plan::Lang;
use plan::solve::Options;
use plan::why::{Answer, conflict, conflict_text, why};

use crate::support::{case, changed};

/// One site, a load of 30 MW, and coal of which a share always runs.
fn coal(must_run: f64) -> plan::case::Case {
    case(&format!(
        "[case]\nversion = 1\nname = \"Coal\"\ncurrency = \"EUR\"\nprice_year = 2026\ndiscount_rate = 0.05\n\
         [[year]]\nyear = 2026\n[[block]]\nid = \"day\"\nhours = 6\nweight = 1460\n[[site]]\nid = \"north\"\n\
         [[load]]\nid = \"town\"\nsite = \"north\"\nmw = 30\n\
         [[technology]]\nid = \"coal\"\nmust_run = {must_run}\nexisting = [{{ site = \"north\", mw = 100, in_service = 2010 }}]\n"
    ))
}

#[test]
fn what_no_limit_explains_is_named_by_its_rows() {
    let Answer::Conflict(found) = why(&coal(0.8), &Options::default()).unwrap() else { panic!("another answer") };
    let mut rules: Vec<(&str, &str)> = found.iter().map(|it| (it.rule, it.what.as_str())).collect();
    rules.sort_unstable();
    assert_eq!(rules, [("balance", "north"), ("must_run", "coal.north")]);
    // Both of the same hour.
    assert!(found.iter().all(|it| it.year == Some(2026) && it.hour == found[0].hour && it.hour.is_some()), "{found:?}");
    for lang in [Lang::En, Lang::Ru] {
        let text = conflict_text(&found, lang);
        assert!(text.contains("coal.north") && !text.contains("conflict-"), "{text}");
    }
    assert!(matches!(why(&coal(0.2), &Options::default()).unwrap(), Answer::Feasible));
}

#[test]
fn rows_in_conflict_are_found_where_limits_explain_too_and_nowhere_else() {
    let none = conflict(&case(&changed(&[])), &Options::default()).unwrap();
    assert!(none.is_empty(), "{none:?}");
    let too_few = case(&changed(&[("units_max = 20_000", "units_max = 10")]));
    let found = conflict(&too_few, &Options::default()).unwrap();
    let rules: Vec<&str> = found.iter().map(|it| it.rule).collect();
    assert!(rules.contains(&"supply"), "{found:?}");
    assert!(rules.contains(&"inference") || rules.contains(&"training"), "{found:?}");
}

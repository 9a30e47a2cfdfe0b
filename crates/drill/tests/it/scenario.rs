//! The scenario file: every problem at once, each with its place.

use std::path::Path;

use drill::{Scenario, desk};
use realm::load::{Lang, render};

use crate::support::{Traffic, republic, scenario};

fn problems(text: &str) -> String {
    render(&Scenario::parse(Path::new("drill.toml"), text).unwrap_err(), Lang::En, false)
}

#[test]
fn the_examples_are_read() {
    for (realm, drills) in [("republic", 12), ("ru-2030", 5), ("eu-2030", 5)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(realm).join("drills");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!scenario(&text).title.is_empty(), "{}", path.display());
            count += 1;
        }
        assert_eq!(count, drills, "{realm}");
    }
}

/// Something is wrong on nearly every line.
const WRONG: &str = r#"
titel = "No title"
base = "tomorrow"

[[cut]]
operator = "meridian-north"
parent = "meridian-group"

[[price]]
provider = "Standin Abroad"

[[law]]
rule = "strategic-sectors-amendment"

[traffic]
since = "yesterday"

[hypothesis]
survival_share_min = -1
surviving = 1
"#;

#[test]
fn every_problem_is_said_at_once_where_it_stands() {
    let said = problems(WRONG);
    for (place, words) in [
        ("drill.toml:2:1", "`scenario` has no field `titel`"),
        ("drill.toml:3:8", "\"recorded\" or \"realm\""),
        ("drill.toml:5:1", "a cut names one thing"),
        ("drill.toml:10:12", "an id in quotes"),
        ("drill.toml:9:1", "`price` lacks its `factor`"),
        ("drill.toml:12:1", "the law is not changed"),
        ("drill.toml:16:9", "a date, as 2027-07-01"),
        ("drill.toml:19:22", "a number that is not negative"),
        ("drill.toml:20:1", "`hypothesis` has no field `surviving`"),
        ("drill.toml:1:1", "`scenario` lacks its `title`"),
    ] {
        assert!(said.contains(place) && said.contains(words), "{place} {words}:\n{said}");
    }
    assert!(said.contains("did you mean `title`?"), "{said}");
    assert!(problems("title = ").contains("not TOML"));
    assert!(problems("title = \"x\"").contains("changes nothing"));
}

#[test]
fn a_misspelt_name_is_no_drill_in_which_nothing_happens() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(1, ("tourism", "abroad"), "meridian-large-abroad");
    let wrong =
        scenario("title = \"x\"\n[[cut]]\noperator = \"meridian-nord\"\n[[law]]\nrule = \"strategic\"\non = true\n");
    let said = render(&desk(traffic.requests, &place.archive, None, &wrong).unwrap_err(), Lang::En, false);
    assert!(said.contains("drill.toml:3:12") && said.contains("did you mean `meridian-north`?"), "{said}");
    assert!(said.contains("no rule is named `strategic`"), "{said}");
}

/// Who approves a drill reads its title on a screen first.
#[test]
fn a_text_that_would_write_over_the_screen_is_refused_where_it_stands() {
    for text in ["A drill\\u001b[2J", "A\\rdrill", "a\\u202Ellird", "two\\nlines"] {
        let said = problems(&format!("title = \"{text}\"\n[[cut]]\nprovider = \"a\"\n"));
        assert!(said.contains("drill.toml:1:9") && said.contains("without control characters"), "{text}: {said}");
        let said = problems(&format!("title = \"x\"\n[[cut]]\nprovider = \"{text}\"\n"));
        assert!(said.contains("drill.toml:3:12") && said.contains("without control characters"), "{text}: {said}");
    }
}

#[test]
fn what_contradicts_itself_is_refused_in_words() {
    let law = |rest: &str| format!("title = \"x\"\n{rest}");
    let said = problems(&law("[[law]]\nrule = \"a\"\nfrom = 2027-01-02\nuntil = 2027-01-01\n"));
    assert!(said.contains("drill.toml:4:8") && said.contains("a day that is not after `until`"), "{said}");
    for kind in ["rule", "pack"] {
        let twice = format!("[[law]]\n{kind} = \"a\"\non = true\n[[law]]\n{kind} = \"a\"\non = false\n");
        let said = problems(&law(&twice));
        assert!(said.contains("drill.toml:6:8") && said.contains("`a` is switched on and off"), "{said}");
    }
    let apart = "[[law]]\nrule = \"a\"\non = false\n[[law]]\nrule = \"a\"\nstatus = \"in_force\"\n";
    assert!(problems(&law(apart)).contains("is switched on and off"));
    for rest in ["from = 2020-01-01", "status = \"in_force\""] {
        let said = problems(&law(&format!("[[law]]\nrule = \"a\"\non = false\n{rest}\n")));
        assert!(said.contains("in a rule that is switched off nothing can be changed"), "{said}");
    }
    let factor = problems(&law("[[price]]\nprovider = \"p\"\nfactor = \"79228162514264337593543950335\"\n"));
    assert!(factor.contains("a number from 0 to 1000000"), "{factor}");
    assert!(problems(&law("[[gain]]\ncountry = \"xe\"\nbloc = \"B\"\n")).contains("two capital letters"));
    scenario(&law("[[law]]\nrule = \"a\"\non = true\nfrom = 2027-01-01\nuntil = 2027-01-01\n"));
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(1, ("rail-dispatch", "domestic"), "republic-8b-home");
    let users = scenario(&law("[[cut]]\nprovider = \"standin-abroad\"\nusers = \"xa\"\n"));
    let nobody = desk(traffic.requests.clone(), &place.archive, None, &users).unwrap_err();
    assert!(render(&nobody, Lang::En, false).contains("xa"));
    let left = |mw: u32| scenario(&law(&format!("[[cut]]\nenergy = \"northern-reactor\"\nleft_mw = {mw}\n")));
    let too_much = desk(traffic.requests.clone(), &place.archive, None, &left(500)).unwrap_err();
    let said = render(&too_much, Lang::En, false);
    assert!(
        said.contains("drill.toml:4:11") && said.contains("of `northern-reactor` more is left than it gives"),
        "{said}"
    );
}

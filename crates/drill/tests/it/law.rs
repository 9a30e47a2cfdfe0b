//! Law that a scenario changes: it must decide as a realm with that law would, and say where it cannot be meant.

use std::sync::OnceLock;

use drill::report::Drill;
use drill::{Request, Scenario, desk};
use proptest::prelude::proptest;
use proptest::test_runner::Config;
use realm::load::{Diagnostic, Lang, PackSource, render};
use serde_json::Value;

use crate::random::{request, seeds};
use crate::support::{Place, Shipped, TODAY, Traffic, edited, republic, scenario, with_packs};

fn supplied(text: &str) -> Result<Scenario, Vec<Diagnostic>> {
    let mut scenario = scenario(text);
    scenario.supply(&Shipped, TODAY).map(|()| scenario)
}

/// What a report finds, without what it calls itself.
fn findings(report: &Drill) -> Value {
    let mut value = serde_json::to_value(report).unwrap();
    let fields = value.as_object_mut().unwrap();
    ["title", "base", "question"].iter().for_each(|name| drop(fields.remove(*name)));
    value
}

/// Requests of the republic under a law that a scenario changes, and in a realm that has that law.
fn both(requests: &[Request], place: &Place, changes: &str, realm: &Place) -> (Value, Value) {
    let changed = supplied(&format!("title = \"x\"\n{changes}")).unwrap();
    let changed = desk(requests.to_vec(), &place.archive, None, &changed).unwrap();
    let as_it_is = scenario("title = \"x\"\nbase = \"realm\"\n");
    let there = desk(requests.to_vec(), &place.archive, Some(&realm.compiled), &as_it_is).unwrap();
    (findings(&changed), findings(&there))
}

proptest! {
    #![proptest_config(Config { cases: 8, failure_persistence: None, ..Config::default() })]
    /// Every pack that is shipped, switched on: whatever the traffic, the drill is that of a realm which names the pack.
    #[test]
    fn a_pack_switched_on_decides_as_in_a_realm_that_has_it(seeds in seeds()) {
        static PLACES: OnceLock<(Place, Vec<(String, Place)>)> = OnceLock::new();
        let (place, realms) = PLACES.get_or_init(|| {
            let with = |id: String| { let place = with_packs(&["strategic-sectors", &id]); (id, place) };
            let ids = Shipped.ids().into_iter().filter(|id| id != "strategic-sectors");
            (republic(), ids.map(with).collect())
        });
        let requests: Vec<Request> = seeds.iter().map(|seed| request(place, seed)).collect();
        for (id, realm) in realms {
            let (changed, there) = both(&requests, place, &format!("[[law]]\npack = \"{id}\"\non = true\n"), realm);
            proptest::prop_assert_eq!(changed, there, "{}", id);
        }
    }
}

fn usual(place: &Place) -> Vec<Request> {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    traffic.answers(2, ("clinic", "domestic"), "republic-8b-home");
    traffic.denials(5, ("clinic", "abroad"));
    traffic.requests
}

#[test]
fn a_pack_switched_off_is_no_longer_there() {
    let place = republic();
    let off = "[[law]]\npack = \"strategic-sectors\"\non = false\n";
    let (changed, there) = both(&usual(&place), &place, off, &with_packs(&[]));
    assert_eq!(changed, there);
    assert_eq!(changed["totals"]["newly_permitted"], 5, "{changed:#}");
}

/// A law of the bloc, on other days than it has: what it lacks evidence for stops, what shows it goes on.
#[test]
fn the_rules_of_a_pack_that_is_switched_on_can_be_dated_and_given_facts() {
    let place = republic();
    let on = "[[law]]\npack = \"eu-ai-act\"\non = true\n";
    let binding = "[[law]]\nrule = \"aia-oversight\"\nstatus = \"in_force\"\nfrom = 2020-01-01\n";
    let shown = "[[evidence]]\nsubject = \"app:clinic\"\nkey = \"overseer_competence\"\nvalue = \"shown\"\n";
    let stopped = |changes: &str| {
        let scenario = supplied(&format!("title = \"x\"\n{changes}")).unwrap();
        desk(usual(&place), &place.archive, None, &scenario).unwrap().totals.stopped
    };
    assert_eq!(stopped(on), 0, "the rule is a draft");
    assert_eq!(stopped(&format!("{on}{binding}")), 5, "the railway and the hospital");
    assert_eq!(stopped(&format!("{on}{binding}{shown}")), 3, "the hospital shows it");
    let whole = "status = \"in_force\"\nfrom = 2020-01-01\n";
    assert_eq!(stopped(&format!("{on}{whole}")), 5, "all of its rules");
    assert_eq!(stopped(&format!("{on}{binding}until = 2021-01-01\n")), 0, "they held until then");
}

#[test]
fn a_rule_in_other_words_decides_as_in_a_realm_that_words_it_so() {
    let place = republic();
    let file = "packs/strategic-sectors/act.cedar";
    let text = std::fs::read_to_string(format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let from = text.find("@id(\"strategic-sectors\")").unwrap();
    let rule = &text[from..from + text[from..].find("};").unwrap() + 2];
    let narrower = rule.replace(r#"["K", "Q"]"#, r#"["K"]"#);
    let changes = format!("[[law]]\nrule = \"strategic-sectors\"\ntext = '''\n{narrower}\n'''\n");
    let realm = edited(file, (r#"["K", "Q"].contains"#, r#"["K"].contains"#));
    let (changed, there) = both(&usual(&place), &place, &changes, &realm);
    assert_eq!(changed, there);
    assert_eq!(changed["totals"]["newly_permitted"], 5, "{changed:#}");
}

fn said(problems: &[Diagnostic]) -> String {
    render(problems, Lang::En, false)
}

#[test]
fn what_cannot_be_meant_is_refused_where_it_stands() {
    let unknown = said(&supplied("title = \"x\"\n[[law]]\npack = \"eu-ai-akt\"\non = true\n").unwrap_err());
    assert!(unknown.contains("drill.toml:3:8") && unknown.contains("did you mean `eu-ai-act`?"), "{unknown}");
    let parsed =
        |text: &str| said(&Scenario::parse("drill.toml".as_ref(), &format!("title = \"x\"\n{text}")).unwrap_err());
    for (text, place, words) in [
        ("[[law]]\nrule = \"a\"\npack = \"b\"\non = true\n", "drill.toml:2:1", "one rule or in one pack"),
        ("[[law]]\non = true\n", "drill.toml:2:1", "one rule or in one pack"),
        ("[[law]]\npack = \"b\"\n", "drill.toml:2:1", "the law is not changed"),
        ("[[law]]\npack = \"b\"\ntext = \"x\"\n", "drill.toml:4:8", "only a `rule` has a text"),
        ("[[law]]\npack = \"b\"\non = false\nfrom = 2020-01-01\n", "drill.toml:4:6", "switched off"),
        ("[[cut]]\nsite = \"a\"\nleft = \"0.5\"\n", "drill.toml:4:8", "only of an `energy` source"),
        ("[[cut]]\nenergy = \"a\"\nleft = 2\n", "drill.toml:4:8", "a share, 0 to 1"),
        ("[[cut]]\nenergy = \"a\"\n[[cut]]\nenergy = \"a\"\nleft = \"0.5\"\n", "drill.toml:5:10", "cut off twice"),
        ("[[cut]]\nenergy = \"a\"\nleft = 1\nleft_mw = 2\n", "drill.toml:4:8", "one of the two"),
        ("[[evidence]]\nsubject = \"clinic\"\nkey = \"k\"\nvalue = \"v\"\n", "drill.toml:3:11", "app:clinic"),
        ("[[evidence]]\nsubject = \"app:clinic\"\nkey = \"k\"\n", "drill.toml:2:1", "lacks its `value`"),
    ] {
        let said = parsed(text);
        assert!(said.contains(place) && said.contains(words), "{text}\n{said}");
    }
}

#[test]
fn law_that_no_realm_could_have_is_refused_where_it_stands() {
    let place = republic();
    let refused = |text: &str| {
        said(
            &desk(usual(&place), &place.archive, None, &supplied(&format!("title = \"x\"\n{text}")).unwrap())
                .unwrap_err(),
        )
    };
    let rule = |text: &str| refused(&format!("[[law]]\nrule = \"strategic-sectors\"\ntext = '''\n{text}\n'''\n"));
    let syntax = rule("@id(\"strategic-sectors\")\nforbid (principal, action, resource) wenn { true };");
    assert!(syntax.contains("drill.toml:6:"), "{syntax}");
    let head =
        "@title(\"x\")\n@cite(\"y\")\n@status(\"in_force\")\n@from(\"2020-01-01\")\n@verified_on(\"2026-01-01\")";
    let any = "forbid (principal, action == Action::\"infer\", resource);";
    let other = rule(&format!("@id(\"another\")\n{head}\n{any}"));
    assert!(
        other.contains("drill.toml:4:8") && other.contains("one policy with `@id(\"strategic-sectors\")`"),
        "{other}"
    );
    let law = rule(&format!("@id(\"strategic-sectors\")\n{head}\n{}", any.replace("forbid", "permit")));
    assert!(law.contains("drill.toml:"), "a law only forbids, in a scenario too: {law}");
    for (text, at) in [
        ("[[law]]\npack = \"gdpr\"\non = false\n", "drill.toml:3:8"),
        ("[[law]]\nrule = \"aia-oversight\"\non = true\n", "drill.toml:3:8"),
        ("[[evidence]]\nsubject = \"app:clinik\"\nkey = \"k\"\nvalue = \"v\"\n", "drill.toml:3:11"),
        ("[[evidence]]\nsubject = \"app:clinic\"\nkey = \"overseer\"\nvalue = \"v\"\n", "drill.toml:4:7"),
    ] {
        let said = refused(text);
        assert!(said.contains(at), "{text}\n{said}");
    }
}

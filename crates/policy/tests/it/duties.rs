//! Duties of catalogues, and how a framework scores.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use policy::duty::{Abroad, Assessment, Framework, Met, standing, standing_among};
use policy::{Compiled, compile};
use realm::World;
use realm::load::Lang;
use realm::world::{Pack, PackFile, PackTexts};

use crate::world::{BASE, TODAY, evidence, pack_id, sources, world};

const CATALOGUE: &str = r#"
[[duty]]
id = "exit"
en = "There is an exit plan"
ru = "Есть план выхода"
cite = "Act 1, Article 2"
status = "in_force"
from = 2025-01-17
verified_on = 2026-11-26
scope = "organisation"
evidence = ["organisation.exit_plan"]
[[duty]]
id = "register"
en = "The register is filed"
ru = "Реестр сдан"
cite = "Act 1, Article 3"
status = "draft"
scope = "calendar"
"#;

fn with_catalogue(text: &str, change: impl FnOnce(&mut World)) -> World {
    let mut world = world();
    world.rules = sources(BASE, "");
    let file = PackFile { path: PathBuf::from("packs/law/catalogue.toml"), text: text.to_owned() };
    let pack = Pack {
        id: pack_id("law"),
        title: "Law".into(),
        version: "1".into(),
        jurisdiction: None,
        sources: Vec::new(),
        verified_on: None,
        texts: PackTexts::default(),
        catalogue: Some(file),
    };
    world.packs.insert(pack_id("law"), pack);
    change(&mut world);
    world
}

fn compiled(world: &World) -> Compiled {
    compile(world).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_duty_is_met_where_everybody_shows_it_and_not_met_where_somebody_cannot() {
    let met = |rows: &[(&str, &str)]| {
        let world = with_catalogue(CATALOGUE, |world| {
            world.evidence = rows.iter().map(|(subject, value)| evidence(subject, "exit_plan", value, None)).collect();
        });
        let compiled = compiled(&world);
        assert!(compiled.warnings().is_empty(), "a catalogue's evidence is asked for: {:?}", compiled.warnings());
        let all = standing(compiled.duties(), &world, TODAY);
        (all[0].met, all[0].lacking.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let (hospital, travel) = ("organisation:hospital", "organisation:travel");
    assert_eq!(met(&[(hospital, "plan 7"), (travel, "plan 8")]), (Met::Met, vec![]));
    let one = vec!["organisation:travel exit_plan".to_owned()];
    assert_eq!(met(&[(hospital, "plan 7")]), (Met::Unknown, one.clone()));
    assert_eq!(met(&[(hospital, "plan 7"), (travel, "none")]), (Met::NotMet, one));
    assert_eq!(met(&[]).0, Met::Unknown, "suppliers owe nothing of it, and both who answer for apps do");
}

#[test]
fn evidence_that_ran_out_shows_nothing_and_a_draft_binds_nobody() {
    let world = with_catalogue(CATALOGUE, |world| {
        let until = |subject| evidence(subject, "exit_plan", "plan", Some(date(2026, 12, 31)));
        world.evidence = vec![until("organisation:hospital"), until("organisation:travel")];
    });
    let compiled = compiled(&world);
    let on = |day| standing(compiled.duties(), &world, day).iter().map(|it| (it.met, it.binds)).collect::<Vec<_>>();
    assert_eq!(on(date(2026, 12, 31)), [(Met::Met, true), (Met::Unknown, false)]);
    assert_eq!(on(date(2027, 1, 1))[0], (Met::Unknown, true));
    assert!(!on(date(2025, 1, 16))[0].1);
    let all = standing(compiled.duties(), &world, TODAY);
    for lang in [Lang::En, Lang::Ru] {
        let page = policy::duty::to_text(&all, lang, None);
        assert!(page.contains("law/exit") && !page.contains("explain."), "{page}");
    }
    assert_eq!(all[0].to_json()["state"], "met");
}

#[test]
fn of_a_part_of_the_realm_evidence_is_asked_of_that_part_alone() {
    let world = with_catalogue(CATALOGUE, |world| {
        world.evidence = vec![evidence("organisation:hospital", "exit_plan", "plan", None)];
    });
    let compiled = compiled(&world);
    let among = |named: &str| {
        let all = standing_among(compiled.duties(), &world, TODAY, &|subject| subject == named);
        (all[0].met, all[0].lacking.len())
    };
    assert_eq!(among("organisation:hospital"), (Met::Met, 0));
    assert_eq!(among("organisation:travel"), (Met::Unknown, 1));
    assert_eq!(among("organisation:nobody"), (Met::Unknown, 0), "what is asked of nobody is not shown");
}

#[test]
fn a_duty_says_when_it_begins_and_a_draft_never_does() {
    let compiled = compiled(&with_catalogue(CATALOGUE, |_| {}));
    let next = |place: usize, day| compiled.duties()[place].next_change(day);
    assert_eq!(next(0, date(2025, 1, 16)), Some(date(2025, 1, 17)));
    assert_eq!((next(0, date(2025, 1, 17)), next(1, date(2000, 1, 1))), (None, None));
}

#[test]
fn a_catalogue_says_what_is_wrong_with_it() {
    let problems = |from: &str, to: &str| {
        let text = CATALOGUE.replacen(from, to, 1);
        assert_ne!(text, CATALOGUE);
        let problems = compile(&with_catalogue(&text, |_| {})).expect_err("refused");
        problems.iter().map(|it| format!("{}:{} {}", it.file.display(), it.line, it.code)).collect::<Vec<_>>()
    };
    let at = |line: usize, code: &str| vec![format!("packs/law/catalogue.toml:{line} {code}")];
    assert_eq!(problems("verified_on = 2026-11-26\n", ""), at(2, "policy.duty_unverified"));
    assert_eq!(problems("id = \"register\"", "id = \"exit\""), at(12, "policy.duty_twice"));
    assert_eq!(problems("scope = \"calendar\"", "scope = \"yearly\""), at(18, "policy.toml_word"));
    assert_eq!(problems("organisation.exit_plan", "exit_plan"), at(2, "policy.bad_evidence_key"));
    assert_eq!(problems("ru = \"Реестр сдан\"\n", ""), at(12, "policy.toml_missing"));
    let weights = "framework = \"F\"\n[[objective]]\nid = \"A\"\nen = \"A\"\nru = \"А\"\nweight = 99\n";
    let problems = compile(&with_catalogue(weights, |_| {})).expect_err("refused");
    assert_eq!(problems[0].code, "policy.framework_weights");
}

/// Eight objectives, as the Cloud Sovereignty Framework weighs them.
fn framework() -> Framework {
    let weights = [15, 10, 10, 15, 20, 15, 10, 5];
    let objective = |(place, weight): (usize, &u32)| {
        let cap = if place < 2 { "parent_abroad = 2\n" } else { "" };
        format!("[[objective]]\nid = \"SOV-{}\"\nen = \"a\"\nru = \"а\"\nweight = {weight}\n{cap}", place + 1)
    };
    let text = format!("framework = \"F\"\n{}", weights.iter().enumerate().map(objective).collect::<String>());
    compiled(&with_catalogue(&text, |_| {})).frameworks()[0].clone()
}

fn entered(framework: &Framework, ratios: [u32; 8], seals: [u8; 8]) -> String {
    let one = |(objective, (ratio, seal)): (&policy::duty::Objective, (u32, u8))| {
        format!(
            "[[criterion]]\nid = \"{0}-a\"\nobjective = \"{0}\"\npoints = {ratio}\nmax = 100\nseal = {seal}\nevidence = \"https://x.example/{0}\"\nowner = \"Ada\"\nexpires = 2027-01-01\n",
            objective.id
        )
    };
    framework.objectives.iter().zip(ratios.into_iter().zip(seals)).map(one).collect()
}

fn assess(framework: &Framework, text: &str, abroad: Abroad) -> policy::duty::Assessed {
    let assessment = Assessment::read(Path::new("a.toml"), text, framework);
    framework.assess(&assessment.unwrap_or_else(|problems| panic!("{problems:?}")), abroad, TODAY)
}

const RATIOS: [u32; 8] = [80, 60, 70, 75, 50, 90, 80, 40];

#[test]
fn the_score_is_the_weighted_sum_and_the_seal_is_the_lowest() {
    let framework = framework();
    let text = entered(&framework, RATIOS, [4, 3, 3, 3, 2, 4, 3, 1]);
    let assessed = assess(&framework, &text, Abroad::default());
    assert_eq!((assessed.score.map(|it| it.to_string()).as_deref(), assessed.seal), (Some("69.75"), Some(1)));
    let page = assessed.to_text(&framework, Lang::En, None);
    assert!(page.contains("SEAL (the lowest): 1; score: 69.75"), "{page}");
    assert_eq!(assessed.to_json()["score"], "69.75");
}

#[test]
fn a_claim_without_evidence_owner_or_day_counts_as_nothing() {
    let framework = framework();
    let text = entered(&framework, RATIOS, [4; 8]);
    assert_eq!(assess(&framework, &text, Abroad::default()).seal, Some(4));
    for gone in ["evidence = \"https://x.example/SOV-3\"\n", "owner = \"Ada\"\n", "expires = 2027-01-01\n"] {
        let assessed = assess(&framework, &text.replacen(gone, "", 1), Abroad::default());
        assert_eq!(assessed.seal, Some(0), "{gone}");
        assert_eq!(assessed.objectives.iter().filter(|it| it.not_counted.is_empty()).count(), 7);
    }
    let over = text.replacen("2027-01-01", "2026-11-01", 1);
    assert_eq!(assess(&framework, &over, Abroad::default()).objectives[0].seal, Some(0));
}

#[test]
fn what_nobody_entered_is_unknown_and_facts_of_the_realm_cap_a_claim() {
    let framework = framework();
    let text = entered(&framework, RATIOS, [4; 8]);
    let seven = &text[..text.rfind("[[criterion]]").unwrap()];
    let assessed = assess(&framework, seven, Abroad::default());
    assert_eq!((assessed.score, assessed.seal, assessed.objectives[7].seal), (None, None, None));
    let capped = assess(&framework, &text, Abroad { parent: Some(true), access: None });
    assert_eq!((capped.seal, capped.objectives[0].seal, capped.objectives[2].seal), (Some(2), Some(2), Some(4)));
    assert!(capped.objectives[1].capped && !capped.objectives[2].capped);
    let wrong = text.replacen("points = 80", "points = 101", 1).replacen("SOV-2\"\n", "SOV-9\"\n", 1);
    let problems = Assessment::read(Path::new("a.toml"), &wrong, &framework).unwrap_err();
    assert_eq!(problems.iter().map(|it| it.code).collect::<Vec<_>>(), ["policy.toml_value", "policy.toml_word"]);
}

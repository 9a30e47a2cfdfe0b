//! What `compile` refuses, with the place it points at.

use policy::{Status, compile};
use realm::load::{Lang, Severity, render};

use crate::golden;
use crate::world::{BASE, TODAY, evidence, law, own, with_rules, world};

/// The problems of some rules as `file:line:column code`, errors and warnings.
fn problems(own: &str, law: &str) -> Vec<String> {
    let world = with_rules(own, law);
    let problems = match compile(&world) {
        Ok(compiled) => compiled.warnings().to_vec(),
        Err(problems) => problems,
    };
    for problem in &problems {
        let text = problem.text(Lang::En);
        assert_ne!(text.message, problem.code, "every code has a message");
        assert!(!text.message.contains("{$") && !text.message.contains("{ $"), "unfilled: {}", text.message);
    }
    problems.iter().map(|problem| format!("{} {}", problem.place(), problem.code)).collect()
}

fn help(own: &str, law: &str) -> String {
    let problems = compile(&with_rules(own, law)).expect_err("these rules are refused");
    problems.iter().filter_map(|problem| problem.help(Lang::En)).collect::<Vec<_>>().join("\n")
}

const FORBID: &str = "forbid (principal, action, resource);";

#[test]
fn good_rules_have_their_annotations() {
    let text = law("transfer-1", FORBID).replace("@status(\"in_force\")", "@status(\"draft\") @until(\"2027-12-31\")");
    let compiled = compile(&with_rules(BASE, &text)).expect("these rules are good");
    assert!(compiled.warnings().is_empty());
    let rule = &compiled.rules()[1];
    assert_eq!(rule.id.as_str(), "transfer-1");
    assert_eq!((&*rule.title, &*rule.cite), ("Title of transfer-1", "Act 1, Art. 2"));
    assert_eq!(rule.status, Status::Draft);
    assert_eq!(rule.until.map(|it| it.to_string()).as_deref(), Some("2027-12-31"));
    assert_eq!((rule.file.to_str(), rule.line), (Some("packs/law/rules.cedar"), 1));
    assert_eq!(rule.pack.as_ref().map(|it| it.as_str()), Some("law"));
    assert!(rule.text().starts_with("@id(\"transfer-1\")") && rule.text().ends_with(FORBID));
    assert!(compiled.rule(&rule.id).is_some());
}

#[test]
fn each_origin_has_its_required_annotations() {
    let bare = "@id(\"x\") forbid (principal, action, resource);";
    assert_eq!(
        problems(bare, ""),
        ["policies/own.cedar:1:1 policy.missing_annotation", "policies/own.cedar:1:1 policy.missing_annotation"]
    );
    assert_eq!(problems("", bare).len(), 5, "title, cite, status, from, verified_on");
    let unverified = law("x", FORBID).replace("@verified_on(\"2026-11-01\")", "");
    assert_eq!(problems(BASE, &unverified), ["packs/law/rules.cedar:1:1 policy.missing_annotation"]);
    for status in ["draft", "voluntary"] {
        assert_eq!(problems(BASE, &unverified.replace("in_force", status)), Vec::<String>::new(), "what does not bind");
    }
    assert_eq!(problems("permit (principal, action, resource);", "").len(), 1, "an own permit needs an id");
    assert_eq!(problems(BASE, ""), Vec::<String>::new());
}

#[test]
fn annotations_must_make_sense() {
    let changed = |from: &str, to: &str| problems(BASE, &law("x", FORBID).replace(from, to));
    assert_eq!(
        changed("@status(\"in_force\")", "@status(\"in-force\")"),
        ["packs/law/rules.cedar:1:54 policy.bad_word"]
    );
    assert_eq!(changed("2026-01-01", "2026-02-30"), ["packs/law/rules.cedar:1:74 policy.bad_date"]);
    assert_eq!(changed("2026-01-01", "20260101"), ["packs/law/rules.cedar:1:74 policy.bad_date"]);
    assert_eq!(changed("@id(\"x\")", "@id(\"X 1\")"), ["packs/law/rules.cedar:1:1 policy.bad_id"]);
    assert_eq!(
        changed("@from(\"2026-01-01\")", "@from(\"2026-01-01\") @until(\"2025-12-31\")"),
        ["packs/law/rules.cedar:1:94 policy.dates_reversed"]
    );
    assert_eq!(
        changed("@from(\"2026-01-01\")", "@from(\"2026-01-01\") @untl(\"2026-12-31\")"),
        ["packs/law/rules.cedar:1:94 policy.unknown_annotation"]
    );
    assert_eq!(changed("@id", "@evidence(\"exit_plan\") @id"), ["packs/law/rules.cedar:1:1 policy.bad_evidence_key"]);
}

#[test]
fn a_misspelt_annotation_gets_its_nearest_name() {
    let text = law("x", FORBID).replace("@from", "@untl(\"2027-01-01\") @from");
    assert!(help(BASE, &text).contains("did you mean `@until`?"));
}

#[test]
fn ids_are_unique_across_files() {
    let problems = problems(&(BASE.to_owned() + &own("x", FORBID)), &law("x", FORBID));
    assert_eq!(problems, ["packs/law/rules.cedar:1:1 policy.duplicate_id"]);
}

#[test]
fn a_law_only_forbids() {
    let permit = law("x", "permit (principal, action, resource);");
    assert_eq!(problems(BASE, &permit), ["packs/law/rules.cedar:1:1 policy.pack_permits"]);
}

#[test]
fn a_rule_decides_or_obliges() {
    let oblige = "forbid (principal, action == Action::\"oblige\", resource);";
    let both = "forbid (principal, action in [Action::\"oblige\", Action::\"infer\"], resource);";
    assert_eq!(problems(BASE, &law("x", oblige)), ["packs/law/rules.cedar:1:1 policy.missing_annotation"]);
    assert_eq!(problems(BASE, &law("x", both)), ["packs/law/rules.cedar:1:1 policy.decides_and_obliges"]);
    let labelled = format!("@obligation(\"label\") {oblige}");
    assert_eq!(problems(BASE, &law("x", &labelled)), Vec::<String>::new());
    let decides = format!("@obligation(\"label\") {FORBID}");
    assert_eq!(problems(BASE, &law("x", &decides)), ["packs/law/rules.cedar:2:1 policy.obligation_of_decision"]);
    let permit = "@id(\"p\") @obligation(\"label\") permit (principal, action == Action::\"oblige\", resource);";
    assert_eq!(problems(&format!("{BASE}{permit}"), ""), ["policies/own.cedar:2:1 policy.permit_obliges"]);
}

#[test]
fn numbers_of_a_duty_are_bounded_and_belong_to_its_kind() {
    let oblige = "forbid (principal, action == Action::\"oblige\", resource);";
    let one = |words: &str| problems(BASE, &law("x", &format!("{words} {oblige}")));
    assert_eq!(one("@obligation(\"approval\") @approvers(\"2\")"), Vec::<String>::new());
    assert_eq!(one("@obligation(\"notify\") @within_hours(\"72\")"), Vec::<String>::new());
    for wrong in [
        "@obligation(\"approval\") @approvers(\"0\")",
        "@obligation(\"approval\") @approvers(\"10\")",
        "@obligation(\"approval\") @approvers(\"both\")",
        "@obligation(\"label\") @approvers(\"2\")",
        "@obligation(\"approval\") @within_hours(\"72\")",
        "@obligation(\"notify\") @within_hours(\"9000\")",
    ] {
        let found = one(wrong);
        assert!(found.len() == 1 && found[0].ends_with("policy.bad_number"), "{wrong}: {found:?}");
    }
}

#[test]
fn a_law_may_not_test_a_fact() {
    for tested in [
        "principal has overseer",
        "context has user_jurisdiction",
        "resource.provider.evidence has exit_plan",
        "resource.provider has evidence.exit_plan",
    ] {
        let rule =
            format!("@evidence(\"provider.exit_plan\") forbid (principal, action, resource) when {{ {tested} }};");
        assert_eq!(problems(BASE, &law("x", &rule)), ["packs/law/rules.cedar:2:77 policy.has_on_fact"], "{tested}");
        assert_eq!(problems(&format!("{BASE}{}", own("x", &rule)), ""), Vec::<String>::new(), "{tested}");
    }
}

#[test]
fn what_is_known_comes_before_facts() {
    let rule = |condition: &str| law("x", &format!("forbid (principal, action, resource) when {{ {condition} }};"));
    let known = "principal.sector.strategic";
    let fact = "principal.overseer == \"Ada\"";
    for good in [
        format!("{known} && {fact}"),
        format!("{known} || {fact}"),
        format!("{known} && {fact} && context.user_jurisdiction == \"XB\""),
        format!("!({known} && {fact})"),
        format!("{known} && ({known} || {fact})"),
    ] {
        assert_eq!(problems(BASE, &rule(&good)), Vec::<String>::new(), "{good}");
    }
    for bad in [
        format!("{fact} && {known}"),
        format!("{fact} || {known}"),
        format!("{known} && {fact} && {known}"),
        format!("!({fact} && {known})"),
        format!("if {known} then {fact} && {known} else false"),
    ] {
        let problems = problems(BASE, &rule(&bad));
        assert!(problems.len() == 1 && problems[0].ends_with("policy.fact_before_scope"), "{bad}: {problems:?}");
    }
    // `unless` is a conjunct too, and comes last.
    let unless = format!("forbid (principal, action, resource) when {{ {fact} }} unless {{ {known} }};");
    assert_eq!(problems(BASE, &law("x", &unless)), ["packs/law/rules.cedar:2:75 policy.fact_before_scope"]);
    // A permit that errs is not satisfied in either order.
    let permit = format!("@id(\"p\") permit (principal, action, resource) when {{ {fact} && {known} }};");
    assert_eq!(problems(&permit, ""), Vec::<String>::new());
}

#[test]
fn types_are_strict_and_names_are_suggested() {
    let rule = |condition: &str| law("x", &format!("forbid (principal, action, resource) when {{ {condition} }};"));
    for bad in [
        "principal.criticality == \"high\"",
        "principal.sectr.strategic",
        "context.classes.contains(\"personal\")",
        "resource.provider.evidence.exit_plan == \"yes\"",
        "principal in Sektor::\"health\"",
    ] {
        let problems = problems(BASE, &rule(bad));
        assert_eq!(problems.len(), 1, "{bad}: {problems:?}");
        assert!(problems[0].starts_with("packs/law/rules.cedar:2:"), "{bad}: {problems:?}");
    }
    assert!(help(BASE, &rule("principal.sectr.strategic")).contains("sector"));
    assert!(help(BASE, &rule("principal.risk_tier == \"hihg\"")).contains("did you mean `high`?"));
}

#[test]
fn words_that_never_occur_are_refused() {
    let rule = |condition: &str| law("x", &format!("forbid (principal, action, resource) when {{ {condition} }};"));
    for bad in [
        "principal.risk_tier == \"severe\"",
        "[\"high\", \"severe\"].contains(principal.risk_tier)",
        "principal.data_classes.contains(\"private\")",
        "principal.data_classes.containsAny([\"private\"])",
        "resource.provider.access_path == \"root\"",
    ] {
        let problems = problems(BASE, &rule(bad));
        assert!(problems.len() == 1 && problems[0].ends_with("policy.unknown_word"), "{bad}: {problems:?}");
    }
    assert_eq!(problems(BASE, &rule("resource.host == \"SUED\"")), ["packs/law/rules.cedar:2:62 policy.unknown_place"]);
    assert_eq!(problems(BASE, &rule("resource.residency.contains(\"NORD\")")), Vec::<String>::new());
}

#[test]
fn ids_that_do_not_exist_are_refused_in_own_rules_and_said_of_laws() {
    let rule = "forbid (principal in Sector::\"helth\", action, resource);";
    let own = compile(&with_rules(&format!("{BASE}{}", own("x", rule)), "")).expect_err("refused");
    assert_eq!(
        (own[0].code, own[0].severity, own[0].place()),
        ("policy.unknown_id", Severity::Error, "policies/own.cedar:3:22".into())
    );
    assert_eq!(own[0].help(Lang::En).as_deref(), Some("did you mean `health`?"));
    let compiled = compile(&with_rules(BASE, &law("x", rule))).expect("a law may name what a realm does not have");
    assert_eq!(
        (compiled.warnings()[0].code, compiled.warnings()[0].severity),
        ("policy.unknown_id", Severity::Warning)
    );
}

#[test]
fn evidence_is_declared_by_the_rule_that_asks() {
    let rule = "forbid (principal, action, resource) when { resource.provider.evidence.exit_plan == \"none\" };";
    let declared = format!("@evidence(\"provider.exit_plan\") {rule}");
    assert_eq!(problems(BASE, &law("x", &declared)), Vec::<String>::new());
    let near = format!("@evidence(\"provider.exit_plam\") {rule}");
    assert_eq!(problems(BASE, &law("x", &near)), ["packs/law/rules.cedar:2:77 policy.undeclared_evidence"]);
    let other = format!("@evidence(\"app.exit_plan\") {rule}");
    assert_eq!(problems(BASE, &law("x", &other)), ["packs/law/rules.cedar:2:72 policy.type"]);
}

#[test]
fn evidence_that_nobody_asks_for_is_said() {
    let mut world = world();
    world.rules = crate::world::sources(BASE, "");
    world.evidence = vec![evidence("provider:meridian", "exit_plan", "yes", Some(TODAY))];
    let compiled = compile(&world).expect("nothing is wrong");
    assert_eq!(compiled.warnings().iter().map(|it| it.code).collect::<Vec<_>>(), ["policy.spare_evidence"]);
    assert_eq!(compiled.next_change(TODAY), None, "what no rule sees changes nothing when it ends");
}

#[test]
fn all_problems_come_in_one_run_with_their_places() {
    let broken = "@id(\"a\") permit (principal action, resource);";
    let text = format!(
        "{}\n{}",
        law("x", "permit (principal, action, resource);"),
        law("y", "forbid (principal, action, resource) when { principal.nothing };")
    );
    let problems = problems(broken, &text);
    assert_eq!(
        problems,
        [
            "packs/law/rules.cedar:1:1 policy.pack_permits",
            "packs/law/rules.cedar:5:45 policy.type",
            "policies/own.cedar:1:28 policy.syntax",
        ]
    );
}

#[test]
fn slots_and_silence_are_said() {
    let slots = "@id(\"a\") permit (principal == ?principal, action, resource);";
    assert_eq!(problems(&format!("{BASE}{slots}"), ""), ["policies/own.cedar:2:1 policy.template"]);
    assert_eq!(problems("", &law("x", FORBID)), [" policy.nothing_permitted"]);
}

#[test]
fn a_rule_that_can_never_fire_is_said() {
    let never = "forbid (principal, action, resource) when { false };";
    assert_eq!(problems(BASE, &law("x", never)), ["packs/law/rules.cedar:1:1 policy.suspicious"]);
}

/// What people see: a few rules with mistakes that people make.
#[test]
fn problems_read_well() {
    let scope = "forbid (\n  principal in Sector::\"helth\",\n  action == Action::\"infer\",\n  resource\n)\n";
    let own = format!("{BASE}{}", own("a", &format!("{scope}when {{ principal.risk_tier == \"hihg\" }};")));
    let laws = [
        law("b", &format!("{scope}when {{ context.user_jurisdiction == \"XB\" && principal.sector.strategic }};")),
        law("c", &format!("{scope}when {{ context has user_places }};")).replace("@from", "@form"),
        law("d", &format!("{scope}when {{ resource.hots == \"XB\" }};")).replace("2026-11-01", "1 November 2026"),
    ];
    let problems = compile(&with_rules(&own, &laws.concat())).expect_err("these rules are refused");
    golden::check("problems.en.txt", &render(&problems, Lang::En, false));
    golden::check("problems.ru.txt", &render(&problems, Lang::Ru, false));
}

//! What people and programs are shown.

use std::collections::BTreeSet;

use jiff::civil::date;
use policy::Compiled;
use policy::explain::{Matrix, Question, Tone, explain, targets};
use realm::load::Lang;
use realm::{ClassSet, DataClass};
use serde_json::json;

use crate::deciding::compiled;
use crate::golden;
use crate::world::{BASE, TODAY, app_id, classes, evidence, law, own, with_rules};

/// A realm with one rule of every kind.
fn everything() -> Compiled {
    let hide = "@evidence(\"provider.safeguard\") forbid (principal, action == Action::\"disclose\", resource) when \
                { context.class == \"personal\" && !resource.residency.contains(context.home) && resource.provider.evidence.safeguard == \"none\" };";
    let secret = "forbid (principal, action == Action::\"disclose\", resource) when { context.class == \"secret\" && !resource.residency.contains(context.home) };";
    let special = "forbid (principal, action == Action::\"infer\", resource) when { context.classes.contains(\"special\") && principal.overseer == \"Ada\" };";
    let label = "@obligation(\"label\") forbid (principal, action == Action::\"oblige\", resource);";
    let draft = "forbid (principal, action == Action::\"infer\", resource) when { principal.sector.strategic && !resource.residency.contains(context.home) };";
    let laws = [
        law("hide-personal", hide),
        law("see-special", special),
        law("label-answers", label),
        law("strategic-home", draft).replace("@from(\"2026-01-01\")", "@from(\"2027-01-01\") @until(\"2029-12-31\")"),
    ];
    let mut world = with_rules(&format!("{BASE}{}", own("secret-stays", secret)), &laws.concat());
    world.evidence = vec![evidence("provider:meridian", "safeguard", "none", None)];
    for app in world.apps.values_mut() {
        app.routes.insert(crate::world::route_id("domestic"));
    }
    compiled(&world)
}

fn question(app: &realm::AppId, located: ClassSet, diffuse: ClassSet) -> Question<'_> {
    Question { app, located, diffuse, purpose: "work", user_jurisdiction: None, date: TODAY }
}

#[test]
fn the_text_names_rules_facts_and_duties() {
    let compiled = everything();
    let app = app_id("clinic");
    let best = &compiled.world().routes["best"];
    let located = classes(&[DataClass::Personal, DataClass::Special]);
    let shown = explain(&compiled, question(&app, located, ClassSet::EMPTY), targets(best));
    assert!(!shown.is_permitted_somewhere());
    let english = shown.to_text(Lang::En);
    let redacted = explain(&compiled, question(&app, classes(&[DataClass::Personal]), ClassSet::EMPTY), targets(best));
    assert!(redacted.is_permitted_somewhere());
    golden::check("explain.en.txt", &format!("{english}\n{}", redacted.to_text(Lang::En)));
    golden::check("explain.ru.txt", &shown.to_text(Lang::Ru));
}

#[test]
fn the_json_holds_the_same() {
    let compiled = everything();
    let app = app_id("clinic");
    let asked = question(&app, classes(&[DataClass::Personal]), classes(&[DataClass::Secret]));
    let shown = explain(&compiled, asked, targets(&compiled.world().routes["best"])).to_json();
    assert_eq!((&shown["app"], &shown["date"]), (&json!("clinic"), &json!("2026-11-23")));
    let far = &shown["deployments"][0];
    assert_eq!(
        (&far["deployment"], &far["decision"], &far["reason"]),
        (&json!("far"), &json!("deny"), &json!("policy_denied"))
    );
    assert_eq!(far["rules"][0]["id"], "secret-stays");
    assert_eq!(far["rules"][0]["cite"], "Order 7");
    assert_eq!(
        far["classes"][0],
        json!({ "class": "personal", "diffuse": false, "denied": "policy_denied", "rules": ["hide-personal"] })
    );
    let home = &shown["deployments"][1];
    assert_eq!(
        (&home["deployment"], &home["decision"], &home["redact"]),
        (&json!("home"), &json!("permit"), &json!([]))
    );
    assert_eq!(home["obligations"][0]["kind"], "label");
    assert_eq!(home["shadow"], json!(null));
}

#[test]
fn a_deployment_that_does_not_exist_is_left_out() {
    let compiled = everything();
    let (app, ghost) = (app_id("clinic"), crate::world::deployment_id("ghost"));
    assert!(explain(&compiled, question(&app, ClassSet::EMPTY, ClassSet::EMPTY), [&ghost]).rows().is_empty());
}

#[test]
fn the_matrix_has_every_app_route_deployment_and_class() {
    let compiled = everything();
    let matrix = Matrix::of(&compiled, TODAY);
    golden::check("matrix.en.txt", &matrix.to_text(Lang::En));
    golden::check("matrix.ru.txt", &matrix.to_text(Lang::Ru));
    let again = Matrix::of(&everything(), TODAY);
    assert_eq!(matrix.to_json(), again.to_json());
    let far = matrix.lines().iter().find(|line| line.app.as_str() == "clinic" && line.deployment.as_str() == "far");
    let far = far.expect("the clinic's route leads abroad");
    let tones: Vec<Tone> = far.cells.iter().map(|cell| cell.tone).collect();
    // No class, public, internal, personal, special (its overseer is unknown), secret.
    assert_eq!(tones, [Tone::Permit, Tone::Permit, Tone::Permit, Tone::Redact, Tone::Deny, Tone::Redact]);
    assert!(far.cells.iter().all(|cell| cell.shadow || cell.tone == Tone::Deny), "next year's rule denies all of it");
    let later = Matrix::of(&compiled, date(2027, 1, 1));
    assert_ne!(later.to_text(Lang::En), matrix.to_text(Lang::En));
}

/// Messages and attributes of a catalogue, each with the arguments it names.
fn keys(catalogue: &str) -> BTreeSet<String> {
    let mut message = "";
    let mut keys = BTreeSet::new();
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, text)) = line.split_once(" =") else { continue };
        let mut arguments: Vec<&str> = text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
        arguments.sort_unstable();
        let attribute = key.trim_start().strip_prefix('.');
        if attribute.is_none() {
            message = key;
        }
        assert!(
            keys.insert(format!("{message} {} {arguments:?}", attribute.unwrap_or_default())),
            "{key} is there twice"
        );
    }
    keys
}

#[test]
fn both_languages_say_the_same_things() {
    let (en, ru) = (keys(include_str!("../../locales/en.ftl")), keys(include_str!("../../locales/ru.ftl")));
    assert!(en.len() > 60, "they were read: {}", en.len());
    assert_eq!(en, ru);
}

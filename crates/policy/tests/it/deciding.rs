//! Single decisions, and the table of every class, place and outcome of `disclose`.

use jiff::civil::{Date, date};
use policy::{Asked, Compiled, Decision, Denial, ObligationKind, Verdict, compile};
use realm::world::{Unknown, World};
use realm::{ClassSet, DataClass, Jurisdiction};

use crate::world::{
    BASE, TODAY, app_id, classes, deployment_id, evidence, law, own, place, sources, with_rules, world,
};

pub struct Question {
    pub app: &'static str,
    pub deployment: &'static str,
    pub located: ClassSet,
    pub diffuse: ClassSet,
    pub user: Option<Jurisdiction>,
    pub date: Date,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            app: "clinic",
            deployment: "far",
            located: ClassSet::EMPTY,
            diffuse: ClassSet::EMPTY,
            user: None,
            date: TODAY,
        }
    }
}

impl Question {
    pub fn ask(&self, compiled: &Compiled) -> Decision {
        let (app, deployment) = (app_id(self.app), deployment_id(self.deployment));
        compiled.decide(&Asked {
            app: &app,
            deployment: &deployment,
            located: self.located,
            diffuse: self.diffuse,
            purpose: "work",
            user_jurisdiction: self.user.as_ref(),
            date: self.date,
        })
    }
}

pub fn compiled(world: &World) -> Compiled {
    compile(world).unwrap_or_else(|problems| {
        panic!("{}", realm::load::render(&problems, realm::load::Lang::En, false));
    })
}

fn rules(decision: &Decision) -> Vec<&str> {
    decision.rules.iter().map(|rule| rule.id.as_str()).collect()
}

fn facts(decision: &Decision) -> Vec<(&str, &str)> {
    decision.unknown.iter().map(|it| (it.rule.id.as_str(), it.fact.as_str())).collect()
}

const PERSONAL: &[DataClass] = &[DataClass::Personal];

#[test]
fn nothing_is_permitted_without_a_permit() {
    let decision = Question::default().ask(&compiled(&with_rules("", "")));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::NoPermit));
    let elsewhere = "@id(\"p\") permit (principal == App::\"desk\", action, resource);";
    let decision = Question::default().ask(&compiled(&with_rules(elsewhere, "")));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::NoPermit));
    assert!(decision.rules.is_empty());
}

#[test]
fn what_the_realm_does_not_have_is_denied() {
    let compiled = compiled(&with_rules(BASE, ""));
    for question in
        [Question { app: "ghost", ..Question::default() }, Question { deployment: "ghost", ..Question::default() }]
    {
        assert_eq!(question.ask(&compiled).verdict, Verdict::Deny(Denial::NoPermit));
    }
}

#[test]
fn a_forbid_overrides_and_is_named() {
    let rule = "forbid (principal, action == Action::\"infer\", resource) \
                when { principal.sector.strategic && !resource.residency.contains(context.home) };";
    let compiled = compiled(&with_rules(BASE, &law("strategic", rule)));
    let decision = Question::default().ask(&compiled);
    assert_eq!((decision.verdict, rules(&decision)), (Verdict::Deny(Denial::PolicyDenied), vec!["strategic"]));
    assert_eq!(&*decision.rules[0].cite, "Act 1, Art. 2");
    for question in
        [Question { app: "desk", ..Question::default() }, Question { deployment: "home", ..Question::default() }]
    {
        let decision = question.ask(&compiled);
        assert_eq!((decision.verdict, rules(&decision)), (Verdict::Permit, vec!["base"]));
    }
}

#[test]
fn infer_sees_only_what_remains() {
    let disclose = law(
        "d",
        "forbid (principal, action == Action::\"disclose\", resource) when { context.class == \"personal\" };",
    );
    let infer = law(
        "i",
        "forbid (principal, action == Action::\"infer\", resource) when { context.classes.contains(\"personal\") };",
    );
    let both = compiled(&with_rules(BASE, &format!("{disclose}{infer}")));
    let question = Question { located: classes(PERSONAL), ..Question::default() };
    let decision = question.ask(&both);
    assert_eq!(decision.verdict, Verdict::Permit);
    assert_eq!((decision.redact, decision.residual), (classes(PERSONAL), ClassSet::EMPTY));
    assert_eq!(rules(&decision), ["base", "d"]);
    let decision = question.ask(&compiled(&with_rules(BASE, &infer)));
    assert_eq!((decision.verdict, decision.residual), (Verdict::Deny(Denial::PolicyDenied), classes(PERSONAL)));
}

#[test]
fn disclosure_needs_a_permit_too() {
    let only_infer = "@id(\"p\") permit (principal, action == Action::\"infer\", resource);";
    let compiled = compiled(&with_rules(only_infer, ""));
    let located = Question { located: classes(PERSONAL), ..Question::default() }.ask(&compiled);
    assert_eq!((located.verdict, located.redact), (Verdict::Permit, classes(PERSONAL)));
    let diffuse = Question { diffuse: classes(PERSONAL), ..Question::default() }.ask(&compiled);
    assert_eq!(diffuse.verdict, Verdict::Deny(Denial::NoPermit));
}

/// How `disclose` answers for a class.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    Permitted,
    Forbidden,
    NotPermitted,
    UnknownDenies,
    UnknownFlags,
}

/// Every class, located or diffuse or both, and every answer of `disclose`: what must become of it.
#[test]
fn every_class_place_and_answer() {
    use Answer::{Forbidden, NotPermitted, Permitted, UnknownDenies, UnknownFlags};
    for class in DataClass::ALL {
        for answer in [Permitted, Forbidden, NotPermitted, UnknownDenies, UnknownFlags] {
            let mut world = with_rules(&permits(class, answer), &forbids(class, answer));
            world.head.unknown = if answer == UnknownFlags { Unknown::Flag } else { Unknown::Deny };
            let compiled = compiled(&world);
            let set = ClassSet::of(class);
            for (located, diffuse) in [(set, ClassSet::EMPTY), (ClassSet::EMPTY, set), (set, set)] {
                let decision = Question { located, diffuse, ..Question::default() }.ask(&compiled);
                let case = format!("{class} located {located} diffuse {diffuse} {answer:?}");
                let denied = match answer {
                    Permitted | UnknownFlags => None,
                    Forbidden => Some(Denial::PolicyDenied),
                    NotPermitted => Some(Denial::NoPermit),
                    UnknownDenies => Some(Denial::Unknown),
                };
                let (verdict, redact) = match denied {
                    None => (Verdict::Permit, ClassSet::EMPTY),
                    Some(denial) if diffuse.contains(class) => (Verdict::Deny(denial), ClassSet::EMPTY),
                    Some(_) => (Verdict::Permit, set),
                };
                assert_eq!((decision.verdict, decision.redact), (verdict, redact), "{case}");
                assert_eq!(decision.residual, set.minus(redact), "{case}");
                let unknown = matches!(answer, UnknownDenies | UnknownFlags);
                assert_eq!(!decision.unknown.is_empty(), unknown, "{case}");
                let disclosure = &decision.disclosures[0];
                assert_eq!((disclosure.class, disclosure.denied), (class, denied), "{case}");
                assert_eq!(disclosure.diffuse, diffuse.contains(class), "{case}");
            }
        }
    }
}

fn permits(class: DataClass, answer: Answer) -> String {
    match answer {
        Answer::NotPermitted => format!(
            "{BASE}@id(\"no\") permit (principal == App::\"desk\", action == Action::\"disclose\", resource) \
             when {{ context.class == \"{class}\" }};"
        )
        .replace(BASE, "@id(\"base\") permit (principal, action == Action::\"infer\", resource);\n"),
        _ => BASE.to_owned(),
    }
}

fn forbids(class: DataClass, answer: Answer) -> String {
    let rule = |and: &str| {
        let scope = "forbid (principal, action == Action::\"disclose\", resource)";
        law("d", &format!("{scope} when {{ context.class == \"{class}\"{and} }};"))
    };
    match answer {
        Answer::Permitted | Answer::NotPermitted => String::new(),
        Answer::Forbidden => rule(""),
        Answer::UnknownDenies | Answer::UnknownFlags => rule(" && principal.overseer == \"Ada\""),
    }
}

#[test]
fn a_class_that_is_located_and_diffuse_elsewhere_does_not_save_another() {
    let rule = law(
        "d",
        "forbid (principal, action == Action::\"disclose\", resource) when { [\"personal\", \"secret\"].contains(context.class) };",
    );
    let compiled = compiled(&with_rules(BASE, &rule));
    let decision =
        Question { located: classes(PERSONAL), diffuse: classes(&[DataClass::Secret]), ..Question::default() }
            .ask(&compiled);
    assert_eq!(decision.verdict, Verdict::Deny(Denial::PolicyDenied));
    assert_eq!(decision.residual, classes(&[DataClass::Secret]));
}

#[test]
fn a_missing_fact_is_named_and_denies_or_flags() {
    let rule = law(
        "transfer",
        "@evidence(\"provider.safeguard\") forbid (principal, action == Action::\"infer\", resource) \
         when { !resource.residency.contains(context.home) && resource.provider . evidence.safeguard == \"none\" };",
    );
    let mut world = with_rules(BASE, &rule);
    let decision = Question::default().ask(&compiled(&world));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::Unknown));
    assert_eq!(facts(&decision), [("transfer", "resource.provider.evidence.safeguard")]);
    world.head.unknown = Unknown::Flag;
    let decision = Question::default().ask(&compiled(&world));
    assert_eq!((decision.verdict, decision.unknown.len()), (Verdict::Permit, 1));
    // At home the scope says no before the fact is asked for.
    let decision = Question { deployment: "home", ..Question::default() }.ask(&compiled(&world));
    assert_eq!((decision.verdict, decision.unknown.len()), (Verdict::Permit, 0));
}

#[test]
fn a_satisfied_forbid_and_a_missing_permit_weigh_more_than_a_doubt() {
    let doubt = law("doubt", "forbid (principal, action, resource) when { principal.overseer == \"Ada\" };");
    let sure = law("sure", "forbid (principal, action, resource) when { principal.sector.strategic };");
    let decision = Question::default().ask(&compiled(&with_rules(BASE, &format!("{doubt}{sure}"))));
    assert_eq!((decision.verdict, rules(&decision)), (Verdict::Deny(Denial::PolicyDenied), vec!["sure"]));
    assert_eq!(facts(&decision), [("doubt", "principal.overseer")]);
    let decision = Question::default().ask(&compiled(&with_rules("", &doubt)));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::NoPermit));
}

#[test]
fn an_erring_permit_is_not_satisfied() {
    let permit = "@id(\"p\") permit (principal, action, resource) when { principal.overseer == \"Ada\" };";
    let decision = Question::default().ask(&compiled(&with_rules(permit, "")));
    assert_eq!((decision.verdict, decision.unknown.len()), (Verdict::Deny(Denial::NoPermit), 0));
}

#[test]
fn evidence_holds_through_its_last_day() {
    let rule = law(
        "exit",
        "@evidence(\"provider.exit_plan\") forbid (principal, action, resource) \
         when { resource.provider.evidence.exit_plan == \"none\" };",
    );
    let mut world = with_rules(BASE, &rule);
    world.evidence = vec![
        evidence("provider:meridian", "exit_plan", "tested", Some(date(2026, 12, 31))),
        evidence("provider:meridian", "exit_plan", "none", Some(date(2026, 11, 30))),
    ];
    let compiled = compiled(&world);
    let on = |date| Question { date, ..Question::default() }.ask(&compiled).verdict;
    assert_eq!(on(date(2026, 12, 31)), Verdict::Permit);
    assert_eq!(on(date(2026, 11, 30)), Verdict::Permit, "of two, the one that holds longer counts");
    assert_eq!(on(date(2027, 1, 1)), Verdict::Deny(Denial::Unknown));
    assert_eq!(compiled.next_change(date(2026, 11, 1)), Some(date(2026, 12, 1)));
}

/// Days before the year 0 and after 9999 cannot be said to Cedar, and end nobody's request.
#[test]
fn a_day_that_nobody_can_mean_is_decided_about_like_any_other() {
    let compiled = compiled(&with_rules(BASE, ""));
    for day in [Date::MIN, date(-1, 12, 31), date(0, 1, 1), Date::MAX] {
        assert_eq!(Question { date: day, ..Question::default() }.ask(&compiled).verdict, Verdict::Permit, "{day}");
    }
}

#[test]
fn rules_see_the_date_and_the_user() {
    let dated = law("dated", "forbid (principal, action, resource) when { context.date >= datetime(\"2026-12-02\") };");
    let abroad = law("user", "forbid (principal, action, resource) when { context.user_places.contains(\"NORD\") };");
    let dated = compiled(&with_rules(BASE, &dated));
    let on = |date| Question { date, ..Question::default() }.ask(&dated).is_permit();
    assert!(on(date(2026, 12, 1)) && !on(date(2026, 12, 2)));
    let users = compiled(&with_rules(BASE, &abroad));
    let from = |user: Option<&str>| Question { user: user.map(place), ..Question::default() }.ask(&users).verdict;
    assert_eq!(from(Some("XB")), Verdict::Deny(Denial::PolicyDenied));
    assert_eq!(from(Some("XC")), Verdict::Permit);
    assert_eq!(from(None), Verdict::Deny(Denial::Unknown));
}

#[test]
fn numbers_and_ownership_are_derived_facts() {
    let own = own(
        "big",
        "forbid (principal, action, resource) when { resource.model.compute_flop_log10.greaterThan(decimal(\"25.0\")) };",
    );
    let mut world = with_rules(&format!("{BASE}{own}"), "");
    let model = world.models.values_mut().find(|it| it.id.as_str() == "meridian-1").expect("it is there");
    model.training.compute_flop_log10 = Some("25.3010299957".parse().expect("a decimal"));
    let decision = Question::default().ask(&compiled(&world));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::PolicyDenied));
    let decision = Question { deployment: "home", ..Question::default() }.ask(&compiled(&world));
    assert_eq!(facts(&decision), [("big", "resource.model.compute_flop_log10")]);
}

#[test]
fn a_subsidiary_is_in_its_parent_but_not_in_the_parents_sector() {
    let own = "@id(\"org\") permit (principal in Organisation::\"travel\", action, resource);\n\
               @id(\"sector\") permit (principal in Sector::\"leisure\", action, resource);";
    let mut world = World { rules: sources(own, ""), ..world() };
    let clinic = world.organisations.values_mut().find(|it| it.id.as_str() == "hospital").expect("it is there");
    clinic.parent = Some(crate::world::organisation_id("travel"));
    let decision = Question::default().ask(&compiled(&world));
    assert_eq!((decision.verdict, rules(&decision)), (Verdict::Permit, vec!["org"]));
}

#[test]
fn duties_are_collected_from_what_goes() {
    let oblige = |id: &str, kind: &str, when: &str| {
        law(
            id,
            &format!(
                "@obligation(\"{kind}\") forbid (principal, action == Action::\"oblige\", resource) when {{ {when} }};"
            ),
        )
    };
    let duties = [
        oblige("keep", "retain", "context.present.contains(\"personal\")"),
        oblige("tell", "notify", "context.classes.contains(\"personal\")"),
        oblige("maybe", "approval", "principal.overseer == \"Ada\""),
    ];
    let hide = law(
        "hide",
        "forbid (principal, action == Action::\"disclose\", resource) when { context.class == \"personal\" };",
    );
    let compiled = compiled(&with_rules(BASE, &format!("{}{hide}", duties.concat())));
    let decision = Question { located: classes(PERSONAL), ..Question::default() }.ask(&compiled);
    let owed: Vec<_> =
        decision.obligations.iter().map(|it| (it.kind, it.rule.id.as_str(), it.unknown.as_deref())).collect();
    assert_eq!(
        owed,
        [(ObligationKind::Retain, "keep", None), (ObligationKind::Approval, "maybe", Some("principal.overseer"))]
    );
    assert_eq!(decision.verdict, Verdict::Permit, "duties never decide");
    let denied = Question { diffuse: classes(PERSONAL), ..Question::default() }.ask(&compiled);
    assert!(denied.obligations.is_empty());
}

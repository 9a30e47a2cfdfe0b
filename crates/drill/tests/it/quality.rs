//! What a drill says of quality: from both models on the same questions, as published, or not at all.

use std::collections::BTreeMap;

use drill::Desk;
use drill::Unread;
use drill::eval::{Evaluated, Evaluations, Origin, Told};
use drill::report::{Drill, Measure, QualityKnown, Verdict};
use drill::{Impact, Known};
use realm::UnixMs;
use realm::load::Lang;
use realm::world::{Otherwise, Quality, Strategy};

use crate::support::{Place, Traffic, id, republic, scenario};

/// The first so many of 200 questions are right.
fn right(upto: usize) -> BTreeMap<String, bool> {
    (0..200).map(|n| (format!("q{n:03}"), n < upto)).collect()
}

fn own(model: &str, deployment: &str, sha256: &str, answers: BTreeMap<String, bool>) -> Evaluated {
    let origin = Origin::Own { deployment: id(deployment), sha256: sha256.to_owned(), answers };
    Evaluated { model: id(model), at: UnixMs(1), suite: "en".to_owned(), origin }
}

fn published(model: &str, score: f64) -> Evaluated {
    let told = Told { score, date: "2026-05-01".parse().unwrap(), source: "a card".to_owned() };
    Evaluated { model: id(model), at: UnixMs(9), suite: "MMLU".to_owned(), origin: Origin::Published(told) }
}

/// Four requests of the tourist office move home when the operator abroad is lost.
fn lost(place: &Place, known: Vec<Evaluated>, margin: &str) -> Drill {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    let text = format!(
        "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n[hypothesis]\nquality_loss_max_percent = \"{margin}\"\n"
    );
    let scenario = scenario(&text);
    let mut desk = Desk::new(&place.archive, None, &scenario).knowing(Evaluations::new(known));
    traffic.requests.iter().for_each(|request| desk.see(request));
    desk.finish(Unread::default()).unwrap()
}

fn verdict(report: &Drill) -> Verdict {
    report.hypothesis.iter().find(|line| line.measure == Measure::QualityLossPercent).unwrap().verdict
}

fn abroad(upto: usize) -> Evaluated {
    own("meridian-large", "meridian-large-abroad", "aa", right(upto))
}

#[test]
fn both_on_the_same_questions_give_a_difference_with_its_interval() {
    let place = republic();
    let model = place.compiled.world().deployments["republic-8b-home"].model.to_string();
    let both = || vec![abroad(160), own(&model, "republic-8b-home", "aa", right(150))];
    let report = lost(&place, both(), "10");
    assert_eq!(report.quality.known, QualityKnown::Evaluated);
    let gap = &report.quality.gaps[0];
    assert_eq!((gap.requests, gap.n, gap.difference_percent.to_string().as_str()), (4, Some(200), "-5"));
    // Ten of two hundred are right abroad only: (0.5 − 10.5) / 202 ∓ 1.96 · √(11 − 100 / 202) / 202.
    assert_eq!(
        (gap.low_percent.unwrap().to_string(), gap.high_percent.unwrap().to_string()),
        ("-8.1".into(), "-1.81".into())
    );
    assert_eq!(verdict(&report), Verdict::Held, "even the far end is within ten points");
    assert_eq!(verdict(&lost(&place, both(), "5")), Verdict::Unknown, "so few questions cannot tell");
    assert_eq!(verdict(&lost(&place, both(), "1")), Verdict::NotHeld, "even the near end is beyond one point");
    for lang in [Lang::En, Lang::Ru] {
        assert!(report.to_text(lang).contains("-8.1"), "{}", report.to_text(lang));
    }
    let chain = Impact::of(&report).chain;
    let link = chain.iter().find(|link| link.link == "quality").unwrap();
    assert_eq!((link.known, link.after.unwrap().to_string()), (Known::Evaluated, "-5".to_owned()));
}

#[test]
fn another_suite_or_one_end_alone_says_nothing() {
    let place = republic();
    let model = place.compiled.world().deployments["republic-8b-home"].model.to_string();
    for known in [
        Vec::new(),
        vec![abroad(160)],
        vec![abroad(160), own(&model, "republic-8b-home", "bb", right(150))],
        vec![abroad(160), published(&model, 0.5)],
    ] {
        let report = lost(&place, known, "100");
        assert_eq!((report.quality.known, report.quality.unknown_requests), (QualityKnown::Unknown, 4));
        assert_eq!(verdict(&report), Verdict::Unknown);
        assert!(report.to_text(Lang::En).contains("unknown for requests: 4"));
        let chain = Impact::of(&report).chain;
        assert!(chain.iter().any(|link| link.link == "quality" && link.known == Known::Unknown));
    }
}

#[test]
fn what_others_published_is_said_to_be_theirs_and_decides_no_margin() {
    let place = republic();
    let model = place.compiled.world().deployments["republic-8b-home"].model.to_string();
    let both = vec![published("meridian-large", 0.71), published(&model, 0.65)];
    let report = lost(&place, both, "100");
    assert_eq!(report.quality.known, QualityKnown::Published);
    let gap = &report.quality.gaps[0];
    assert_eq!((gap.known, gap.difference_percent.to_string(), gap.low_percent), ("published", "-6".to_owned(), None));
    assert_eq!(gap.sources, ["2026-05-01, a card", "2026-05-01, a card"]);
    assert_eq!(verdict(&report), Verdict::Unknown);
    assert!(report.to_text(Lang::En).contains("as published (2026-05-01, a card"));
}

#[test]
fn a_route_that_chooses_by_evaluations_does_so_in_the_drill_too() {
    let place = republic();
    let mut world = place.compiled.world().clone();
    let route = world.routes.get_mut("best").unwrap();
    route.strategy = Strategy::CheapestPassing;
    let (suite, share_min) = ("en".to_owned(), "0.7".parse().unwrap());
    route.quality = Some(Quality { suite, share_min, otherwise: Otherwise::Refuse });
    let compiled = std::sync::Arc::new(policy::compile(&world).unwrap());
    let archive = std::collections::HashMap::from([(place.snapshot, compiled)]);
    let choosing = Place { archive, ..place };
    let model = choosing.compiled.world().deployments["republic-8b-home"].model.to_string();
    let home = |upto| own(&model, "republic-8b-home", "aa", right(upto));
    assert_eq!(lost(&choosing, vec![abroad(160), home(100)], "1").totals.stopped, 4, "nothing that passes is left");
    assert_eq!(lost(&choosing, vec![abroad(160), home(190)], "1").moves[0].to, id("republic-8b-home"));
}

#[test]
fn nothing_moves_nothing_is_lost() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("clinic", "domestic"), "republic-8b-home");
    let text = "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n[hypothesis]\nquality_loss_max_percent = 0\n";
    let report = drill::desk(traffic.requests, &place.archive, None, &scenario(text)).unwrap();
    assert_eq!(report.quality.known, QualityKnown::NothingMoves);
    assert_eq!(verdict(&report), Verdict::Held);
}

//! A drill in shadow: what its scenario may say, what is made of what servers counted, and what it raises.

use std::path::Path;

use drill::report::{Server, ShadowFinding, Verdict};
use drill::{Recorded, Scenario, ShadowReport, Unread};
use realm::load::Lang;
use realm::mirrored::{Agreement, AppMirrored, Fate, Mirrored};
use realm::{AppId, DeploymentId, Nano, UnixMs};

const HEAD: &str = "title = \"x\"\n[[cut]]\nprovider = \"far\"\n";
const BOUNDS: &str = "[shadow]\nsample = \"0.25\"\ncost_max = \"1.5\"\ntokens_max = 20000\n";

fn scenario(more: &str) -> Scenario {
    Scenario::parse(Path::new("drill.toml"), &format!("{HEAD}{more}")).unwrap_or_else(|it| panic!("{it:?}"))
}

#[test]
fn its_bounds_are_read_and_have_defaults() {
    let read = scenario(BOUNDS).shadow.unwrap();
    assert_eq!((read.percent, read.cost_max, read.tokens_max), (25, Nano(1_500_000_000), 20_000));
    assert_eq!((read.concurrency_max, read.answer_bytes_max, read.timeout_s), (4, 262_144, 60));
    assert!(scenario("").shadow.is_none());
}

#[test]
fn what_is_wrong_with_them_is_said_with_its_place() {
    for (bounds, line, words) in [
        ("[shadow]\nsample = \"0.25\"\ncost_max = \"1\"\n", 4, "lacks its `tokens_max`"),
        ("[shadow]\ncost_max = \"1\"\ntokens_max = 5\n", 4, "lacks its `sample`"),
        ("[shadow]\nsample = \"0.005\"\ncost_max = \"1\"\ntokens_max = 5\n", 5, "`sample`"),
        ("[shadow]\nsample = \"1.01\"\ncost_max = \"1\"\ntokens_max = 5\n", 5, "`sample`"),
        ("[shadow]\nsample = \"1\"\ncost_max = \"-1\"\ntokens_max = 5\n", 6, "`cost_max`"),
        ("[shadow]\nsample = \"1\"\ncost_max = \"1\"\ntokens_max = 5\nconcurrency_max = 0\n", 8, "`concurrency_max`"),
        ("[shadow]\nsample = \"1\"\ncost_max = \"1\"\ntokens_max = 5\nconcurrency = 1\n", 8, "no field `concurrency`"),
    ] {
        let text = format!("{HEAD}{bounds}");
        let problems = Scenario::parse(Path::new("drill.toml"), &text).unwrap_err();
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        let said = realm::load::render(&problems, Lang::En, false);
        assert!(said.contains(words) && said.contains(&format!("drill.toml:{line}:")), "{bounds}: {said}");
        assert!(!realm::load::render(&problems, Lang::Ru, false).contains("scenario-"), "in Russian too");
    }
}

fn agreement(mirrors: u64, failed: u64, agreeing: u64, slower_ms: i64) -> Agreement {
    let compared = mirrors - failed;
    let mut counted = Agreement {
        mirrors,
        both_ok: compared,
        fallback_failed: failed,
        compared,
        agreeing,
        tokens: mirrors * 10,
        cost_nano: Nano(5),
        ..Agreement::default()
    };
    for n in 0..compared {
        counted.similarity.note(if n % 2 == 0 { 1_000_000 } else { 500_000 });
        counted.latency_ms.note(slower_ms + i64::from(n % 2 == 0));
        counted.refusal.count(false, false);
    }
    counted
}

fn server(log: &str, counted: Agreement, fates: &[(Fate, u64)]) -> Server {
    let mut of = AppMirrored::default();
    fates.iter().for_each(|(fate, count)| (0..*count).for_each(|_| of.fates.count(*fate)));
    of.fallbacks.insert(DeploymentId::new("near").unwrap(), counted);
    let shadow = Mirrored { apps: [(AppId::new("desk").unwrap(), of)].into() };
    let (log, at) = (log.to_owned(), UnixMs(5));
    Server { log, in_force: at, settled: true, destinations: Vec::new(), shadow: Some(shadow) }
}

fn report(margins: &str, servers: Vec<Server>) -> ShadowReport {
    let text = scenario(&format!("{BOUNDS}[hypothesis]\n{margins}"));
    ShadowReport::new(&text, ("d1", UnixMs(1), UnixMs(9)), Recorded::default(), servers, Unread::default(), None)
}

#[test]
fn what_several_servers_counted_adds_up() {
    let one = server("a", agreement(60, 0, 57, 100), &[(Fate::Mirrored, 60), (Fate::NotSampled, 40)]);
    let two = server("b", agreement(40, 4, 35, 100), &[(Fate::Mirrored, 40), (Fate::Busy, 3), (Fate::NoFallback, 2)]);
    let told = report("", vec![one, two]);
    assert_eq!((told.fates.requests(), told.fates.of(Fate::Mirrored)), (145, 100));
    assert_eq!((told.pairs.len(), told.all.mirrors, told.figures.agreement.part), (1, 100, 92));
    assert_eq!((told.spent.tokens, told.spent.tokens_max, told.spent.cost_nano), (1_000, 20_000, Nano(10)));
    assert!(
        told.findings
            .iter()
            .any(|it| *it == ShadowFinding::NoFallback { app: AppId::new("desk").unwrap(), requests: 2 })
    );
    assert!(
        told.findings
            .iter()
            .any(|it| matches!(it.finding, ShadowFinding::FallbackFailed { failed: 4, mirrors: 100, .. }))
    );
    for lang in [Lang::En, Lang::Ru] {
        let text = told.to_text(lang);
        assert!(text.contains("desk") && text.contains("95.8 %") && text.contains("145"), "{text}");
        assert!(!text.contains("shadow-") && !text.contains("col-"), "a text is missing: {text}");
    }
}

/// A margin holds where even the far end of the interval is within it.
#[test]
fn margins_are_judged_by_intervals() {
    let verdicts = |margins: &str, counted: Agreement| {
        let told = report(margins, vec![server("a", counted, &[(Fate::Mirrored, 1)])]);
        told.hypothesis.into_iter().map(|line| line.verdict).collect::<Vec<_>>()
    };
    for (margin, verdict) in [
        ("agreement_share_min = \"0.8\"", Verdict::Held),
        ("agreement_share_min = \"0.9\"", Verdict::Unknown),
        ("agreement_share_min = \"0.99\"", Verdict::NotHeld),
        ("fallback_error_share_max = \"0.2\"", Verdict::Held),
        ("fallback_error_share_max = \"0.01\"", Verdict::NotHeld),
        ("similarity_mean_min = \"0.7\"", Verdict::Held),
        ("similarity_mean_min = \"0.8\"", Verdict::NotHeld),
        ("latency_change_max_ms = 150", Verdict::Held),
        ("latency_change_max_ms = 50", Verdict::NotHeld),
        ("stopped_requests_max = 0", Verdict::Unknown),
        ("quality_loss_max_percent = 5", Verdict::Unknown),
    ] {
        assert_eq!(verdicts(margin, agreement(110, 10, 90, 100)), [verdict], "{margin}");
    }
    let few = agreement(5, 0, 5, 100);
    assert_eq!(verdicts("latency_change_max_ms = 150", few.clone()), [Verdict::Unknown], "five are too few");
    assert_eq!(verdicts("agreement_share_min = \"0.9\"", few), [Verdict::Unknown]);
    let nothing = verdicts("agreement_share_min = \"0.1\"", Agreement::default());
    assert_eq!(nothing, [Verdict::Unknown], "of nothing nobody knows anything");
}

#[test]
fn a_report_of_nothing_says_so_first() {
    let told = report("", Vec::new());
    assert_eq!(told.findings, [ShadowFinding::NothingMirrored]);
    assert!(!told.is_broken());
}

/// The scenario that ships with the example realm.
#[test]
fn the_ready_scenario_can_be_run_in_shadow() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/republic/drills/parent-in-shadow.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let read = Scenario::parse(&path, &text).unwrap_or_else(|it| panic!("{it:?}"));
    assert!(read.shadow.as_ref().is_some_and(|shadow| shadow.percent == 25) && read.needs_exposure());
}

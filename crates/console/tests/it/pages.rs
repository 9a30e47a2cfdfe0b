use http::StatusCode;
use realm::record::{Attempt, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Refusal, Timings, Tokens};
use realm::world::{Pack, PackFile, PackTexts, RuleSource};
use realm::{AppId, ClassSet, DeploymentId, Nano, RouteId, SnapshotId, UnixMs};
use serde_json::Value;
use store::Role;

use crate::place::{NOON, Place};

fn refusal(n: u64) -> Vec<u8> {
    refusal_of("desk", n)
}

/// The record of a refusal of an app.
pub fn refusal_of(app: &str, n: u64) -> Vec<u8> {
    let refusal = Refusal {
        at: UnixMs(NOON - 60_000 + n),
        req: format!("req-{n}"),
        app: AppId::new(app).unwrap(),
        route: None,
        purpose: "letters".into(),
        code: if n.is_multiple_of(2) { "policy_denied" } else { "app_suspended" }.into(),
        classes: ClassSet::EMPTY,
        located: realm::ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: if n.is_multiple_of(2) { vec!["stays".into()] } else { Vec::new() },
        unknown: Vec::new(),
        snap: SnapshotId([0; 32]),
        mac: None,
        simulated: false,
        ticket: None,
    };
    Record::Refusal(refusal).to_bytes()
}

/// The record of a request that goes out, with nothing found in it and nothing owed.
pub fn intent_of(place: &Place, app: &str, req: &str, at: u64) -> Intent {
    Intent {
        at: UnixMs(at),
        req: req.to_owned(),
        app: AppId::new(app).unwrap(),
        n: 1,
        dep: DeploymentId::new("one-here").unwrap(),
        route: RouteId::new("main").unwrap(),
        purpose: "letters".into(),
        classes: ClassSet::EMPTY,
        redacted: ClassSet::EMPTY,
        undeclared: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        unknown: Vec::new(),
        oblige: Vec::new(),
        exempt: Vec::new(),
        redacted_by: Vec::new(),
        shadow: None,
        snap: place.stage.snapshot.id,
        bytes: 1,
        mac: Mac(String::new()),
        user: None,
        dropped: Vec::new(),
        est: Estimate::default(),
        simulated: false,
        mirrors: None,
        ticket: None,
    }
}

/// The record of an answered request of an app.
pub fn outcome_of(app: &str, n: u64) -> Vec<u8> {
    let deployment = DeploymentId::new("one-here").unwrap();
    let outcome = Outcome {
        at: UnixMs(NOON - 60_000 + n),
        req: format!("req-{n}"),
        app: AppId::new(app).unwrap(),
        route: RouteId::new("main").unwrap(),
        end: End::Ok,
        code: None,
        attempts: vec![Attempt {
            intent: 0,
            deployment,
            status: Some(200),
            error: None,
            took_ms: 5,
            resumed_from: None,
            feigned: false,
        }],
        tokens: Tokens { input: 7, output: 2, estimated: false },
        cost_nano: Nano(3),
        cost_estimated: false,
        energy: EnergyFigure::Unknown,
        ms: Timings { first_ms: Some(1), total_ms: 7 },
        rules: Vec::new(),
        model: None,
        mac: None,
        oldest_open: 0,
        simulated: false,
        mirrors: None,
    };
    Record::Outcome(outcome).to_bytes()
}

#[tokio::test]
async fn a_page_and_its_twins_hold_the_same_rows_under_the_same_query() {
    let place = Place::new().await;
    for n in 0..120 {
        place.log.append(refusal(n)).await.unwrap();
    }
    let cookie = place.enter(Role::Viewer).await;
    let query = "?decision=deny&sort=request";
    let json: Value =
        serde_json::from_str(&place.get(&format!("/console/requests.json{query}"), &cookie).await.text).unwrap();
    let rows = json["requests"].as_array().unwrap();
    assert_eq!(rows.len(), 60, "every second one, all pages together");
    assert_eq!(rows[0]["request"], "req-0");
    let csv = place.get(&format!("/console/requests.csv{query}"), &cookie).await;
    assert_eq!(csv.text.lines().count(), 61);
    assert!(
        csv.header("content-type").starts_with("text/csv")
            && csv.header("content-disposition").contains("requests.csv")
    );
    let page = place.get(&format!("/console/requests{query}"), &cookie).await.text;
    assert_eq!(page.matches("/console/requests/req-").count(), 50, "a page of them");
    let second = place.get(&format!("/console/requests{query}&page=2"), &cookie).await.text;
    assert_eq!(second.matches("/console/requests/req-").count(), 10);

    let overview: Value = serde_json::from_str(&place.get("/console.json", &cookie).await.text).unwrap();
    assert_eq!(overview["apps"][0]["refused"], 120);
    let codes = overview["refusals"].as_array().unwrap();
    assert_eq!((&codes[0]["code"], &codes[0]["requests"]), (&"app_suspended".into(), &60.into()));
    let rules: Value = serde_json::from_str(&place.get("/console/policies.json", &cookie).await.text).unwrap();
    assert_eq!(rules["rules"][1]["denied"], 60);
}

#[tokio::test]
async fn a_request_is_shown_with_its_records_to_auditors_and_its_receipt_verifies() {
    let place = Place::new().await;
    let index = place.log.append(refusal(4)).await.unwrap();
    place.log.published_past(index).await.unwrap();
    let (viewer, auditor) = (place.enter(Role::Viewer).await, place.enter(Role::Auditor).await);
    let seen = place.get("/console/requests/req-4", &viewer).await.text;
    assert!(seen.contains("policy_denied") && seen.contains("/console/policies/rules/stays"));
    assert!(!seen.contains("&quot;purpose&quot;") && !seen.contains("&#34;purpose&#34;"), "records are for auditors");
    let whole = place.get("/console/requests/req-4", &auditor).await.text;
    assert!(whole.contains("purpose&#34;: &#34;letters"), "{whole}");
    assert!(whole.contains(&format!("freehold receipt verify log-1-{index}.tlog-proof --data ")));
    let receipt = place.get(&format!("/console/receipts/{index}"), &auditor).await;
    assert!(receipt.text.starts_with("c2sp.org/tlog-proof@v1\n") && receipt.text.contains("freehold/test/log-1"));
    assert!(receipt.header("content-disposition").contains(&format!("log-1-{index}.tlog-proof")));
    assert_eq!(place.get("/console/requests/req-5", &viewer).await.status, StatusCode::NOT_FOUND);
    let found = place.get("/console/ledger?q=log-1/0", &auditor).await;
    assert_eq!(found.header("location"), "/console/ledger/0");
}

#[tokio::test]
async fn what_pages_are_made_of_is_kept_for_ever_and_compressed() {
    let place = Place::new().await;
    let door = place.get("/console/enter", "").await;
    let sheet = door.text.split("href=\"").find(|part| part.contains(".css")).unwrap().split('"').next().unwrap();
    let got = place.send("GET", sheet, "", "", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!((got.status, got.header("content-encoding")), (StatusCode::OK, "gzip"));
    assert!(got.header("cache-control").contains("immutable"));
    assert!(got.header("content-type").starts_with("text/css"));
    let whole = place.get(sheet, "").await;
    assert!(whole.text.contains("prefers-color-scheme") && whole.header("content-encoding").is_empty());
    assert_eq!(door.header("cache-control"), "no-store");
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")]
    {
        assert_eq!(door.header(name), value);
    }
}

/// A law speaks to each reader in the reader's language: its title, what it says, what would help.
#[tokio::test]
async fn a_rule_of_a_pack_says_what_it_means_in_the_readers_language() {
    let mut place = Place::new().await;
    let mut world = place.stage.snapshot.world.clone();
    let id = realm::PackId::new("law").unwrap();
    let file = |name: &str, text: &str| Some(PackFile { path: format!("packs/law/{name}").into(), text: text.into() });
    let en = file("en.ftl", "goes = It goes\n    .plain = Nothing stays.\n    .remedy = Wait.\n");
    let ru = file("ru.ftl", "goes = Уходит\n    .plain = Ничего не остаётся.\n    .remedy = Подождите.\n");
    let pack = Pack {
        id: id.clone(),
        title: "Law".into(),
        version: "1".into(),
        jurisdiction: None,
        sources: Vec::new(),
        verified_on: None,
        texts: PackTexts { en, ru },
        catalogue: None,
    };
    world.packs.insert(id.clone(), pack);
    let text = "@id(\"goes\") @title(\"It goes\") @cite(\"Act 1\") @status(\"draft\") @from(\"2026-01-01\")\n\
                forbid (principal, action == Action::\"infer\", resource);";
    world.rules.push(RuleSource { path: "packs/law/rules.cedar".into(), pack: Some(id), text: text.into() });
    place.stage.compiled = std::sync::Arc::new(policy::compile(&world).unwrap());
    let cookie = place.enter(Role::Viewer).await;
    let english = place.get("/console/policies/rules/goes?lang=en", &cookie).await.text;
    assert!(english.contains("Nothing stays.") && english.contains("What would help") && english.contains("Wait."));
    let russian = place.get("/console/policies/rules/goes?lang=ru", &cookie).await.text;
    assert!(
        russian.contains("Уходит") && russian.contains("Подождите.") && !russian.contains("It goes</"),
        "{russian}"
    );
    assert!(place.get("/console/policies?lang=ru", &cookie).await.text.contains("Уходит"));
}

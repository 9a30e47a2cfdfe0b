//! Drills: chosen or written, decided again over the requests of whoever asks, told as pages, twins and by the API; and live
//! ones, looked at and ended.

use bytes::Bytes;
use drill::report::Server;
use drill::{Desk, Reader, Scenario};
use http::{Request, StatusCode};
use ledger::EntryIndex;
use realm::UnixMs;
use realm::mirrored::{Agreement, AppMirrored, Fate, Mirrored};
use serde_json::{Value, json};
use store::Role;
use store::drill::{Drill, DrillReport, How, Mode, Step};

use crate::exposure::used_by_two;
use crate::packs::{called, tables};
use crate::place::{Got, NOON, Place};

const GONE: &str =
    "title = \"The house leaves\"\n[[cut]]\noperator = \"house\"\n[hypothesis]\nsurvival_share_min = \"0.5\"\n";

/// Sends a form of the studio.
async fn sent(place: &Place, cookie: &str, query: &str, fields: &[(&str, &str)]) -> Got {
    let form = place.form(cookie).await;
    let mut body = form_urlencoded::Serializer::new(String::new());
    let body = body.append_pair("form", &form).extend_pairs(fields).finish();
    place.send("POST", &format!("/console/drills{query}"), cookie, &body, &[]).await
}

/// The path of the report that a form led to.
fn led_to(got: &Got) -> String {
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    got.header("location").split('?').next().unwrap().to_owned()
}

/// What `freehold drill run --json` says of the whole log.
fn measured(place: &Place, text: &str) -> Value {
    let scenario = Scenario::parse(std::path::Path::new("drill.toml"), text).unwrap();
    let (mut reader, mut desk) = (Reader::default(), Desk::new(&*place.archive, None, &scenario));
    for found in place.log.scan(EntryIndex(0)) {
        let (index, entry) = found.unwrap();
        let request = if ledger::system::is_system(&entry) { None } else { reader.see(index.0, &entry).unwrap() };
        request.iter().for_each(|request| desk.see(request));
    }
    json!(desk.finish(reader.unread()).unwrap())
}

#[tokio::test]
async fn what_is_chosen_is_run_and_told_as_page_twins_and_file() {
    let place = used_by_two().await;
    let cookie = place.enter_as("Ann", "house=viewer").await;
    let studio = place.get("/console/drills/new?cut=operator%3Ahouse&lang=en", &cookie).await.text;
    assert!(studio.contains("<option value=\"operator:house\" selected>"), "{studio}");
    let chosen = [("title", "Ours leaves"), ("cut", "operator:house"), ("stopped_requests_max", "1"), ("seed", "7")];
    let path = led_to(&sent(&place, &cookie, "", &chosen).await);
    let page = place.get(&format!("{path}?lang=en"), &cookie).await.text;
    for said in ["Ours leaves", "operator = &#34;house&#34;", "not held", "nothing is left on its route"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let all = tables(&place, &format!("{path}.json"), &cookie).await;
    let app = &all["apps"][0];
    assert_eq!((&app["app"], &app["answered"], &app["stopped"]), (&json!("desk"), &json!(2), &json!(2)));
    assert_eq!(all["hypothesis"][0]["measured"], "2");
    assert_eq!(all["stopped"], json!([{ "app": "desk", "why": "no_alternative", "rules": null, "requests": 2 }]));
    let csv = place.get(&format!("{path}.csv?table=apps"), &cookie).await.text;
    assert!(csv.lines().nth(1).unwrap().starts_with("desk,"), "{csv}");
    let list = &tables(&place, "/console/drills.json", &cookie).await["asked"];
    assert_eq!((&list[0]["title"], &list[0]["state"]), (&json!("Ours leaves"), &json!("not_held")));
    // The number of an app leads to its requests, and to those of nobody else.
    let behind = tables(&place, "/console/requests.json?app=desk&end=answered", &cookie).await;
    assert_eq!(behind["requests"].as_array().unwrap().len(), 2);
    let changed = place.get(&format!("/console/drills/new?from={}", path.rsplit('/').next().unwrap()), &cookie).await;
    assert!(changed.text.contains("operator = &#34;house&#34;"), "the file is there to be changed");
}

#[tokio::test]
async fn each_sees_the_drill_of_what_they_may_look_at_and_the_whole_names_no_app() {
    let place = used_by_two().await;
    for (roles, answered, hidden) in
        [("house=viewer", 2, vec!["kiosk"]), ("other=viewer", 3, vec!["desk"]), ("@=viewer", 5, vec!["desk", "kiosk"])]
    {
        let cookie = place.enter_as(roles, roles).await;
        let path = led_to(&sent(&place, &cookie, "", &[("scenario", GONE)]).await);
        let id = path.rsplit('/').next().unwrap();
        let (status, told) = called(&place, &format!("/drills/{id}"), &cookie).await;
        assert_eq!((status, &told["drill"]["state"]), (StatusCode::OK, &json!("done")), "{told}");
        assert_eq!(told["report"]["totals"]["answered"], answered, "{roles}");
        let page = place.get(&path, &cookie).await.text;
        let twin = place.get(&format!("{path}.json"), &cookie).await.text;
        for text in [told.to_string(), page, twin] {
            // A desk drill says that it is one.
            let text = text.replace("\"mode\":\"desk\"", "");
            let named = |app: &str| [format!("\"{app}\""), format!(">{app}<"), format!("app={app}")];
            assert!(!hidden.iter().any(|app| named(app).iter().any(|it| text.contains(it))), "{roles}: {text}");
        }
        if roles.starts_with('@') {
            let expected = measured(&place, GONE);
            for part in ["totals", "sectors", "survival", "cost", "hypothesis", "exposure", "targets"] {
                assert_eq!(told["report"][part], expected[part], "{part}");
            }
            let by: Vec<_> = told["report"]["organisations"].as_array().unwrap().iter().collect();
            assert_eq!(by.iter().map(|it| it["stopped"].as_u64().unwrap()).sum::<u64>(), 5);
        }
        for elsewhere in ["house=viewer", "other=viewer", "@=viewer"].iter().filter(|it| **it != roles) {
            let stranger = place.enter_as("Eve", elsewhere).await;
            for path in [path.clone(), format!("/console/impact/{id}"), format!("/console/drills/new?from={id}")] {
                assert_eq!(place.get(&path, &stranger).await.status, StatusCode::NOT_FOUND, "{elsewhere} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_scenario_that_cannot_be_meant_is_said_with_its_place_and_names_nobody_elses_app() {
    let place = used_by_two().await;
    let cookie = place.enter_as("Ann", "house=viewer @=viewer").await;
    for (query, text, said) in [
        ("", "title = \"x\"\n[[cut]]\noperater = \"house\"\n", "drill.toml:2:1"),
        ("", "title = \"x\"\n[[cut]]\noperator = \"house\"\n[traffic]\napps = [\"kiosk\"]\n", "kiosk"),
        ("?organisation=%40", "title = \"x\"\n[[cut]]\noperator = \"house\"\n[traffic]\napps = [\"desk\"]\n", "no app"),
        ("", "", "title"),
    ] {
        let got = sent(&place, &cookie, query, &[("scenario", text)]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{text}");
        assert!(got.text.contains(said), "{said}: {}", got.text);
        assert!(!got.text.contains("did you mean `kiosk`"), "{}", got.text);
    }
    // A name that nothing has is known only when the records were read.
    let path = led_to(&sent(&place, &cookie, "", &[("scenario", &GONE.replace("house", "hause"))]).await);
    let page = place.get(&format!("{path}?lang=en"), &cookie).await.text;
    assert!(page.contains("hause") && page.contains("No report yet"), "{page}");
    let wrong = posted(&place, "/drills?organisation=house", &cookie, &json!({ "scenario": "title = 1" })).await;
    assert_eq!((wrong.0, &wrong.1["error"]["param"]), (StatusCode::BAD_REQUEST, &json!("scenario")));
}

async fn posted(place: &Place, path: &str, cookie: &str, body: &Value) -> (StatusCode, Value) {
    let token = cookie.split_once('=').unwrap().1;
    let request = Request::post(format!("/api/v1{path}")).header("authorization", format!("Bearer {token}"));
    let request = request.body(Bytes::from(body.to_string())).unwrap();
    let got = place.api(request).await;
    (got.status(), serde_json::from_slice(got.body()).unwrap_or_default())
}

#[tokio::test]
async fn the_same_drill_over_the_same_records_is_the_same_and_impact_follows_it() {
    let place = used_by_two().await;
    let cookie = place.enter_as("Ann", "house=viewer").await;
    let (status, first) = posted(&place, "/drills", &cookie, &json!({ "scenario": GONE })).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{first}");
    let (_, again) = posted(&place, "/drills", &cookie, &json!({ "scenario": GONE })).await;
    assert_eq!(first["id"], again["id"]);
    let id = first["id"].as_str().unwrap();
    let mut impact = Value::Null;
    for _ in 0..100 {
        impact = called(&place, &format!("/drills/{id}/impact"), &cookie).await.1["impact"].take();
        if !impact.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(impact["chain"][0]["before"], "2");
    let chain = &tables(&place, &format!("/console/impact/{id}.json"), &cookie).await["chain"];
    let links = impact["chain"].as_array().unwrap();
    for (link, row) in links.iter().zip(chain.as_array().unwrap()) {
        assert_eq!([&link["link"], &link["known"], &link["before"]], [&row["link"], &row["known"], &row["before"]]);
    }
    let page = place.get(&format!("/console/impact/{id}?lang=en"), &cookie).await.text;
    assert!(page.contains("not built") && page.contains("Outcome records that were answered"), "{page}");
    assert_eq!(called(&place, "/drills", &cookie).await.1["drills"].as_array().unwrap().len(), 1, "not done twice");
}

#[tokio::test]
async fn scenarios_of_the_realms_folder_lie_ready_for_those_whose_apps_they_name() {
    let place = used_by_two().await;
    let folder = place.dir().join("drills");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("leaves.toml"), GONE).unwrap();
    std::fs::write(folder.join("kiosk-only.toml"), format!("{GONE}[traffic]\napps = [\"kiosk\"]\n")).unwrap();
    std::fs::write(folder.join("broken.toml"), "title = ").unwrap();
    for (roles, names) in [
        ("house=viewer", vec!["leaves"]),
        ("other=viewer", vec!["kiosk-only", "leaves"]),
        ("@=viewer", vec!["broken", "leaves"]),
    ] {
        let cookie = place.enter_as(roles, roles).await;
        let ready = &tables(&place, "/console/drills.json", &cookie).await["ready"];
        let found: Vec<_> = ready.as_array().unwrap().iter().map(|it| it["scenario"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{roles}");
        let page = place.get("/console/drills/new?ready=leaves", &cookie).await.text;
        assert!(page.contains("The house leaves"), "{page}");
        let (_, told) = called(&place, "/drills", &cookie).await;
        assert_eq!(told["scenarios"].as_array().unwrap().len(), names.len());
    }
    let cookie = place.enter_as("Ann", "house=viewer").await;
    for none in ["kiosk-only", "..%2Fdrills%2Fleaves", "none"] {
        let got = place.get(&format!("/console/drills/new?ready={none}"), &cookie).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{none}");
    }
}

/// A live drill that was proposed.
async fn proposed(place: &Place) -> Drill {
    let drill = Drill {
        id: "d0123456789".into(),
        title: "Keys of the house withdrawn".into(),
        scenario: format!("{GONE}[guardrails]\nerror_share_max = \"0.2\"\nexclude_apps = [\"kiosk\"]\n"),
        sha256: "ab".repeat(32),
        cuts: json!([{ "level": "operator", "name": "house" }]).to_string(),
        mode: Mode::Full,
        percent: 100,
        minutes: 10,
        reason: "yearly exercise".into(),
        realm: place.stage.snapshot.id.to_string(),
        proposed: Step { by: "ann".into(), at: UnixMs(NOON), signature: "cd".repeat(64) },
        approved: None,
        until: None,
        started: None,
        ended: None,
    };
    place.store.propose_drill(&drill).await.unwrap();
    drill
}

/// What two servers counted of a drill in shadow is shown together: of the whole by fallback, to an organisation of its own
/// apps only, and never with the name of an app.
#[tokio::test]
async fn a_drill_in_shadow_shows_its_counts_as_they_grow() {
    let place = Place::new().await;
    let bounds = "[shadow]\nsample = \"0.25\"\ncost_max = \"2\"\ntokens_max = 1000\n";
    let scenario = format!("{GONE}agreement_share_min = \"0.1\"\nsimilarity_mean_min = \"0.5\"\n{bounds}");
    let drill = Drill { id: "d9".into(), mode: Mode::Shadow, percent: 25, scenario, ..proposed(&place).await };
    place.store.propose_drill(&drill).await.unwrap();
    let path = format!("/console/drills/live/{}", drill.id);
    let viewer = place.enter_as("Vera", "@=viewer").await;
    let page = place.get(&format!("{path}?lang=en"), &viewer).await.text;
    assert!(page.contains("No mirror has ended yet") && page.contains("in shadow 25"), "{page}");
    for (log, app) in [("a", "desk"), ("b", "kiosk")] {
        let mut of = AppMirrored::default();
        [Fate::Mirrored, Fate::Mirrored, Fate::Busy].into_iter().for_each(|fate| of.fates.count(fate));
        let counted =
            Agreement { mirrors: 2, both_ok: 2, compared: 2, agreeing: 1, tokens: 40, ..Agreement::default() };
        of.fallbacks.insert(realm::DeploymentId::new("spare").unwrap(), counted);
        let shadow = Some(Mirrored { apps: [(realm::AppId::new(app).unwrap(), of)].into() });
        let (in_force, destinations) = (UnixMs(NOON), Vec::new());
        let server = Server { log: log.into(), in_force, settled: true, destinations, shadow };
        let report = DrillReport { log: log.into(), at: UnixMs(NOON), body: json!(server).to_string() };
        place.store.report_drill("d9", &report).await.unwrap();
    }
    let told = tables(&place, &format!("{path}.json"), &viewer).await;
    let row = &told["fallbacks"][0];
    assert_eq!((&row["fallback"], &row["mirrors"], &row["agreeing"]), (&json!("spare"), &json!(4), &json!(0.5)));
    let mirrored = &told["fates"][0];
    assert_eq!((&mirrored["fate"], &mirrored["requests"]), (&json!("mirrored"), &json!(4)));
    let verdicts: Vec<_> = told["hypothesis"].as_array().unwrap().iter().map(|line| &line["verdict"]).collect();
    assert_eq!(verdicts, ["unknown", "held", "unknown"]);
    assert!(!told.to_string().contains("kiosk"), "{told}");
    let page = place.get(&format!("{path}?lang=en"), &viewer).await.text;
    assert!(page.contains("Agreement is no quality") && page.contains("80 / "), "{page}");
    let (_, whole) = called(&place, "/live-drills/d9?organisation=%40", &viewer).await;
    assert_eq!((&whole["mode"], &whole["shadow"]["requests"]["mirrored"]), (&json!("shadow"), &json!(4)));
    assert_eq!(whole["shadow"]["fallbacks"]["spare"]["figures"]["agreement"]["part"], 2);
    let house = place.enter_as("Hal", "house=admin").await;
    let (_, own) = called(&place, "/live-drills", &house).await;
    let own = own["drills"].as_array().unwrap().iter().find(|it| it["id"] == "d9").unwrap();
    assert_eq!((&own["shadow"]["requests"]["mirrored"], &own["shadow"]["requests"]["busy"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn a_live_drill_is_seen_by_all_in_part_and_ended_by_an_operator_of_the_whole() {
    let place = Place::new().await;
    let drill = proposed(&place).await;
    let path = format!("/console/drills/live/{}", drill.id);
    let overview = place.get("/console?organisation=%40&lang=en", &place.enter(Role::Viewer).await).await.text;
    assert!(overview.contains("waits for a second person: operator house would be cut off"), "{overview}");
    let house = place.enter_as("Hal", "house=admin").await;
    let rows = tables(&place, "/console/drills.json", &house).await;
    assert_eq!((&rows["live"][0]["state"], &rows["live"][0]["cut"][0]["name"]), (&json!("proposed"), &json!("house")));
    let seen = format!("{rows}{}", called(&place, "/live-drills", &house).await.1);
    assert!(!seen.contains("yearly") && !seen.contains("ann") && !seen.contains("kiosk"), "{seen}");
    assert_eq!(place.get(&path, &house).await.status, StatusCode::FORBIDDEN);
    let viewer = place.enter_as("Vera", "@=viewer").await;
    let page = place.get(&format!("{path}?lang=en"), &viewer).await.text;
    let lines = ["drill approve d0123456789", &drill.sha256];
    for said in ["yearly exercise", "they do not fit", "operator house", "kiosk"].into_iter().chain(lines) {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("/end\""), "who may not end it is not asked to");
    let operator = place.enter_as("Olga", "@=operator").await;
    let form = place.form(&operator).await;
    assert!(place.get(&path, &operator).await.text.contains("cannot be undone"));
    let silent = place.send("POST", &format!("{path}/end"), &operator, &format!("form={form}&reason="), &[]).await;
    assert_eq!(silent.status, StatusCode::BAD_REQUEST);
    let ended = place.send("POST", &format!("{path}/end"), &operator, &format!("form={form}&reason=enough"), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    let end = place.store.drills().await.unwrap().drills[0].ended.clone().unwrap();
    assert_eq!((end.how, end.by.as_str(), end.why.as_str()), (How::Aborted, "Olga, by the console", "enough"));
    assert!(place.said().await.iter().any(|(what, _, by)| what.starts_with("drill") && by == "Olga, by the console"));
    let (_, again) =
        posted(&place, &format!("/live-drills/{}/end", drill.id), &operator, &json!({ "reason": "x" })).await;
    assert_eq!(again["ended"], false);
    let admin = place.enter(Role::Admin).await;
    assert_eq!(called(&place, "/live-drills/none?organisation=%40", &admin).await.0, StatusCode::NOT_FOUND);
}

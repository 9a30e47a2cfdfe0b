//! Exposure: the page and the control API say what `freehold exposure` does, of one organisation or of the whole.

use drill::{Exposure, Reader, Window};
use ledger::EntryIndex;
use realm::record::Record;
use serde_json::{Value, json};

use crate::packs::{called, tables};
use crate::pages::{intent_of, outcome_of};
use crate::place::{NOON, Place};

fn intent(place: &Place, app: &str, n: u64) -> Vec<u8> {
    Record::Intent(intent_of(place, app, &format!("req-{n}"), NOON - 60_000)).to_bytes()
}

/// A console with two answered requests of the house and three of another organisation.
pub async fn used_by_two() -> Place {
    let place = Place::new().await;
    for (app, n) in [("desk", 20), ("desk", 21), ("kiosk", 30), ("kiosk", 31), ("kiosk", 32)] {
        let begun = place.log.append(intent(&place, app, n)).await.unwrap();
        let Record::Outcome(mut outcome) = Record::from_bytes(&outcome_of(app, n)).unwrap() else { panic!("ended") };
        outcome.attempts[0].intent = begun.0;
        place.log.append(Record::Outcome(outcome).to_bytes()).await.unwrap();
    }
    place
}

/// What `freehold exposure --json` says of the whole log.
fn measured(place: &Place) -> Value {
    let (mut reader, mut exposure) = (Reader::default(), Exposure::new(&*place.archive, Window::default()));
    for found in place.log.scan(EntryIndex(0)) {
        let (index, entry) = found.unwrap();
        let request = if ledger::system::is_system(&entry) { None } else { reader.see(index.0, &entry).unwrap() };
        request.iter().for_each(|request| exposure.see(request));
    }
    json!(exposure.finish(reader.unread()))
}

#[tokio::test]
async fn the_page_says_what_the_command_says_and_goes_on_with_the_log() {
    let place = used_by_two().await;
    let whole = place.enter_as("Wim", "@=viewer").await;
    let (_, told) = called(&place, "/exposure", &whole).await;
    let expected = measured(&place);
    assert_eq!(expected["totals"]["used"]["requests"], 5);
    assert_eq!((&told["exposure"]["levels"], &told["since"]), (&expected["levels"], &json!("2026-11-01")));
    let all = tables(&place, "/console/exposure.json", &whole).await;
    let keys = expected["levels"].as_array().unwrap().iter().flat_map(|level| level["keys"].as_array().unwrap());
    let row = |row: &Value, of: &str, left: &str| json!([row["name"], row[of], row[left]]);
    let expected: Vec<Value> =
        keys.map(|key| json!([key["name"], key["requests"]["share"], key["without"]["requests"]["share"]])).collect();
    let shown: Vec<Value> =
        all["keys"].as_array().unwrap().iter().map(|key| row(key, "of_requests", "left_requests")).collect();
    assert_eq!(shown, expected);
    let csv = place.get("/console/exposure.csv?table=keys", &whole).await.text;
    assert_eq!(csv.lines().count(), 1 + expected.len());
    // What comes later is added, and the next month begins with nothing.
    let begun = place.log.append(intent(&place, "desk", 22)).await.unwrap();
    let Record::Outcome(mut outcome) = Record::from_bytes(&outcome_of("desk", 22)).unwrap() else { panic!("ended") };
    outcome.attempts[0].intent = begun.0;
    place.log.append(Record::Outcome(outcome).to_bytes()).await.unwrap();
    assert_eq!(called(&place, "/exposure", &whole).await.1["exposure"]["totals"]["used"]["requests"], 6);
}

#[tokio::test]
async fn an_organisation_sees_its_own_exposure_and_the_whole_names_no_app() {
    let place = used_by_two().await;
    for (roles, requests, hidden) in [
        ("house=viewer", 2, ["kiosk", "kiosk"]),
        ("other=viewer", 3, ["desk", "desk"]),
        ("@=viewer", 5, ["desk", "kiosk"]),
    ] {
        let cookie = place.enter_as("Ann", roles).await;
        let told = called(&place, "/exposure", &cookie).await.1;
        assert_eq!(told["exposure"]["totals"]["used"]["requests"], requests, "{roles}");
        assert!(told["exposure"]["totals"]["unread"].is_null(), "of the whole log, and told to nobody here");
        let page = place.get("/console/exposure?lang=en", &cookie).await.text;
        let json = place.get("/console/exposure.json", &cookie).await.text;
        for text in [told["exposure"].to_string(), page, json] {
            let words = || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            assert!(!words().any(|word| hidden.contains(&word)), "{roles}: {text}");
        }
        let cuts = &tables(&place, "/console/exposure.json", &cookie).await["substitutes"];
        assert_eq!(cuts.is_null(), roles.starts_with('@'), "{roles}: {cuts}");
    }
}

#[tokio::test]
async fn a_share_leads_to_the_requests_behind_it_and_a_key_to_the_studio() {
    let place = used_by_two().await;
    let cookie = place.enter_as("Ann", "house=viewer").await;
    let page = place.get("/console/exposure", &cookie).await.text;
    let behind = "/console/requests?end=answered&#38;from=2026-11-01&#38;needs=operator%3Ahouse";
    for href in [behind, "/console/drills/new?cut=operator%3Ahouse"] {
        assert!(page.contains(&format!("href=\"{href}")), "{href}: {page}");
    }
    for (query, count) in [
        ("end=answered&from=2026-11-01&needs=operator%3Ahouse", 2),
        ("end=client_closed&needs=operator%3Ahouse", 0),
        ("needs=operator%3Anobody", 0),
        ("needs=nonsense", 0),
        ("needs=control%3AXA&deployment=one-here", 2),
        ("needs=control%3AXB&deployment=one-here", 0),
    ] {
        let found = &tables(&place, &format!("/console/requests.json?{query}"), &cookie).await["requests"];
        assert_eq!(found.as_array().unwrap().len(), count, "{query}");
        let (status, told) = called(&place, &format!("/requests?{query}"), &cookie).await;
        let expected = if query.contains("nonsense") { json!("needs") } else { json!(count) };
        let found = if status.is_success() { &told["total"] } else { &told["error"]["param"] };
        assert_eq!(*found, expected, "{query}: {told}");
    }
}

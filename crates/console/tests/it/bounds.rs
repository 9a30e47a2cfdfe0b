//! The search, the charts and the map: each shows what is of the organisation that is looked at, and of the whole sums.

use serde_json::{Value, json};

use crate::access::{Thing, shared_by_two};
use crate::pages::outcome_of;
use crate::place::Place;

/// A console with two answered requests of the house and three of another organisation, and a refusal of each.
async fn used_by_two() -> (Place, [Thing; 2]) {
    let (place, things) = shared_by_two().await;
    for (app, n) in [("desk", 20), ("desk", 21), ("kiosk", 30), ("kiosk", 31), ("kiosk", 32)] {
        place.log.append(outcome_of(app, n)).await.unwrap();
    }
    (place, things)
}

#[tokio::test]
async fn the_search_finds_nothing_of_another_organisation() {
    let (place, things) = used_by_two().await;
    let house = place.enter_as("Ann", "house=admin").await;
    let found = async |q: &str, cookie: &str| {
        let page = place.get(&format!("/console/go?q={q}"), cookie).await.text;
        let found = page.split("class=\"found\"").nth(1).unwrap().split("</section>").next().unwrap();
        found.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("desk", &house).await, ["/console/requests?app=desk"]);
    assert!(found("kiosk", &house).await.is_empty() && found("req-30", &house).await.is_empty());
    let own = ["req-21", "req-20", "req-1"].map(|id| format!("/console/requests/{id}"));
    assert_eq!(found("REQ-", &house).await, own);
    let [(_, owned), (_, anothers)] = &things;
    assert_eq!(found(&format!("log-1/{owned}"), &house).await, [format!("/console/ledger/{owned}")]);
    assert!(found(&format!("log-1/{anothers}"), &house).await.is_empty());
    let other = place.enter_as("Oto", "other=admin").await;
    assert!(found("desk", &other).await.is_empty());
    assert_eq!(found("req-9", &other).await, ["/console/requests/req-9"]);
    // Of the whole nobody's requests, apps and entries are found, and links lead to sums.
    let whole = place.enter_as("Wim", "@=admin").await;
    for q in ["desk", "kiosk", "req-", &format!("log-1/{owned}")] {
        assert!(found(q, &whole).await.is_empty(), "{q}");
    }
    assert_eq!(found("one-here", &whole).await, ["/console/usage?deployment=one-here"]);
    assert!(found("Requests", &whole).await.is_empty(), "no page that is not open");
}

#[tokio::test]
async fn charts_count_what_is_of_the_organisation() {
    let (place, _) = used_by_two().await;
    let table = async |cookie: &str, name: &str, span: &str| {
        let text = place.get(&format!("/console.json?table={name}&span={span}"), cookie).await.text;
        serde_json::from_str::<Value>(&text).unwrap()[name].take()
    };
    let sum =
        |rows: &Value, field: &str| rows.as_array().unwrap().iter().filter_map(|row| row[field].as_u64()).sum::<u64>();
    for (organisation, app, answered) in [("house", "desk", 2), ("other", "kiosk", 3)] {
        let cookie = place.enter_as("Ann", &format!("{organisation}=viewer")).await;
        for (span, traffic) in [("day", "hours"), ("month", "days")] {
            let rows = table(&cookie, traffic, span).await;
            assert_eq!((sum(&rows, "answered"), sum(&rows, "refused")), (answered, 1), "{organisation} {span}: {rows}");
            let went = json!([
                { "app": app, "deployment": null, "control": null, "requests": 1 },
                { "app": app, "deployment": "one-here", "control": "XA", "requests": answered },
            ]);
            assert_eq!(table(&cookie, "went", span).await, went, "{organisation} {span}");
        }
        assert_eq!(sum(&table(&cookie, "refusals", "day").await, "requests"), 1);
        let map = place.get("/console/map", &cookie).await.text;
        assert!(map.contains(&format!("app:{app}")), "drawn: {map}");
        let anothers = if app == "desk" { "kiosk" } else { "desk" };
        for page in ["/console", "/console?span=month", "/console/map"] {
            assert!(!place.get(page, &cookie).await.text.contains(anothers), "{page} of {organisation}");
        }
    }
    let whole = place.enter_as("Wim", "@=admin").await;
    for span in ["day", "month"] {
        let went = json!([
            { "organisation": "house", "deployment": null, "control": null, "requests": 1 },
            { "organisation": "house", "deployment": "one-here", "control": "XA", "requests": 2 },
            { "organisation": "other", "deployment": null, "control": null, "requests": 1 },
            { "organisation": "other", "deployment": "one-here", "control": "XA", "requests": 3 },
        ]);
        assert_eq!(table(&whole, "went", span).await, went, "{span}: of the whole no app is named");
    }
    let shown = place.get("/console", &whole).await.text;
    assert!(!shown.contains("kiosk") && !shown.contains("/console/requests"), "{shown}");
}

use std::collections::{BTreeMap, BTreeSet};

use store::Role;

use crate::place::Place;

/// Each message with the arguments it uses.
fn shape(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let messages = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    messages
        .map(|(key, said)| (key, said.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect()))
        .collect()
}

#[test]
fn both_languages_say_the_same() {
    let (en, ru) = (shape(console::TEXTS.en), shape(console::TEXTS.ru));
    assert!(en.len() > 200);
    assert_eq!(en, ru);
}

const PATHS: &[&str] = &[
    "/content",
    "",
    "/go?q=desk",
    "?organisation=%40",
    "/usage",
    "/playground",
    "/policies/explain?app=desk",
    "/realm?organisation=%40",
    "/system?organisation=%40",
    "/samples?organisation=%40",
    "/programme?organisation=%40",
    "/plan?organisation=%40",
    "/forecast?organisation=%40",
    "/track-record?organisation=%40",
    "/observatory?organisation=%40",
    "/usage?organisation=%40",
    "/map",
    "/exposure",
    "/drills",
    "/drills/new?cut=operator%3Ahouse",
    "/drills?organisation=%40",
    "/exposure?organisation=%40",
    "/people",
    "/people?organisation=%40",
    "/requests",
    "/ledger",
    "/policies",
    "/policies/matrix",
    "/packs",
    "/packs/act",
    "/models",
    "/models/chat-one",
    "/approvals",
    "/obligations",
    "/keys",
    "/suspend/app/desk",
    "/none",
];

#[tokio::test]
async fn a_page_speaks_the_language_that_was_chosen_and_shows_no_bare_key() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Admin).await;
    let (en, ru) = (shape(console::TEXTS.en), shape(console::TEXTS.ru));
    for path in PATHS {
        let path = format!("/console{path}");
        let english = place.get(&path, &cookie).await.text;
        let russian = place.get(&path, &format!("{cookie}; freehold-lang=ru")).await.text;
        assert!(english.contains("<html lang=\"en\"") && russian.contains("<html lang=\"ru\""), "{path}");
        assert!(russian.contains("Журнал") && !english.contains("Журнал"), "{path}");
        for (page, keys) in [(&english, &en), (&russian, &ru)] {
            let texts = page.split('>').filter_map(|rest| rest.split('<').next());
            for text in texts.map(str::trim).filter(|text| text.contains('-')) {
                let bare = keys.contains_key(text) || text.starts_with("col-") || text.starts_with("figure-");
                assert!(!bare, "{path} shows the key `{text}`");
            }
        }
    }
    let asked = place.send("GET", "/console/enter", "", "", &[("accept-language", "de, ru;q=0.9, en;q=0.8")]).await;
    assert!(asked.text.contains("<html lang=\"ru\""));
}

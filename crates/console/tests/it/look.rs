//! What pages are made of besides their contents: scripts as files, tables, the search, choices of the reader.

use std::io::Read as _;

use serde_json::Value;
use store::Role;

use crate::pages::refusal_of;
use crate::place::Place;

/// What a page loads, besides itself.
fn loaded(page: &str) -> Vec<&str> {
    let of = |mark: &'static str| page.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    of("src=\"").chain(of("<link rel=\"stylesheet\" href=\"")).chain(of("<link rel=\"icon\" href=\"")).collect()
}

#[tokio::test]
async fn what_a_page_loads_is_ours_compressed_kept_for_ever_and_little() {
    const FIRST_LOAD_BYTES_MAX: usize = 250_000;
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let packed = [("accept-encoding", "gzip")];
    let page = place.get("/console", &cookie).await.text;
    let mut bytes = place.bytes("/console", &[("accept-encoding", "gzip"), ("cookie", &cookie)]).await.body.len();
    for path in loaded(&page) {
        assert!(path.starts_with("/console/assets/"), "{path}");
        let got = place.bytes(path, &packed).await;
        assert!(got.header("cache-control").contains("immutable"), "{path}");
        bytes += got.body.len();
        if path.contains(".js") {
            assert_eq!(
                (got.header("content-encoding"), got.header("content-type")),
                ("gzip", "text/javascript; charset=utf-8")
            );
            let mut whole = String::new();
            flate2::read::GzDecoder::new(&got.body[..]).read_to_string(&mut whole).unwrap();
            assert_eq!(whole, place.get(path, "").await.text, "packed and whole are the same");
            let brotli = place.bytes(path, &[("accept-encoding", "br")]).await;
            assert!(brotli.header("content-encoding") == "br" && brotli.body.len() < got.body.len());
        }
    }
    assert!(bytes <= FIRST_LOAD_BYTES_MAX, "{bytes} bytes");
    let quiet = place.get("/console/policies", &cookie).await.text;
    assert!(!quiet.contains("/chart-"), "charts are loaded where there are charts");
}

#[tokio::test]
async fn every_table_is_sorted_narrowed_and_cut_to_columns_by_the_address() {
    let place = Place::new().await;
    for name in ["first", "second"] {
        place.store.new_key(&realm::AppId::new("desk").unwrap(), None, name, realm::UnixMs(1)).await.unwrap();
    }
    let cookie = place.enter(Role::Viewer).await;
    let get = async |query: &str| place.get(&format!("/console/keys.json?table=keys&{query}"), &cookie).await.text;
    let rows = |text: &str| serde_json::from_str::<Value>(text).unwrap()["keys"].as_array().unwrap().clone();
    let (up, down) = (rows(&get("sort=key").await), rows(&get("sort=-key").await));
    assert!(up.len() == 2 && up[0] == down[1] && up[0] != up[1]);
    let some = rows(&get(&format!("find={}&cols=key,app", up[0]["key"].as_str().unwrap())).await);
    assert_eq!(some, [serde_json::json!({ "key": up[0]["key"], "app": "desk" })]);
    let page = place.get("/console/keys?cols=key&apps-cols=app,risk", &cookie).await.text;
    let heads = page.matches("<th scope=\"col\"").count();
    assert_eq!(heads, 3, "one of the keys', two of the apps'");
    assert!(page.contains("name=\"apps-cols\" value=\"risk\" checked"));
    assert!(page.contains("/console/keys.csv?cols=key&#38;apps-cols=app%2Crisk&#38;table=keys"), "{page}");
}

#[tokio::test]
async fn one_field_finds_what_has_a_name_and_only_what_the_role_may_open() {
    let place = Place::new().await;
    let viewer = place.enter_as("Ann", "house=viewer").await;
    let auditor = place.enter_as("Aud", "house=auditor").await;
    let found = async |q: &str, cookie: &str| place.get(&format!("/console/go?q={q}"), cookie).await.text;
    assert!(found("DESK", &viewer).await.contains("href=\"/console/requests?app=desk\""));
    assert!(found("one-here", &viewer).await.contains("href=\"/console/requests?deployment=one-here\""));
    assert!(found("chat", &viewer).await.contains("href=\"/console/models/chat-one\""));
    assert!(found("stay", &viewer).await.contains("href=\"/console/policies/rules/stays\""));
    assert!(found("ledg", &viewer).await.contains("<span class=\"name\">Ledger</span>"));
    assert!(found("nothing-is-called-so", &viewer).await.contains("Nothing is named like"));
    place.log.append(refusal_of("desk", 3)).await.unwrap();
    let entry = "class=\"kind\">Entry<";
    assert!(found("log-1/0", &auditor).await.contains(entry) && !found("0", &viewer).await.contains(entry));
}

#[tokio::test]
async fn theme_language_and_single_keys_are_the_readers_choice() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let form = place.form(&cookie).await;
    for (choice, mark) in [
        ("theme=contrast", "data-theme=\"contrast\""),
        ("keys=off", "data-keys=\"off\""),
        ("lang=ru", "<html lang=\"ru\""),
    ] {
        assert!(!place.get("/console", &cookie).await.text.contains(mark));
        let got = place.send("POST", "/console/settings", &cookie, &format!("form={form}&{choice}"), &[]).await;
        let kept = got.header("set-cookie").split(';').next().unwrap();
        assert!(place.get("/console", &format!("{cookie}; {kept}")).await.text.contains(mark), "{choice}");
    }
    let got = place.send("POST", "/console/settings", &cookie, &format!("form={form}&theme=%0d%0a&keys=x"), &[]).await;
    assert_eq!(got.header("set-cookie"), "");
}

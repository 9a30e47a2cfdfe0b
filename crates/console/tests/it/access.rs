use console::access::{ROUTES, Right, table};
use http::StatusCode;
use store::Role;

use crate::place::Place;

/// Every path with its place holders filled in by what is there.
fn filled(path: &str, key: &str) -> String {
    let path = match path {
        "/requests/*" => "/requests/req-1",
        "/ledger/*" => "/ledger/0",
        "/receipts/*" => "/receipts/0",
        "/policies/rules/*" => "/policies/rules/stays",
        "/keys/*/revoke" => "/keys/@/revoke",
        "/suspend/*/*" => "/suspend/provider/here",
        "/resume/*/*" => "/resume/provider/here",
        "/assets/*" => "/assets/none",
        other => other,
    };
    format!("/console{}", path.replace('@', key))
}

#[test]
fn the_table_of_rights_is_the_one_that_was_looked_at() {
    let golden = include_str!("access.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access.txt"), table()).unwrap();
        return;
    }
    assert_eq!(table(), golden, "UPDATE_GOLDEN=1 rewrites it");
}

#[tokio::test]
async fn every_route_asks_for_its_right_before_it_does_anything() {
    let place = Place::new().await;
    let key = place.store.new_key(&realm::AppId::new("desk").unwrap(), None, "test", realm::UnixMs(1)).await.unwrap();
    for route in &ROUTES {
        let path = filled(route.path, &key.id.0);
        let nobody = place.send(route.method.as_str(), &path, "", "", &[]).await;
        if route.right == Right::Anyone {
            assert_ne!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
            continue;
        }
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{} {path}", route.method);
        for role in Role::ALL {
            let cookie = place.enter(role).await;
            let got = place.send(route.method.as_str(), &path, &cookie, "", &[]).await;
            let forbidden = got.status == StatusCode::FORBIDDEN && !got.text.contains("out of date");
            assert_eq!(forbidden, !route.right.has(role), "{} {path} as {role}: {}", route.method, got.status);
        }
    }
    let made = place.store.keys().await.unwrap();
    assert!(made.len() == 1 && made[0].revoked.is_none(), "nothing was done on the way");
    assert!(place.store.suspensions().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_in_the_table_does_not_exist() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Admin).await;
    for (method, path) in [
        ("GET", "/console/../etc/passwd"),
        ("GET", "/console/assets/..%2f..%2fCargo.toml"),
        ("GET", "/console/nothing"),
        ("DELETE", "/console/keys"),
        ("POST", "/console/requests"),
        ("GET", "/console//"),
    ] {
        assert_eq!(place.send(method, path, &cookie, "", &[]).await.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
}

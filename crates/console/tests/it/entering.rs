use console::Guard;
use http::StatusCode;
use store::{Role, Roles};

use crate::place::Place;

const HOUR_MS: u64 = 3_600_000;

#[tokio::test]
async fn a_link_lets_in_once_and_by_the_button_only() {
    let place = Place::new().await;
    let token = place
        .store
        .new_link("Ann", &Roles::everywhere(Role::Viewer), "test", realm::UnixMs(crate::place::NOON))
        .await
        .unwrap();
    for _ in 0..2 {
        let looked = place.get(&format!("/console/enter?token={token}"), "").await;
        assert!(
            looked.status == StatusCode::OK && looked.text.contains(&token) && looked.header("set-cookie").is_empty()
        );
    }
    let form = format!("token={token}");
    let first = place.send("POST", "/console/enter", "", &form, &[]).await;
    let cookie = first.header("set-cookie");
    for part in ["freehold-console=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "no TLS here");
    let second = place.send("POST", "/console/enter", "", &form, &[]).await;
    assert!(second.status == StatusCode::FORBIDDEN && second.header("set-cookie").is_empty());

    let late = place
        .store
        .new_link("Ann", &Roles::everywhere(Role::Viewer), "test", realm::UnixMs(crate::place::NOON))
        .await
        .unwrap();
    place.pass(15 * 60_000);
    let late = place.send("POST", "/console/enter", "", &format!("token={late}"), &[]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_it_and_to_this_host() {
    let place = Place::named("House", Guard::Proxy).await;
    let token = place
        .store
        .new_link("Ann", &Roles::everywhere(Role::Viewer), "test", realm::UnixMs(crate::place::NOON))
        .await
        .unwrap();
    let tls = [("x-forwarded-proto", "https")];
    let got = place.send("POST", "/console/enter", "", &format!("token={token}"), &tls).await;
    let cookie = got.header("set-cookie");
    assert!(cookie.starts_with("__Host-freehold-console=") && cookie.contains("; Secure"), "{cookie}");
    assert!(got.header("strict-transport-security").contains("max-age"));
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(place.send("GET", "/console", pair, "", &tls).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_planted_session_does_not_become_somebodys() {
    let place = Place::new().await;
    let planted = place.enter(Role::Viewer).await;
    let token = place
        .store
        .new_link("Bob", &Roles::everywhere(Role::Admin), "test", realm::UnixMs(crate::place::NOON))
        .await
        .unwrap();
    let got = place.send("POST", "/console/enter", &planted, &format!("token={token}"), &[]).await;
    let fresh = got.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(fresh, planted);
    assert_eq!(place.get("/console", &planted).await.status, StatusCode::UNAUTHORIZED, "it ended");
    assert!(place.get("/console", &fresh).await.text.contains("Bob"));
    // A session that nobody was given lets nobody in either.
    assert_eq!(place.get("/console", "freehold-console=chosen").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_and_when_its_owner_leaves() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    place.pass(12 * HOUR_MS - 1);
    assert_eq!(place.get("/console", &cookie).await.status, StatusCode::OK);
    place.pass(1);
    assert_eq!(place.get("/console", &cookie).await.status, StatusCode::UNAUTHORIZED);

    let cookie = place.enter(Role::Viewer).await;
    let form = place.form(&cookie).await;
    let left = place.send("POST", "/console/leave", &cookie, &format!("form={form}"), &[]).await;
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(place.get("/console", &cookie).await.status, StatusCode::UNAUTHORIZED);
    let said: Vec<String> = place.said().await.into_iter().map(|(what, ..)| what).collect();
    assert_eq!(said, ["console.link", "console.enter", "console.link", "console.enter", "console.leave"]);
}

#[tokio::test]
async fn whoever_guesses_links_is_held_up() {
    let place = Place::new().await;
    for _ in 0..10 {
        assert_eq!(place.send("POST", "/console/enter", "", "token=guess", &[]).await.status, StatusCode::FORBIDDEN);
    }
    let got = place.send("POST", "/console/enter", "", "token=guess", &[]).await;
    assert_eq!((got.status, got.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    place.pass(60_000);
    place.enter(Role::Viewer).await;
}

#[tokio::test]
async fn a_password_lets_in_only_whoever_has_it_and_guessing_is_held_up() {
    let place = Place::new().await;
    let hashed = console::password::hash("correct horse battery", [7; 16]).unwrap();
    let now = realm::UnixMs(crate::place::NOON);
    place.store.add_account("ann", &hashed, &"house=viewer".parse().unwrap(), "test", now).await.unwrap();
    let good = "name=ann&password=correct+horse+battery";
    let entered = place.send("POST", "/console/enter", "", good, &[]).await;
    let cookie = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(entered.header("set-cookie").contains("SameSite=Strict"));
    assert!(place.get("/console", &cookie).await.text.contains("ann"));
    for bad in ["name=ann&password=wrong", "name=bob&password=correct+horse+battery", "name=ann"] {
        let got = place.send("POST", "/console/enter", "", bad, &[]).await;
        assert!(got.status == StatusCode::FORBIDDEN && got.header("set-cookie").is_empty(), "{bad}");
        assert!(got.text.contains("no open account") && !got.text.contains("horse"), "says neither which was wrong");
    }
    for _ in 0..8 {
        place.send("POST", "/console/enter", "", "name=ann&password=guess", &[]).await;
    }
    let held = place.send("POST", "/console/enter", "", good, &[]).await;
    assert_eq!((held.status, held.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    place.pass(60_000);
    place.store.disable_account("ann", true, "test", now).await.unwrap();
    assert_eq!(place.get("/console", &cookie).await.status, StatusCode::UNAUTHORIZED, "closed at once");
    assert_eq!(place.send("POST", "/console/enter", "", good, &[]).await.status, StatusCode::FORBIDDEN);
}

use http::StatusCode;
use realm::record::Record;
use store::{Role, Suspendable};

use crate::pages::refusal_of;
use crate::place::Place;

#[tokio::test]
async fn a_key_is_made_shown_once_and_ended_with_the_persons_name() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Operator).await;
    let form = place.form(&cookie).await;
    let made = place.send("POST", "/console/keys", &cookie, &format!("form={form}&app=desk&days=30"), &[]).await;
    let text = made.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    assert!(text.starts_with("fh_") && text.len() == 51, "{text}");
    assert!(place.store.live().await.unwrap().keys.contains_key(&store::hash_key(&text)));
    assert!(!place.get("/console/keys", &cookie).await.text.contains(&text), "shown once");

    let key = place.store.keys().await.unwrap()[0].id.0.clone();
    let path = format!("/console/keys/{key}/revoke");
    assert!(place.get(&path, &cookie).await.text.contains("cannot be undone"));
    let ended = place.send("POST", &path, &cookie, &format!("form={form}"), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(place.store.live().await.unwrap().keys.is_empty());
    let said = place.said().await;
    for what in ["key.new", "key.revoke"] {
        assert!(said.iter().any(|(it, _, by)| it == what && by == "Ann operator, by the console"), "{said:?}");
    }
    for bad in ["app=nobody&days=30", "app=desk&days=31", "app=desk"] {
        let got = place.send("POST", "/console/keys", &cookie, &format!("form={form}&{bad}"), &[]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn a_provider_is_suspended_and_resumed_after_a_question() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Admin).await;
    let form = format!("form={}", place.form(&cookie).await);
    assert!(place.get("/console/suspend/provider/here?organisation=%40", &cookie).await.text.contains("can be undone"));
    assert!(place.store.suspensions().await.unwrap().is_empty(), "looking does nothing");
    place.send("POST", "/console/suspend/provider/here?organisation=%40", &cookie, &form, &[]).await;
    let found = place.store.suspensions().await.unwrap();
    assert_eq!((found[0].kind, found[0].by.as_str()), (Suspendable::Provider, "Ann admin, by the console"));
    assert!(place.get("/console", &cookie).await.text.contains("Provider here is suspended"));
    assert!(place.get("/console/models", &cookie).await.text.contains("its provider is suspended"));
    place.send("POST", "/console/resume/provider/here?organisation=%40", &cookie, &form, &[]).await;
    assert!(place.store.suspensions().await.unwrap().is_empty());
    for nothing in ["provider/there?organisation=%40", "realm/here?organisation=%40", "app/Desk", "app/kiosk"] {
        let got = place.send("POST", &format!("/console/suspend/{nothing}"), &cookie, &form, &[]).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_form_of_another_session_changes_nothing() {
    let place = Place::new().await;
    let (mine, other) = (place.enter(Role::Admin).await, place.enter(Role::Admin).await);
    let foreign = place.form(&other).await;
    for form in ["", "form=", "form=0", &format!("form={foreign}")] {
        for path in
            ["/console/keys", "/console/suspend/app/desk", "/console/people", "/console/leave", "/console/settings"]
        {
            let body = format!("{form}&app=desk&days=30&lang=ru");
            let got = place.send("POST", path, &mine, &body, &[]).await;
            assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} {form}");
            assert!(got.header("set-cookie").is_empty());
        }
    }
    assert!(place.store.keys().await.unwrap().is_empty() && place.store.suspensions().await.unwrap().is_empty());
    assert_eq!(place.get("/console", &mine).await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn after_settings_nobody_is_sent_elsewhere() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let form = place.form(&cookie).await;
    for (back, expected) in [
        ("/console/requests?app=desk", "/console/requests?app=desk"),
        ("https://evil.example", "/console"),
        ("//evil.example", "/console"),
        ("/console/\\evil.example", "/console"),
    ] {
        let body = format!("form={form}&theme=dark&back={back}");
        let got = place.send("POST", "/console/settings", &cookie, &body, &[]).await;
        assert_eq!(got.header("location"), expected, "{back}");
        assert!(got.header("set-cookie").starts_with("freehold-theme=dark;"));
    }
}

/// Two windows, an organisation each: the browser remembers the other one's.
#[tokio::test]
async fn a_form_acts_in_the_organisation_that_its_page_was_of() {
    let place = Place::new().await;
    let ann = place.enter_as("Ann", "house=admin other=admin").await;
    let page = place.get("/console/people?organisation=house", &ann).await.text;
    let hrefs = |of: &str| page.matches(&format!("organisation={of}\"")).count();
    assert!(hrefs("house") > 10 && hrefs("other") == 0, "{page}");
    let action = page.split(" action=\"/console/people").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(action, "?organisation=house");
    let elsewhere = format!("{ann}; freehold-organisation=other");
    let form = format!("form={}", place.form(&ann).await);
    let path = format!("/console/people{action}");
    place.send("POST", &path, &elsewhere, &format!("{form}&name=bob&role=viewer"), &[]).await;
    assert_eq!(place.store.accounts().await.unwrap()[0].roles.to_string(), "house=viewer");
    // What is the person's own stays so, and leads on to what they choose.
    assert!(page.contains("action=\"/console/settings\""));
    // A page that one organisation has and the whole has not says where it is.
    let wim = place.enter_as("Wim", "house=viewer @=viewer").await;
    let lost = place.get("/console/requests?organisation=%40", &wim).await;
    assert_eq!(lost.status, StatusCode::FORBIDDEN);
    assert!(lost.text.contains("href=\"/console?organisation=house\""), "{}", lost.text);
}

#[tokio::test]
async fn a_demos_sample_log_is_deleted_by_an_administrator_of_the_whole_who_was_asked() {
    let mut place = Place::new().await;
    let simulated = |mut record: Record| {
        if let Record::Refusal(refusal) = &mut record {
            refusal.simulated = true;
        }
        record.to_bytes()
    };
    let refusal = |n: u64| Record::from_bytes(&refusal_of("desk", n)).unwrap();
    for entry in [simulated(refusal(1)), simulated(refusal(2)), refusal(3).to_bytes()] {
        place.log.append(entry).await.unwrap();
    }
    let (path, there) = ("/console/samples?organisation=%40", "href=\"/console/samples?organisation=%40\"");
    let ann = place.enter(Role::Admin).await;
    let form = format!("form={}", place.form(&ann).await);
    let first = place.get("/console", &ann).await.text;
    assert!(first.contains("2 sample requests") && first.contains(there), "{first}");
    let asked = place.get(path, &ann).await.text;
    for words in ["cannot be undone", "2 sample requests, 1 other requests"] {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    // Whoever answers for one organisation only is told, and deletes nothing.
    let oto = place.enter_as("Oto", "house=admin").await;
    let told = place.get("/console", &oto).await.text;
    assert!(told.contains("2 sample requests") && !told.contains(there), "{told}");
    let theirs = format!("form={}", place.form(&oto).await);
    assert_eq!(place.send("POST", path, &oto, &theirs, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.send("POST", path, &ann, "", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(place.stage.begun_anew.lock().unwrap().is_empty());
    assert_eq!(place.send("POST", path, &ann, &form, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(*place.stage.begun_anew.lock().unwrap(), ["Ann admin, by the console"]);
    // Elsewhere than in a demo a log is kept.
    place.stage.demo = false;
    assert!(!place.get("/console", &ann).await.text.contains("sample requests"));
    assert_eq!(place.send("POST", path, &ann, &form, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_gives_and_takes_roles_in_their_own_organisation_only() {
    let place = Place::new().await;
    let house = place.enter_as("Ann", "house=admin").await;
    let form = format!("form={}", place.form(&house).await);
    let made = place.send("POST", "/console/people", &house, &format!("{form}&name=bob&role=operator"), &[]).await;
    let password = made.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    assert_eq!(place.store.accounts().await.unwrap()[0].roles.to_string(), "house=operator");
    let body = format!("name=bob&password={password}");
    let entered = place.send("POST", "/console/enter", "", &body, &[]).await;
    let bob = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(place.get("/console/keys", &bob).await.status, StatusCode::OK);
    assert_eq!(place.get("/console/people", &bob).await.status, StatusCode::FORBIDDEN);

    let other = place.enter_as("Oto", "other=admin").await;
    let others = format!("form={}", place.form(&other).await);
    assert!(!place.get("/console/people", &other).await.text.contains("bob"), "nobody there");
    let path = "/console/people/bob/remove";
    assert_eq!(place.send("POST", path, &other, &others, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        place.send("POST", "/console/people/bob/close", &other, &others, &[]).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(place.get(path, &house).await.text.contains("can be given again"));
    place.send("POST", path, &house, &form, &[]).await;
    assert_eq!(place.store.accounts().await.unwrap()[0].roles.to_string(), "");
    assert_eq!(place.get("/console/keys?organisation=house", &bob).await.status, StatusCode::FORBIDDEN, "at once");

    let whole = place.enter_as("Wim", "@=admin").await;
    let wims = format!("form={}", place.form(&whole).await);
    place.send("POST", "/console/people/bob/close", &whole, &wims, &[]).await;
    assert_eq!(place.get("/console", &bob).await.status, StatusCode::UNAUTHORIZED, "signed out");
    let said = place.said().await;
    for (what, by) in [("account.add", "Ann"), ("account.roles", "Ann"), ("account.disable", "Wim")] {
        let by = format!("{by}, by the console");
        assert!(said.iter().any(|(it, subject, who)| it == what && subject == "person:bob" && *who == by), "{said:?}");
    }
}

/// Somebody of one organisation is let into another by whoever administers both: else one would know the other's passwords.
#[tokio::test]
async fn who_is_something_elsewhere_is_changed_by_an_administrator_of_both() {
    let place = Place::new().await;
    let roles = "house=operator".parse().unwrap();
    assert!(place.store.add_account("bob", "hash", &roles, "root", realm::UnixMs(1)).await.unwrap());
    let now = async || place.store.accounts().await.unwrap()[0].roles.to_string();
    let other = place.enter_as("Oto", "other=admin").await;
    let otos = format!("form={}&name=bob&role=viewer", place.form(&other).await);
    assert_eq!(place.send("POST", "/console/people", &other, &otos, &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(now().await, "house=operator");
    let both = place.enter_as("Uma", "house=admin other=admin").await;
    let umas = format!("form={}&name=bob&role=viewer", place.form(&both).await);
    place.send("POST", "/console/people?organisation=other", &both, &umas, &[]).await;
    assert_eq!(now().await, "house=operator other=viewer");
    place.send("POST", "/console/people/bob/remove?organisation=house", &both, &umas, &[]).await;
    assert_eq!(now().await, "other=viewer");
}

#[tokio::test]
async fn a_backup_is_taken_by_an_administrator_of_the_whole_and_leaves_a_record() {
    let place = Place::new().await;
    let (page, path) = ("/console/system?organisation=%40", "/console/system/backup?organisation=%40");
    let ann = place.enter(Role::Admin).await;
    assert!(place.get(page, &ann).await.text.contains("/console/system/backup"));
    let form = format!("form={}", place.form(&ann).await);
    let oto = place.enter(Role::Operator).await;
    assert!(!place.get(page, &oto).await.text.contains("/console/system/backup"));
    let theirs = format!("form={}", place.form(&oto).await);
    assert_eq!(place.send("POST", path, &oto, &theirs, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.send("POST", path, &ann, "", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(!pending(&place).await.contains("backup.make"), "nobody who may has asked");

    let (tell, told) = std::sync::mpsc::channel();
    let begin = move |head: http::Response<()>| {
        let (parts, rest) = tokio::sync::mpsc::channel(4);
        tell.send((head, rest)).unwrap();
        parts
    };
    let request = http::Request::post(path).header("cookie", &ann).body(bytes::Bytes::from(form)).unwrap();
    place.console.answer(&place.stage, "192.0.2.7".parse().unwrap(), request, Some(&begin)).await;
    let (head, mut rest) = told.recv().unwrap();
    let name = head.headers()["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"freehold-") && name.ends_with(".tar\""), "{name}");
    assert_eq!(rest.recv().await.unwrap(), "a backup");
    let records = pending(&place).await;
    assert!(records.contains("backup.make") && records.contains("Ann admin, by the console"), "{records}");
}

/// Records that the ledger is still to get.
async fn pending(place: &Place) -> String {
    let waiting = place.store.pending(100).await.unwrap();
    waiting.iter().map(|it| String::from_utf8_lossy(&it.body).into_owned()).collect()
}

//! The console of a running server, as a browser reaches it.

use serde_json::Value;
use ureq::Agent;

use crate::place::{Place, chat, wait_for};

fn browser() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.build().into()
}

/// Uses a link up: the cookie.
fn enter(link: &str) -> Option<String> {
    let (page, token) = link.split_once("?token=").unwrap();
    let got = browser().post(page).send_form([("token", token)]).unwrap();
    let cookie = got.headers().get("set-cookie")?.to_str().unwrap();
    Some(cookie.split(';').next().unwrap().to_owned())
}

fn get(url: &str, cookie: &str) -> (u16, String) {
    let mut got = browser().get(url).header("cookie", cookie).call().unwrap();
    (got.status().as_u16(), got.body_mut().read_to_string().unwrap())
}

/// The token in the forms of a session.
fn form(url: &str, cookie: &str) -> String {
    let page = get(&format!("{url}/console/ledger"), cookie).1;
    page.split_once("name=\"form\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

#[test]
fn a_link_lets_in_and_the_pages_say_what_the_ledger_says() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    let agent = browser();
    let asked = chat(&agent, &server.url, &key, "one", false).unwrap();
    assert_eq!(asked.status, 200);
    let link = place.json(&["console", "link", "--role", "auditor", "--name", "Ann Lee", "--url", &server.url]);
    let cookie = enter(link["link"].as_str().unwrap()).unwrap();
    assert!(enter(link["link"].as_str().unwrap()).is_none(), "once");

    let (status, page) = get(&format!("{}/console/requests/{}", server.url, asked.request), &cookie);
    assert!(status == 200 && page.contains("one-here") && page.contains("Ann Lee"), "{page}");
    let told: Value = serde_json::from_str(&get(&format!("{}/console.json", server.url), &cookie).1).unwrap();
    assert_eq!(get(&format!("{}/console", server.url), "").0, 401);
    assert_eq!(get(&format!("{}/consoles", server.url), &cookie).0, 404, "the gateway's, not the console's");
    let long = "x".repeat(70_000);
    let too_long = agent.post(format!("{}/console/enter", server.url)).send(&long).unwrap();
    assert_eq!(too_long.status().as_u16(), 413);
    place.stop(&mut server);
    let usage = place.json(&["usage"]);
    let sum = &usage["groups"]["desk"];
    for field in ["requests", "tokens_in", "tokens_out", "refused"] {
        assert_eq!(told["apps"][0][field], sum[field], "{field}");
    }
    let cost: f64 = told["apps"][0]["cost"].as_str().unwrap().parse().unwrap();
    assert_eq!((cost * 1e9).round() as u64, sum["cost_nano"].as_u64().unwrap());
    let log = place.ok(&["ledger", "export"]);
    let entered = r#""what":"console.enter","subject":"person:Ann Lee","by":"Ann Lee""#;
    assert!(log.contains(entered) && !log.contains(link["link"].as_str().unwrap()), "{log}");
}

#[test]
fn what_an_operator_suspends_on_a_page_gets_nothing_at_once() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    let agent = browser();
    let status = || chat(&agent, &server.url, &key, "x", false).map_or(0, |chat| chat.status);
    wait_for("an answer", || status() == 200);
    let link = place.json(&["console", "link", "--role", "operator", "--whole", "--url", &server.url]);
    let cookie = enter(link["link"].as_str().unwrap()).unwrap();
    let form = form(&server.url, &cookie);
    for (verb, expected) in [("suspend", 503), ("resume", 200)] {
        let path = format!("{}/console/{verb}/provider/here", server.url);
        let done = agent.post(path).header("cookie", &cookie).send_form([("form", form.as_str())]).unwrap();
        assert_eq!(done.status().as_u16(), 303);
        wait_for(verb, || status() == expected);
    }
    place.stop(&mut server);
    let shown = place.ok(&["ledger", "export"]);
    assert!(shown.contains("by the console"), "{shown}");
}

#[test]
fn an_account_signs_in_with_its_password_until_it_is_disabled() {
    let place = Place::new();
    let mut server = place.serve();
    let add = ["console", "account", "add", "ann", "--role", "auditor", "--whole"];
    let added = place.json(&add);
    let password = added["password"].as_str().unwrap();
    assert_eq!(added["roles"], "@=auditor");
    assert!(!place.run(&add).status.success(), "the name is taken");
    let door = format!("{}/console/enter", server.url);
    let enter = || browser().post(&door).send_form([("name", "ann"), ("password", password)]).unwrap();
    let entered = enter();
    let cookie = entered.headers().get("set-cookie").unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let home = format!("{}/console", server.url);
    assert_eq!(get(&home, &cookie).0, 200);
    assert_eq!(get(&format!("{home}/requests"), &cookie).0, 403, "a role in the whole shows nobody's requests");
    assert_eq!(place.json(&["console", "account", "ls"])[0]["state"], "open");
    place.ok(&["console", "account", "disable", "ann"]);
    assert_eq!(get(&home, &cookie).0, 401, "its session ended");
    assert_eq!(enter().status().as_u16(), 403);
    place.ok(&["console", "account", "enable", "ann"]);
    assert_eq!(enter().status().as_u16(), 303);
    assert!(!place.run(&["console", "account", "disable", "nobody"]).status.success());
    place.stop(&mut server);
    let log = place.ok(&["ledger", "export"]);
    for what in ["account.add", "account.disable", "account.enable"] {
        assert!(log.contains(&format!(r#""what":"{what}","subject":"person:ann""#)), "{what}: {log}");
    }
    assert!(!log.contains(password), "no password in the ledger");
}

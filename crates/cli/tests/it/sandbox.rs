//! An experimental regime: two people sign, an app is exempt, and whoever changes the text exempts nobody.

use serde_json::Value;

use crate::place::{Place, agent, wait_for};

const RULE: &str = r#"
@id("no-letters")
@title("The desk writes no letters by machine")
@cite("House Rules, section 3")
forbid (principal, action == Action::"infer", resource) when { context.purpose == "letters" };
"#;

/// A realm in which a rule forbids everything that the desk asks for, with a sandbox around today.
fn place() -> Place {
    let place = Place::new();
    std::fs::write(place.realm().join("policies/letters.cedar"), RULE).unwrap();
    let people: Vec<String> = ["ann", "bob"]
        .iter()
        .map(|name| {
            let made = place.json(&["content", "keygen", "--person", "--out", &key_of(&place, name)]);
            format!("{{ name = \"{name}\", key = {} }}", made["public"])
        })
        .collect();
    let people = format!("home = \"XA\"\nsandbox_people = [{}]", people.join(", "));
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let (from, until) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    let sandbox = format!(
        "\n[[sandbox]]\nid = \"trial\"\napps = [\"desk\"]\nrules = [\"no-letters\"]\nfrom = \"{from}\"\nuntil = \"{until}\"\n\
         cite = \"Order 12\"\n"
    );
    place.write_realm(&(place.realm_text().replacen("home = \"XA\"", &people, 1) + &sandbox));
    place
}

fn key_of(place: &Place, name: &str) -> String {
    place.dir.path().join(format!("{name}.key")).to_str().unwrap().to_owned()
}

/// What somebody's signature under the sandbox is.
fn signed(place: &Place, name: &str) -> String {
    let told = place.json(&["sandbox", "sign", "trial", "--by", name, "--signer", &key_of(place, name)]);
    format!("{{ by = \"{name}\", signature = {} }}", told["signature"])
}

fn status(url: &str, key: &str) -> u16 {
    let body = r#"{"model":"main","messages":[{"role":"user","content":"Dear Sir"}]}"#;
    let request = agent().post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    request.header("content-type", "application/json").send(body).unwrap().status().as_u16()
}

fn records(place: &Place, kind: &str) -> Vec<Value> {
    let log = place.ok(&["ledger", "export"]);
    let all = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).map(|it| it["entry"].clone());
    all.filter(|it| it["t"] == kind).collect()
}

#[test]
fn two_signatures_exempt_an_app_until_the_text_is_changed() {
    let place = place();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(status(&server.url, &key), 403, "nobody has signed");
    let (ann, bob) = (signed(&place, "ann"), signed(&place, "bob"));
    let text = place.realm_text();
    place.write_realm(&format!("{text}signed = [{ann}]\n"));
    assert_eq!(place.json(&["sandbox", "ls"])[0]["state"], "proposed");
    place.write_realm(&format!("{text}signed = [{ann}, {bob}]\n"));
    wait_for("the exemption", || status(&server.url, &key) == 200);
    let told = place.ok(&["explain", "--app", "desk", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["deployments"][0]["exempt"][0]["rule"], "no-letters", "{told}");
    let has_begun = || records(&place, "change").iter().any(|it| it["what"] == "sandbox.begin");
    wait_for("its record", has_begun);
    let begun = records(&place, "change").into_iter().find(|it| it["what"] == "sandbox.begin").unwrap();
    assert_eq!((&begun["subject"], &begun["by"]), (&"sandbox:trial".into(), &"ann, bob".into()), "{begun}");
    // A longer time than they signed for is a realm that nobody takes over.
    let longer = place.realm_text().replace("cite = \"Order 12\"", "cite = \"Order 13\"");
    place.write_realm(&longer);
    let refused = place.run(&["check"]);
    let said = String::from_utf8_lossy(&refused.stdout).into_owned() + &String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("realm.sandbox_signature"), "{said}");
    // One fewer ends it.
    place.write_realm(&text);
    wait_for("its end", || status(&server.url, &key) == 403);
    wait_for("the record of its end", || records(&place, "change").iter().any(|it| it["what"] == "sandbox.end"));
    place.stop(&mut server);
    let exempt = records(&place, "intent").iter().filter(|it| it["exempt"][0] == "no-letters").count();
    assert!(exempt >= 1, "each record of it names the rule");
}

#[test]
fn nobody_signs_for_somebody_else() {
    let place = place();
    let other = place.run(&["sandbox", "sign", "trial", "--by", "ann", "--signer", &key_of(&place, "bob")]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("is not the key of `ann`"));
    // One person twice is one person.
    let ann = signed(&place, "ann");
    place.write_realm(&format!("{}signed = [{ann}, {ann}]\n", place.realm_text()));
    assert_eq!(place.json(&["sandbox", "ls"])[0]["state"], "proposed");
    let unknown = place.run(&["sandbox", "sign", "trail", "--by", "ann", "--signer", &key_of(&place, "ann")]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `trial`?"));
}

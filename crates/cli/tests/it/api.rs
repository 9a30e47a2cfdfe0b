//! The control API of a running server, as a program calls it.

use serde_json::{Value, json};
use ureq::Agent;

use crate::demo::Demo;
use crate::place::{Place, agent, wait_for};

/// A demo, and somebody's token.
struct Served {
    place: Place,
    demo: Demo,
    agent: Agent,
}

/// A status and what came with it.
type Got = (u16, Value);

impl Served {
    fn start() -> Self {
        let place = Place::new();
        let demo = Demo::without_samples(&place, &place.dir.path().join("kept"));
        Self { place, demo, agent: agent() }
    }

    fn data(&self) -> String {
        self.place.dir.path().join("kept").display().to_string()
    }

    fn told(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let output = self.place.command(&args).arg("--data").arg(self.data()).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A token of an account with a role in an organisation.
    fn token(&self, name: &str, role: &str, within: &[&str]) -> String {
        let realm = format!("{}/realm", self.data());
        let add = ["console", "account", "add", name, "--role", role, "--realm", &realm];
        self.told(&add.iter().copied().chain(within.iter().copied()).collect::<Vec<_>>());
        self.told(&["console", "token", name])["token"].as_str().unwrap().to_owned()
    }

    fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Got {
        let url = format!("http://{}/api/v1{path}", self.demo.ready["listen"].as_str().unwrap());
        let request =
            http::Request::builder().method(method).uri(url).header("authorization", format!("Bearer {token}"));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut reply = self.agent.run(request.body(body).unwrap()).unwrap();
        let text = reply.body_mut().read_to_string().unwrap();
        (reply.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Takes a backup and keeps it.
    fn download(&self, token: &str, to: &std::path::Path) {
        let url = format!("http://{}/api/v1/backup?organisation=@", self.demo.ready["listen"].as_str().unwrap());
        let request = self.agent.post(url).header("authorization", format!("Bearer {token}"));
        let mut reply = request.send_empty().unwrap();
        assert_eq!(
            (reply.status().as_u16(), &reply.headers()["content-type"]),
            (200, &"application/x-tar".parse().unwrap())
        );
        std::io::copy(&mut reply.body_mut().as_reader(), &mut std::fs::File::create(to).unwrap()).unwrap();
    }

    fn get(&self, token: &str, path: &str) -> Value {
        let (status, told) = self.call(token, "GET", path, None);
        assert_eq!(status, 200, "{path}: {told}");
        told
    }

    /// Asks as an app; tells the status and the request's id.
    fn ask(&self, key: &str, route: &str) -> (u16, String) {
        let url = format!("http://{}/v1/chat/completions", self.demo.ready["listen"].as_str().unwrap());
        let body = json!({ "model": route, "messages": [{ "role": "user", "content": "Where is it?" }] });
        let request = self.agent.post(url).header("authorization", format!("Bearer {key}"));
        let reply = request.send(body.to_string()).unwrap();
        let id = reply.headers().get("x-freehold-request").map(|id| id.to_str().unwrap().to_owned());
        (reply.status().as_u16(), id.unwrap_or_default())
    }
}

#[test]
fn a_program_makes_a_key_sees_its_request_and_takes_the_proof() {
    let served = Served::start();
    let ann = served.token("Ann Lee", "admin", &["--organisation", "tourist-office"]);
    let (status, made) = served.call(&ann, "POST", "/keys", Some(json!({ "app": "tourism", "days": 7 })));
    assert_eq!(status, 201, "{made}");
    let key = made["key"].as_str().unwrap();
    wait_for("the gateway to know the key", || served.ask(key, "best").0 == 200);
    let (_, id) = served.ask(key, "abroad");

    let mut told = Value::Null;
    wait_for("the record", || {
        told = served.get(&ann, "/requests?route=abroad&sort=-cost");
        told["total"] == 1
    });
    assert_eq!(told["requests"][0]["id"], id.as_str());
    let one = served.get(&ann, &format!("/requests/{id}"));
    assert_eq!((&one["request"]["decision"], &one["records"][0]["t"]), (&json!("permit"), &json!("intent")));
    let usage = served.get(&ann, "/usage?by=route");
    let abroad = usage["groups"].as_array().unwrap().iter().find(|it| it["member"] == "abroad").unwrap().clone();
    assert_eq!(abroad["cost"], one["request"]["cost"], "a sum of one is that one");

    // What proves it is the file that the command verifies.
    let entry = one["request"]["entries"].as_array().unwrap().last().unwrap().clone();
    let path = format!("/ledger/entries/{entry}/receipt");
    wait_for("a checkpoint", || served.call(&ann, "GET", &path, None).0 == 200);
    let receipt = served.place.dir.path().join("one.tlog-proof");
    std::fs::write(&receipt, served.get(&ann, &path).as_str().unwrap()).unwrap();
    served.told(&["receipt", "verify", receipt.to_str().unwrap()]);

    let id = made["id"].as_str().unwrap();
    assert_eq!(served.call(&ann, "DELETE", &format!("/keys/{id}"), None).0, 204);
    wait_for("the key's end", || served.ask(key, "best").0 == 401);
    wait_for("both changes, with who and how", || {
        let changes = served.get(&ann, "/ledger/changes")["changes"].clone();
        let by = |what: &str| {
            changes.as_array().unwrap().iter().any(|it| it["what"] == what && it["by"] == "Ann Lee, by the API")
        };
        by("key.new") && by("key.revoke")
    });
}

#[test]
fn nobody_sees_or_changes_what_is_another_organisations() {
    let served = Served::start();
    let ann = served.token("Ann Lee", "operator", &["--organisation", "tourist-office"]);
    let bob = served.token("Bob", "viewer", &["--whole"]);
    let apps = served.get(&ann, "/apps")["apps"].clone();
    assert!(apps.as_array().unwrap().iter().all(|app| app["organisation"] == "tourist-office"), "{apps}");
    let refused = |token: &str, method: &str, path: &str, body: Option<Value>| {
        let (status, told) = served.call(token, method, path, body);
        (status, told["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let of = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(refused(&ann, "GET", "/apps?organisation=first-bank", None), of(403, "role_missing"));
    assert_eq!(refused(&ann, "PUT", "/apps/clinic/suspension", None), of(404, "not_found"));
    let clinics = Some(json!({ "app": "clinic", "days": 7 }));
    assert_eq!(refused(&ann, "POST", "/keys", clinics), of(400, "invalid_request"));
    assert_eq!(refused(&ann, "PUT", "/providers/standin-abroad/suspension", None), of(403, "wrong_scope"));
    assert_eq!(refused(&ann, "GET", "/people", None), of(403, "role_missing"));
    assert_eq!(refused(&bob, "GET", "/requests", None), of(403, "wrong_scope"));
    assert_eq!(refused(&bob, "PUT", "/providers/standin-abroad/suspension", None), of(403, "role_missing"));
    assert_eq!(refused("fh_no-such", "GET", "/session", None), of(401, "invalid_token"));
    let app_key = served.demo.ready["keys"]["tourism"].as_str().unwrap();
    assert_eq!(refused(app_key, "GET", "/session", None), of(401, "invalid_token"), "a key of an app is no token");
    assert_eq!(refused(&ann, "PATCH", "/keys", None), of(405, "method_not_allowed"));

    // Closing the account ends its tokens, at once.
    served.told(&["console", "account", "disable", "Ann Lee"]);
    assert_eq!(refused(&ann, "GET", "/session", None), of(401, "invalid_token"));
    let cat = served.token("Cat", "admin", &["--whole"]);
    assert_eq!(served.call(&cat, "DELETE", "/session", None).0, 204);
    assert_eq!(refused(&cat, "GET", "/session", None), of(401, "invalid_token"));
}

/// Whoever makes an account knows its first password: nobody of another organisation is let in by it.
#[test]
fn an_administrator_changes_nobody_who_is_something_elsewhere() {
    let served = Served::start();
    let ann = served.token("Ann Lee", "admin", &["--organisation", "tourist-office"]);
    served.token("Every", "admin", &[]);
    let put = |token: &str, name: &str, organisation: &str| {
        let path = format!("/people/{name}?organisation={organisation}");
        served.call(token, "PUT", &path, Some(json!({ "role": "viewer" })))
    };
    assert!(put(&ann, "Clerk", "tourist-office").1["password"].is_string());
    let bob = served.token("Bob", "admin", &["--organisation", "first-bank"]);
    let (status, told) = put(&bob, "Clerk", "first-bank");
    assert_eq!((status, &told["error"]["code"]), (409, &json!("conflict")), "{told}");
    let (status, told) = put(&ann, "Every", "tourist-office");
    assert_eq!((status, &told["error"]["code"]), (409, &json!("conflict")), "{told}");
    for hidden in ["Ann%20", "A%E2%80%8Bnn", "A%E2%80%AEnn"] {
        assert_eq!(put(&ann, hidden, "tourist-office").0, 400, "{hidden}");
    }
    // A day that Cedar cannot say is no panic.
    let every = served.told(&["console", "token", "Every"])["token"].as_str().unwrap().to_owned();
    let path = "/explain?organisation=capital-hospital&app=clinic&date=-009999-01-02";
    assert_eq!(served.call(&every, "GET", path, None).0, 200);
    assert_eq!(served.call(&every, "GET", "/matrix?organisation=@", None).0, 403, "of the whole no app is named");
}

#[test]
fn what_is_wrong_is_named_and_changes_nothing() {
    let served = Served::start();
    let ann = served.token("Ann Lee", "admin", &[]);
    let wrong = |method: &str, path: &str, body: Option<Value>| {
        let (status, told) = served.call(&ann, method, path, body);
        assert_eq!(status, 400, "{path}: {told}");
        (told["error"]["param"].as_str().unwrap_or_default().to_owned(), told["error"]["message"].to_string())
    };
    for (path, param, says) in [
        ("/requests?limit=0", "limit", "from 1 to 1000"),
        ("/requests?sort=colour", "sort", "colour"),
        ("/requests?end=lost", "end", "client_closed"),
        ("/requests?colour=red", "query", "colour"),
        ("/requests?from=soon", "from", "2026-11-26"),
        ("/usage?by=mood", "by", "jurisdiction"),
        ("/explain?app=clinic&organisation=capital-hospital&located=gossip", "located", "personal"),
        ("/apps?all=1", "query", "all"),
    ] {
        let (found, message) = wrong("GET", path, None);
        assert_eq!(found, param, "{path}");
        assert!(message.contains(says), "{path}: {message}");
    }
    let (param, message) =
        wrong("POST", "/keys?organisation=tourist-office", Some(json!({ "app": "tourism", "days": 0 })));
    assert!(param == "days" && message.contains("3650"), "{message}");
    let (_, message) = wrong("POST", "/keys?organisation=tourist-office", Some(json!({ "app": "tourism", "day": 1 })));
    assert!(message.contains("`days`"), "{message}");
    let (param, _) = wrong("PUT", "/people/Bob?organisation=tourist-office", Some(json!({ "role": "king" })));
    assert_eq!(param, "role");
    assert_eq!(served.get(&ann, "/people?organisation=tourist-office")["people"].as_array().unwrap().len(), 1);
    // The description needs no token: it says nothing of anybody.
    let (status, document) = served.call("", "GET", "/openapi.json", None);
    assert_eq!((status, &document["openapi"]), (200, &json!("3.1.0")));
}

#[test]
fn a_backup_that_was_downloaded_is_restored_as_it_was() {
    let served = Served::start();
    let ann = served.token("Ann Lee", "admin", &["--organisation", "tourist-office", "--whole"]);
    let (status, key) =
        served.call(&ann, "POST", "/keys?organisation=tourist-office", Some(json!({ "app": "tourism", "days": 1 })));
    assert_eq!(status, 201, "{key}");
    let bob = served.token("Bob", "operator", &["--whole"]);
    assert_eq!(served.call(&bob, "POST", "/backup?organisation=@", None).0, 403);

    let run = |args: &[&str], data: &str| {
        let output = served.place.command(args).args(["--data", data]).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (from, restored) = (served.data(), served.place.dir.path().join("restored"));
    let to = restored.display().to_string();
    let log = std::fs::read_to_string(format!("{from}/log-id")).unwrap();
    let export = ["ledger", "export", "--log", log.trim()];
    wait_for("the key's record", || run(&export, &from).contains("\"what\":\"key.new\""));

    let file = served.place.dir.path().join("taken.tar");
    served.download(&ann, &file);
    let outgoing = format!("{}/outgoing", served.data());
    wait_for("what was made for it is gone", || !std::path::Path::new(&outgoing).exists());

    run(&["restore", file.to_str().unwrap()], &to);
    run(&["ledger", "verify"], &to);
    for same in [&["key", "ls", "--json"][..], &["console", "account", "ls", "--json"]] {
        assert_eq!(run(same, &from), run(same, &to), "{same:?}");
    }
    // Every entry that it holds is the one that was written; that somebody took it stands in the server's own log.
    let (all, part) = (run(&export, &from), run(&export, &to));
    assert!(part.contains("key.new") && all.starts_with(&part), "{part}");
    let log = restored.join("ledger-state").join(log.trim());
    assert!(log.join("key.pub").exists() && !log.join("key").exists(), "nobody can sign in its name");
    wait_for("the record", || run(&export, &from).contains("\"what\":\"backup.make\""));
}

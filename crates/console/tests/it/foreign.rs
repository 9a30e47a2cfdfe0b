//! Texts of others on pages: none is ever more than text.

use realm::record::{Change, Record, Refusal};
use realm::{AppId, ClassSet, SnapshotId, UnixMs};
use store::approval::Saying;
use store::{Role, Roles};

use crate::place::{NOON, Place};

const CORPUS: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus=alert(1) '",
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "--><iframe src=//evil.example>",
];

#[tokio::test]
async fn names_error_texts_and_ids_stay_text() {
    for nasty in CORPUS {
        let place = hostile(nasty).await;
        let token = place.store.new_link(nasty, &Roles::everywhere(Role::Admin), nasty, UnixMs(NOON)).await.unwrap();
        let got = place.send("POST", "/console/enter", "", &format!("token={token}"), &[]).await;
        let cookie = got.header("set-cookie").split(';').next().unwrap().to_owned();
        let id = form_urlencoded::byte_serialize(nasty.as_bytes()).collect::<String>().replace('+', "%20");
        let fixed = PATHS.iter().map(|path| (*path).to_owned());
        let named = [
            "/requests/@",
            "/requests?rule=@&app=@&sort=@&page=@&cols=@&live=@",
            "/keys?apps-find=@&keys-find=@&find=@&apps-sort=@",
            "/go?q=@",
            "/enter?token=@",
            "/@",
        ];
        for path in fixed.into_iter().chain(named.map(|path| path.replace('@', &id))) {
            let page = place.get(&format!("/console{path}"), &cookie).await;
            plain(&page.text, nasty, &path);
            assert!(page.header("content-security-policy").starts_with("default-src 'self';"), "{path}");
        }
        let shown = place.get(&format!("/console/requests/{id}"), &cookie).await;
        assert_eq!(shown.status.as_u16(), 200, "{nasty}");
    }
}

const PATHS: &[&str] = &[
    "/approvals",
    "/obligations",
    "/approvals/t1",
    "/playground",
    "/policies/explain?app=desk&purpose=%3Cscript%3E",
    "/realm?organisation=%40",
    "/system?organisation=%40",
    "",
    "?organisation=%40",
    "/usage",
    "/usage?by=model&app=%3Cscript%3E",
    "/usage?organisation=%40",
    "/map",
    "/exposure",
    "/drills",
    "/drills/new?cut=operator%3Ahouse",
    "/drills?organisation=%40",
    "/exposure?organisation=%40",
    "/people",
    "/people/%3Cscript%3E/remove",
    "/requests",
    "/ledger",
    "/ledger/0",
    "/ledger/1",
    "/policies",
    "/policies/rules/stays",
    "/policies/matrix",
    "/packs",
    "/packs?on=%3Cscript%3E",
    "/packs/act",
    "/models",
    "/models/chat-one",
    "/keys",
];

/// A console whose realm, surroundings and ledger say a text wherever they say one.
async fn hostile(nasty: &str) -> Place {
    let mut place = Place::named(nasty, console::Guard::Clear).await;
    place.stage.ready = api::Ready { reasons: vec![nasty.into()], warnings: vec![nasty.into()] };
    place.stage.places = vec![api::PlaceState {
        deployment: realm::DeploymentId::new("one-here").unwrap(),
        trouble: Some(nasty.into()),
        wait_ms: None,
        law_wait_ms: None,
        running: 0,
    }];
    let suite = store::evaluation::Evaluation { suite: nasty.into(), ..crate::evaluations::published(nasty) };
    place.store.keep_evaluation(&suite).await.unwrap();
    place.store.open_ticket(&crate::approvals::ticket("t1", "desk", nasty), 9).await.unwrap();
    let saying = Saying { person: nasty, names: &[], by: nasty, agrees: true, reason: nasty };
    place.store.say_of_ticket("t1", saying, UnixMs(NOON)).await.unwrap();
    place.log.append(refusal(nasty)).await.unwrap();
    let [what, subject, by] = [nasty; 3].map(str::to_owned);
    let change = Change { at: UnixMs(NOON), what, subject, by, note: Some(nasty.into()), id: None };
    place.log.append(Record::Change(change).to_bytes()).await.unwrap();
    place
}

/// No page holds a script, a frame, a handler, a style of its own, or a link with another scheme.
fn plain(page: &str, nasty: &str, path: &str) {
    // Scripts are files of ours, named by their content.
    let scripts = page.split("<script src=\"/console/assets/").skip(1).filter_map(|rest| rest.split_once('>'));
    for (script, after) in scripts {
        assert!(script.ends_with(".js\" defer") && after.starts_with("</script>"), "{path}: {script}");
    }
    let lower = page.replace("<script src=\"/console/assets/", "").to_lowercase();
    for bad in
        ["<script", "<iframe", "<img", "<svg/", " style=", "<style", "href=\"javascript:", "href=\"//", "src=\"//"]
    {
        assert!(!lower.contains(bad), "{path}: `{bad}` of {nasty}");
    }
    // A handler would stand within a tag.
    for tag in lower.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains(" on"), "{path}: <{tag}>");
    }
}

fn refusal(nasty: &str) -> Vec<u8> {
    let refusal = Refusal {
        at: UnixMs(NOON),
        req: nasty.into(),
        app: AppId::new("desk").unwrap(),
        route: None,
        purpose: nasty.into(),
        code: nasty.into(),
        classes: ClassSet::EMPTY,
        located: realm::ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: vec![nasty.into()],
        unknown: vec![nasty.into()],
        snap: SnapshotId([0; 32]),
        mac: None,
        simulated: false,
        ticket: None,
    };
    Record::Refusal(refusal).to_bytes()
}

//! Requests that wait for people: parked with nothing sent, let go once, and only as they were.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use gateway::{Gateway, OPEN_TICKETS_MAX, Parked, Parking, Ticket, TicketState, Tickets, Wait};
use realm::UnixMs;
use realm::load::SourceSet;
use std::sync::atomic::Ordering;

use crate::harness::{Changes, Reply, World};

const ASK: &str = r#"{"model":"abroad","messages":[{"role":"user","content":"hello"}]}"#;
const ASK_FIRST: &str = r#"
@id("ask-first")
@title("Somebody agrees before anything goes abroad")
@cite("Test Act, section 6")
@obligation("approval")
@approvers("2")
forbid (principal, action == Action::"oblige", resource) when { resource.host != "XA" };
"#;
const HOUR_MS: u64 = 3_600_000;

/// Tickets in memory; people are the test.
#[derive(Default)]
struct Desk {
    tickets: Mutex<BTreeMap<String, (Ticket, Parked)>>,
    is_down: std::sync::atomic::AtomicBool,
}

impl Desk {
    fn say(&self, id: &str, state: TicketState, agreed: u32) {
        let mut tickets = self.tickets.lock().unwrap();
        let (ticket, _) = tickets.get_mut(id).unwrap();
        (ticket.state, ticket.agreed) = (state, agreed);
    }

    fn parked(&self, id: &str) -> Parked {
        self.tickets.lock().unwrap()[id].1.clone()
    }

    fn answer<T: Send + 'static>(&self, value: T) -> Wait<'_, Result<T, String>> {
        let down = self.is_down.load(Ordering::SeqCst);
        Box::pin(async move { if down { Err("down".to_owned()) } else { Ok(value) } })
    }
}

impl Tickets for Desk {
    fn park(&self, parked: Parked, open_max: u32) -> Wait<'_, Result<Parking, String>> {
        let mut tickets = self.tickets.lock().unwrap();
        let same = tickets.values().find(|(_, before)| before.mac == parked.mac && before.realm == parked.realm);
        if let Some((ticket, _)) = same {
            return self.answer(Parking::Under(ticket.clone()));
        }
        if tickets.len() >= open_max as usize {
            return self.answer(Parking::Full(parked.until));
        }
        let ticket = Ticket {
            id: format!("t{}", tickets.len()),
            app: parked.app.clone(),
            mac: parked.mac.clone(),
            realm: parked.realm.clone(),
            rules: parked.rules.iter().map(|[id, ..]| id.clone()).collect(),
            state: TicketState::Waiting,
            needed: parked.needed,
            agreed: 0,
            asked: parked.asked,
            until: parked.until,
        };
        tickets.insert(ticket.id.clone(), (ticket.clone(), parked));
        self.answer(Parking::Under(ticket))
    }

    fn find<'a>(&'a self, id: &'a str, now: UnixMs) -> Wait<'a, Result<Option<Ticket>, String>> {
        let found = self.tickets.lock().unwrap().get(id).map(|(ticket, _)| ticket.clone());
        let at = |ticket: Ticket| match ticket.state {
            TicketState::Waiting | TicketState::Approved if now >= ticket.until => {
                Ticket { state: TicketState::Expired, ..ticket }
            }
            _ => ticket,
        };
        self.answer(found.map(at))
    }

    fn take<'a>(&'a self, id: &'a str, _req: &'a str, _now: UnixMs) -> Wait<'a, Result<bool, String>> {
        let mut tickets = self.tickets.lock().unwrap();
        let (ticket, _) = tickets.get_mut(id).unwrap();
        let first = ticket.state == TicketState::Approved;
        ticket.state = TicketState::Used;
        self.answer(first)
    }
}

async fn world_of(app: &'static str) -> (World, Arc<Desk>) {
    let world = World::with(Changes { rules: ASK_FIRST, app, ..Changes::default() }).await;
    let desk = Arc::new(Desk::default());
    keep(&world.gateway, &desk);
    (world, desk)
}

async fn world() -> (World, Arc<Desk>) {
    world_of("approvals = \"ticket\"\napproval_hours = 2").await
}

fn keep(gateway: &Gateway, desk: &Arc<Desk>) {
    gateway.keep_tickets(Arc::<Desk>::clone(desk));
}

async fn with(world: &World, id: &str) -> Reply {
    world.chat_with(ASK, &[("x-freehold-ticket", id)]).await
}

#[tokio::test]
async fn a_request_waits_under_a_ticket_and_nothing_is_sent_or_spent() {
    let (world, desk) = world().await;
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.header("x-freehold-ticket")), (202, Some("t0")), "{}", reply.body);
    assert_eq!((reply.header("x-freehold-decision"), reply.header("retry-after")), (Some("wait"), Some("30")));
    let told = reply.json();
    assert_eq!((&told["object"], &told["status"]), (&"approval.ticket".into(), &"waiting".into()), "{told}");
    assert_eq!((&told["id"], &told["ask_at"]), (&"t0".into(), &"/console/approvals/t0".into()));
    assert_eq!(told["rules"][0]["cite"], "Test Act, section 6");
    assert_eq!(told["approvals"], serde_json::json!({ "needed": 2, "given": 0 }));
    assert_eq!(told["expires_at"].as_u64(), Some((crate::harness::NOON + 2 * HOUR_MS) / 1_000));
    let record = &world.refusals()[0];
    assert_eq!((record.code.as_str(), record.ticket.as_deref()), ("approval_pending", Some("t0")));
    assert!(world.first.bodies().is_empty() && world.intents().is_empty(), "nothing has left");
    let parked = desk.parked("t0");
    assert_eq!((parked.needed, parked.deployments[0].as_str(), parked.req.as_str()), (2, "far", record.req.as_str()));
    assert!(!format!("{parked:?}").contains("hello"), "no text is kept: {parked:?}");
    let again = world.chat(ASK).await;
    assert_eq!(again.header("x-freehold-ticket"), Some("t0"), "the same request keeps its ticket");
}

#[tokio::test]
async fn what_people_agreed_to_goes_once_and_its_intent_names_the_ticket() {
    let (world, desk) = world().await;
    world.chat(ASK).await;
    let waiting = with(&world, "t0").await;
    assert_eq!((waiting.status, &waiting.json()["status"]), (202, &"waiting".into()), "nobody has agreed");
    assert_eq!(waiting.json()["rules"][0]["id"], "ask-first");
    desk.say("t0", TicketState::Approved, 2);
    let told = world.chat(ASK).await;
    assert_eq!((told.status, &told.json()["status"]), (202, &"approved".into()), "without the header it is told so");
    let reply = with(&world, "t0").await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("far")), "{}", reply.body);
    assert_eq!(world.intents()[0].ticket.as_deref(), Some("t0"));
    let again = with(&world, "t0").await;
    assert_eq!((again.status, again.code().as_str()), (409, "ticket_used"), "{}", again.body);
    assert_eq!((world.first.bodies().len(), world.refusals().last().unwrap().ticket.as_deref()), (1, Some("t0")));
}

#[tokio::test]
async fn a_ticket_is_good_for_what_was_asked_and_for_its_app_and_time_only() {
    let (world, desk) = world().await;
    world.chat(ASK).await;
    desk.say("t0", TicketState::Approved, 2);
    let ticket = ("x-freehold-ticket", "t0");
    let refused = async |body: &str, headers: &[(&str, &str)]| {
        let reply = world.chat_with(body, headers).await;
        (reply.status, reply.code())
    };
    let mismatch = (409, "ticket_mismatch".to_owned());
    assert_eq!(refused(&ASK.replace("hello", "hallo"), &[ticket]).await, mismatch);
    assert_eq!(refused(ASK, &[ticket, ("x-freehold-purpose", "letters")]).await, mismatch);
    assert_eq!(refused(ASK, &[ticket, ("x-freehold-data-class", "special")]).await, mismatch);
    assert_eq!(refused(ASK, &[ticket, ("x-freehold-user", "ann")]).await, mismatch);
    for none in ["t9", "no such/id", ""] {
        let unknown = refused(ASK, &[("x-freehold-ticket", none)]).await;
        assert_eq!(unknown, (404, "ticket_unknown".to_owned()), "{none}");
    }
    desk.say("t0", TicketState::Refused, 1);
    assert_eq!(refused(ASK, &[ticket]).await, (403, "approval_refused".to_owned()));
    desk.say("t0", TicketState::Approved, 2);
    world.clock.0.fetch_add(2 * HOUR_MS, Ordering::SeqCst);
    assert_eq!(refused(ASK, &[ticket]).await, (410, "ticket_expired".to_owned()));
    assert!(world.first.bodies().is_empty(), "nothing has left");
}

#[tokio::test]
async fn a_realm_that_changed_is_asked_about_anew() {
    let (world, desk) = world().await;
    world.chat(ASK).await;
    desk.say("t0", TicketState::Approved, 2);
    world.reload(|files: &mut SourceSet| {
        let rules = format!("@id(\"base\")\npermit (principal, action, resource);\n{ASK_FIRST}\n// changed\n");
        files.insert("policies/base.cedar", rules);
    });
    let reply = with(&world, "t0").await;
    assert_eq!((reply.status, reply.code().as_str()), (409, "ticket_mismatch"), "{}", reply.body);
    assert_eq!(world.chat(ASK).await.header("x-freehold-ticket"), Some("t1"));
}

#[tokio::test]
async fn a_ticket_is_not_spent_where_nothing_can_go() {
    let (world, desk) = world().await;
    world.chat(ASK).await;
    desk.say("t0", TicketState::Approved, 2);
    let far = realm::DeploymentId::new("far").unwrap();
    world.gateway.refresh_live(crate::harness::live(|live| live.suspended.deployments.extend([far])));
    assert_eq!(with(&world, "t0").await.status, 503);
    world.gateway.refresh_live(crate::harness::live(|_| {}));
    assert_eq!(with(&world, "t0").await.status, 200, "the ticket is still good");
}

#[tokio::test]
async fn tickets_are_bounded_need_a_store_and_are_the_app_s_choice() {
    let (world, desk) = world().await;
    for number in 0..OPEN_TICKETS_MAX {
        assert_eq!(world.chat(&ASK.replace("hello", &number.to_string())).await.status, 202);
    }
    let full = world.chat(ASK).await;
    assert_eq!((full.status, full.code().as_str()), (429, "too_many_tickets"), "{}", full.body);
    assert_eq!(full.header("retry-after"), Some("7200"), "when the first ends");
    desk.is_down.store(true, Ordering::SeqCst);
    let down = world.chat(ASK).await;
    assert_eq!((down.status, down.code().as_str()), (503, "approvals_unavailable"), "{}", down.body);
    let (refusing, _) = world_of("").await;
    let refused = refusing.chat(ASK).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "approval_required"), "{}", refused.body);
    assert_eq!(with(&refusing, "t0").await.code(), "ticket_unknown");
    assert_eq!(world.chat(&ASK.replace("abroad", "best")).await.status, 200, "what needs nobody waits for nobody");
}

#[tokio::test]
async fn the_ticket_reads_the_same_in_every_client_s_language() {
    let (world, _desk) = world().await;
    let ask = r#"{"model":"abroad","max_tokens":9,"messages":[{"role":"user","content":"hello"}]}"#;
    for (path, body) in [("/v1/messages", ask), ("/v1/responses", r#"{"model":"abroad","input":"hello"}"#)] {
        let bearer = format!("Bearer {}", crate::harness::KEY);
        let headers = [("authorization", bearer.as_str())];
        let open =
            crate::harness::Conversation::begin(world.address, "POST", path, &headers, body.as_bytes(), &world.events);
        let reply = open.await.finish().await;
        assert_eq!((reply.status, &reply.json()["object"]), (202, &"approval.ticket".into()), "{path}: {}", reply.body);
    }
}

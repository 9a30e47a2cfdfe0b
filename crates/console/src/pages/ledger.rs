//! The ledger: where it stands, who can check it, and what was changed.

use bytes::Bytes;
use http::Response;
use ledger::EntryIndex;
use ledger::checkpoint::Checkpoint;
use ledger::note::Note;
use realm::record::Change;

use super::request::kept;
use super::requests::time;
use crate::access::Right;
use crate::ask::encoded;
use crate::belong;
use crate::block::{Block, Code, Fact, Facts, Field, Filter, Page};
use crate::context::{Context, Trouble};
use crate::reply;
use crate::table::{Cell, Table, columns};

/// Changes that are shown.
const CHANGES_MAX: usize = 200;

/// Where a search leads: an entry by its index, a request by its id.
pub fn found(cx: &Context<'_>) -> Option<String> {
    let wanted = cx.ask.param("q")?.trim();
    let index = wanted.rsplit('/').next().and_then(|index| index.parse::<u64>().ok());
    Some(match index {
        Some(index) => format!("/console/ledger/{index}"),
        None => format!("/console/requests/{}", encoded(wanted)),
    })
}

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (snapshot, scope) = (cx.snapshot.clone(), cx.guest.scope.clone());
    let known = cx
        .ledger(move |index| {
            let open = |(_, change): &&(u64, Change)| belong::change(change, &snapshot.world).is_open_to(&scope);
            index.changes().filter(open).take(CHANGES_MAX).cloned().collect::<Vec<_>>()
        })
        .await?;
    let w = &cx.words;
    let table = Table {
        name: "changes",
        title: cx.t("changes"),
        note: cx.t("changes-note"),
        empty: cx.t("changes-none"),
        columns: columns(w, "#index at what subject by note"),
        ..Table::default()
    };
    let late = known.late(w, "/console/ledger");
    let rows = known.value.iter().map(|(at, change)| change_row(cx, *at, change)).collect();
    let table = Table { rows, ..table }.arranged(cx.ask, w, cx.whole());
    let field = Field { name: "q", label: cx.t("ledger-search"), kind: "search", ..Field::default() };
    let filter = Filter { action: cx.ask.here(), fields: vec![field], clear: None };
    let mut blocks: Vec<Block> = late.into_iter().collect();
    blocks.extend([Block::Filter(filter), Block::Facts(facts(cx)), Block::Code(verify(cx)), Block::Table(table)]);
    Ok(Page { menu: "ledger", title: cx.t("menu-ledger"), lead: cx.t("ledger-lead"), blocks, ..Page::default() })
}

fn change_row(cx: &Context<'_>, at: u64, change: &Change) -> Vec<Cell> {
    let place = Cell { code: true, ..Cell::of(cx.words.count(at), at) };
    vec![
        if cx.may(Right::Audit) { place.to(format!("/console/ledger/{at}")) } else { place },
        time(change.at, &cx.words),
        Cell::code(change.what.as_str()),
        subject(&change.subject),
        Cell::text(change.by.as_str()),
        Cell::text(change.note.clone().unwrap_or_default()),
    ]
}

/// A snapshot's name is a hash: people see its beginning.
fn subject(text: &str) -> Cell {
    let seen = if text.starts_with("snapshot:") { text.chars().take(21).collect() } else { text.to_owned() };
    Cell::of(seen, text)
}

/// The size that witnesses cosigned last, and their names; none where none did.
pub fn witnessed(cx: &Context<'_>) -> Option<(u64, Vec<String>)> {
    let bytes = std::fs::read(state(cx).join(ledger::witnessed::FILE)).ok()?;
    let note = Note::parse(&bytes).ok()?;
    let checkpoint = Checkpoint::parse(note.text()).ok()?;
    let others = note.signatures().iter().map(|signature| signature.name.clone());
    let names: Vec<String> = others.filter(|name| *name != checkpoint.origin.as_str()).collect();
    (!names.is_empty()).then_some((checkpoint.size.0, names))
}

fn state(cx: &Context<'_>) -> std::path::PathBuf {
    cx.console.parts.data.join("ledger-state").join(&cx.console.parts.log_id)
}

fn facts(cx: &Context<'_>) -> Facts {
    let (words, log) = (&cx.words, &cx.console.parts.log);
    let (head, health) = (log.head(), log.health());
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let code = |name: &str, value: String| Fact { code: true, ..fact(name, value) };
    let none = || "–".to_owned();
    let published = head.published.as_ref();
    let key = std::fs::read_to_string(state(cx).join("key.pub")).unwrap_or_default();
    let witnesses = match witnessed(cx) {
        Some((size, names)) => Fact {
            note: words.say("witnessed-at", &[("size", words.count(size))]),
            ..fact("ledger-witnesses", names.join(", "))
        },
        None => Fact { tone: "warn", ..fact("ledger-witnesses", cx.t("not-witnessed")) },
    };
    let writable = match health.reason.filter(|_| !health.writable) {
        Some(reason) => Fact { tone: "bad", ..fact("ledger-writes", reason) },
        None => Fact { tone: "good", ..fact("ledger-writes", cx.t("yes")) },
    };
    let sync = health.fdatasync_us;
    let items = vec![
        code("ledger-name", cx.console.parts.log_id.clone()),
        writable,
        fact("ledger-durable", words.count(head.durable.0)),
        fact("ledger-published", published.map_or_else(none, |head| words.count(head.size.0))),
        code("ledger-root", published.map_or_else(none, |head| head.root.to_base64())),
        code("ledger-key", key.trim().replace('\n', " ")),
        witnesses,
        space(cx, health.space),
        fact("ledger-sync", if sync.count == 0 { none() } else { words.ms(sync.p99_us.div_ceil(1_000)) }),
    ];
    Facts { title: cx.t("ledger-head"), large: false, items }
}

/// How long the room on disk lasts.
fn space(cx: &Context<'_>, space: Option<ledger::Forecast>) -> Fact {
    let name = cx.t("ledger-space");
    let Some(space) = space else {
        return Fact { name, value: cx.t("not-measured"), ..Fact::default() };
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate, told in three digits")]
    let whole = |number: f64| number.clamp(0.0, 1e15) as u64;
    let note = match (space.bytes_per_day, space.days_left) {
        (Some(rate), Some(days)) => {
            let args = [("rate", cx.words.bytes(whole(rate))), ("days", cx.words.count(whole(days)))];
            cx.words.say("space-rate", &args)
        }
        _ => cx.t("space-not-yet"),
    };
    let value = cx.words.bytes(space.free_bytes);
    Fact { name, value, note, tone: if space.warn { "bad" } else { "" }, ..Fact::default() }
}

fn verify(cx: &Context<'_>) -> Code {
    let (program, data) = (&cx.console.parts.program, cx.console.parts.data.display());
    let text = format!("{program} ledger verify {data}\n{program} ledger witness --help");
    Code { title: cx.t("verify"), note: cx.t("verify-note"), text, ..Code::default() }
}

/// One entry, as it lies there.
///
/// # Errors
/// There is none of that index.
pub async fn entry(cx: &Context<'_>) -> Result<Page, Trouble> {
    let index: u64 = cx.name().parse().map_err(|_| Trouble::NotFound)?;
    let bytes = cx.entry(index).await?.ok_or(Trouble::NotFound)?;
    let args = [("index", index.to_string()), ("bytes", cx.words.bytes(bytes.len() as u64))];
    let mut blocks = kept(cx, &[(index, bytes)]);
    let mut links = vec![(format!("/console/receipts/{index}"), cx.words.say("receipt-take", &args[..1]))];
    if index > 0 {
        links.push((format!("/console/ledger/{}", index - 1), cx.t("entry-before")));
    }
    links.push((format!("/console/ledger/{}", index + 1), cx.t("entry-next")));
    blocks.push(Block::Code(Code { links, ..Code::default() }));
    let title = cx.words.say("entry-title", &args);
    Ok(Page { menu: "ledger", title, lead: cx.words.say("entry-lead", &args), blocks, ..Page::default() })
}

/// The proof that an entry is in the log, as a file.
///
/// # Errors
/// There is no such entry, or no checkpoint covers it yet.
pub async fn receipt(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let index: u64 = cx.name().parse().map_err(|_| Trouble::NotFound)?;
    let log = cx.console.parts.log.clone();
    if !log.head().durable.contains(EntryIndex(index)) || cx.entry(index).await?.is_none() {
        return Err(Trouble::NotFound);
    }
    let made = tokio::task::spawn_blocking(move || log.receipt(EntryIndex(index))).await?;
    let receipt = match made {
        Err(ledger::Error::NotPublished(_)) => return Err(Trouble::Wrong(cx.t("receipt-pending"))),
        other => other?,
    };
    let body = Bytes::from(receipt.to_string().into_bytes());
    let name = format!("{}-{index}.tlog-proof", cx.console.parts.log_id);
    Ok(reply::file(reply::typed("text/plain; charset=utf-8", body), &name))
}

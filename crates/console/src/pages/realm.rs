//! The realm that decides: its files, when it was loaded, and what changed between two of its snapshots. Its text tells
//! of every organisation, so it is a page of the whole.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use ::realm::record::Change;
use similar::{ChangeTag, TextDiff};

use super::requests::time;
use crate::block::{Block, Code, Fact, Facts, Field, Filter, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};

/// Loads that are told.
const LOADS: usize = 20;
/// Lines around a change.
const AROUND: usize = 3;
/// Bytes of a file that are compared.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let loads = loads(cx).await?;
    let snapshot = &cx.snapshot;
    let ready = cx.around.ready();
    let about_realm = ready.warnings.iter().chain(&ready.reasons).find(|text| text.contains("realm"));
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let valid = match about_realm {
        Some(why) => Fact { tone: "bad", ..fact("realm-valid", why.clone()) },
        None => Fact { tone: "good", ..fact("realm-valid", cx.t("yes")) },
    };
    let (program, count) = (&cx.console.parts.program, |n: usize| cx.words.count(n as u64));
    let items = vec![
        Fact { code: true, ..fact("realm-snapshot", snapshot.id.to_string()) },
        valid,
        fact("realm-organisations", count(snapshot.world.organisations.len())),
        fact("realm-apps", count(snapshot.world.apps.len())),
        fact("realm-deployments", count(snapshot.world.deployments.len())),
        fact("realm-rules", count(cx.around.compiled().rules().len())),
    ];
    let check = Code { title: cx.t("realm-check"), text: format!("{program} check --matrix"), ..Code::default() };
    let blocks = vec![
        Block::Facts(Facts { title: String::new(), large: false, items }),
        Block::Table(files(cx)),
        Block::Table(loaded(cx, &loads)),
        Block::Code(check),
    ];
    Ok(Page { menu: "realm", title: cx.t("menu-realm"), lead: cx.t("realm-lead"), blocks, ..Page::default() })
}

/// When which snapshot began to decide, the youngest first.
async fn loads(cx: &Context<'_>) -> Result<Vec<(u64, Change)>, Trouble> {
    let known = cx
        .ledger(|index| {
            let is_load = |(_, change): &&(u64, Change)| matches!(change.what.as_str(), "realm.load" | "serve.start");
            index.changes().filter(is_load).take(LOADS).cloned().collect::<Vec<_>>()
        })
        .await?;
    Ok(known.value)
}

fn files(cx: &Context<'_>) -> Table {
    let row = |(path, bytes): &(PathBuf, Vec<u8>)| {
        let size = bytes.len() as u64;
        vec![Cell::code(path.display().to_string()), Cell::of(cx.words.bytes(size), size)]
    };
    Table {
        name: "files",
        title: cx.t("realm-files"),
        columns: columns(&cx.words, "file #size"),
        rows: cx.snapshot.files.iter().map(row).collect(),
        ..Table::default()
    }
}

fn loaded(cx: &Context<'_>, loads: &[(u64, Change)]) -> Table {
    let row = |(place, (_, change)): (usize, &(u64, Change))| {
        let id = change.subject.strip_prefix("snapshot:").unwrap_or_default();
        // The one before it that was another.
        let before = loads[place + 1..].iter().map(|(_, it)| it.subject.as_str()).find(|it| *it != change.subject);
        let before = before.and_then(|subject| subject.strip_prefix("snapshot:"));
        let diff = |before: &str| {
            Cell::text(cx.t("realm-diff-link")).to(format!("/console/realm/diff?from={before}&until={id}"))
        };
        vec![
            time(change.at, &cx.words),
            Cell::code(change.what.as_str()),
            Cell { code: true, ..Cell::of(id.chars().take(12).collect::<String>(), id) },
            before.map_or_else(Cell::default, diff),
        ]
    };
    Table {
        name: "loads",
        title: cx.t("realm-loads"),
        empty: cx.t("changes-none"),
        columns: columns(&cx.words, "at what snapshot action"),
        rows: loads.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

/// What changed from one archived snapshot to another.
///
/// # Errors
/// Either was never archived here.
pub async fn diff(cx: &Context<'_>) -> Result<Page, Trouble> {
    let mut blocks = vec![Block::Filter(filter(cx))];
    if let (Some(from), Some(until)) = (cx.ask.param("from"), cx.ask.param("until")) {
        let (before, after) = (archived(cx, from).await?, archived(cx, until).await?);
        let changed = compared(&before, &after);
        if changed.is_empty() {
            blocks.push(Block::Code(Code { note: cx.t("realm-same"), ..Code::default() }));
        }
        let shown =
            changed.into_iter().map(|(title, text)| Block::Code(Code { title, text, diff: true, ..Code::default() }));
        blocks.extend(shown);
    }
    let (title, lead) = (cx.t("realm-diff"), cx.t("realm-diff-lead"));
    Ok(Page { menu: "realm", title, lead, blocks, ..Page::default() })
}

fn filter(cx: &Context<'_>) -> Filter {
    let field = |name: &'static str, label: &str| Field {
        name,
        label: cx.t(label),
        value: cx.ask.param(name).unwrap_or_default().to_owned(),
        kind: "text",
        ..Field::default()
    };
    let fields = vec![field("from", "realm-before"), field("until", "realm-after")];
    Filter { action: cx.ask.here(), fields, clear: None }
}

/// The files of an archived snapshot. A name that is no hash leads nowhere.
async fn archived(cx: &Context<'_>, id: &str) -> Result<BTreeMap<PathBuf, String>, Trouble> {
    let is_hash = id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hash {
        return Err(Trouble::NotFound);
    }
    let root = cx.console.parts.data.join("snapshots").join(id);
    let read = tokio::task::spawn_blocking(move || {
        let mut files = BTreeMap::new();
        collect(&root, Path::new(""), &mut files).map(|()| files)
    });
    read.await?.map_err(|_| Trouble::NotFound)
}

fn collect(root: &Path, below: &Path, into: &mut BTreeMap<PathBuf, String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        // Snapshots hold plain files and folders only; nothing else is followed.
        let kind = entry.file_type()?;
        let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        if kind.is_dir() && plain {
            collect(root, &path, into)?;
        } else if kind.is_file() && plain {
            let bytes =
                if entry.metadata()?.len() > FILE_BYTES_MAX { Vec::new() } else { std::fs::read(entry.path())? };
            into.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

/// Each file that is not the same, with what changed in it.
fn compared(before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) -> Vec<(String, String)> {
    let paths: std::collections::BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let text = |files: &BTreeMap<PathBuf, String>, path: &PathBuf| files.get(path).cloned().unwrap_or_default();
    let changed = paths.into_iter().filter(|path| before.get(*path) != after.get(*path));
    changed.map(|path| (path.display().to_string(), lines(&text(before, path), &text(after, path)))).collect()
}

fn lines(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut text = String::new();
    for (place, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if place > 0 {
            text.push_str("…\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            text.push(match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            });
            text.push_str(change.value().trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::compared;

    #[test]
    fn only_what_changed_is_shown_with_the_lines_around() {
        let files = |app: &str| {
            let long: String = (0..20).map(|n| format!("line {n}\n")).collect();
            [("a.toml".into(), format!("{long}app = \"{app}\"\n")), ("b.toml".into(), "same\n".into())].into()
        };
        let changed = compared(&files("desk"), &files("kiosk"));
        let expected = " line 17\n line 18\n line 19\n-app = \"desk\"\n+app = \"kiosk\"\n";
        assert_eq!(changed, [("a.toml".to_owned(), expected.to_owned())]);
        assert!(compared(&files("desk"), &files("desk")).is_empty());
    }
}

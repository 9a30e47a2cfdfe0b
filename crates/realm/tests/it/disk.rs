use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use realm::load::{Loaded, NoPacks, load};

use crate::support::today;

const HEAD: &str = "[realm]\nname = \"Here\"\nhome = \"XA\"\n";

fn codes(dir: &Path) -> Vec<(String, String)> {
    let problems = match load(dir, &NoPacks, today()) {
        Err(problems) => problems,
        Ok(Loaded { warnings, .. }) => warnings,
    };
    problems.into_iter().map(|it| (it.code.to_owned(), it.file.to_string_lossy().into_owned())).collect()
}

fn realm() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("realm.toml"), HEAD).unwrap();
    dir
}

fn of(code: &str, file: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), file.to_owned())]
}

#[test]
fn links_lead_to_files_of_the_realm_only() {
    let (dir, outside) = (realm(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("apps.toml"), "").unwrap();
    symlink(outside.path().join("apps.toml"), dir.path().join("apps.toml")).unwrap();
    assert_eq!(codes(dir.path()), of("realm.link_outside", "apps.toml"));

    let dir = realm();
    symlink(dir.path(), dir.path().join("again")).unwrap();
    assert_eq!(codes(dir.path()), of("realm.link_outside", "again"));

    // As a mounted configuration does it: a hidden folder, and links into it.
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("..data")).unwrap();
    fs::write(dir.path().join("..data/realm.toml"), HEAD).unwrap();
    symlink("..data/realm.toml", dir.path().join("realm.toml")).unwrap();
    assert_eq!(codes(dir.path()), []);
}

#[test]
fn a_realm_has_its_bounds() {
    let dir = realm();
    fs::write(dir.path().join("large.toml"), "#".repeat((4 << 20) + 1)).unwrap();
    assert_eq!(codes(dir.path()), of("realm.file_too_large", "large.toml"));

    let dir = realm();
    let deep = ["d"; 18].join("/");
    fs::create_dir_all(dir.path().join(&deep)).unwrap();
    assert_eq!(codes(dir.path()), of("realm.too_deep", &deep[..33]));

    let dir = realm();
    for number in 0..2_000 {
        fs::write(dir.path().join(format!("{number}.toml")), "").unwrap();
    }
    assert_eq!(
        codes(dir.path()),
        of("realm.too_many_files", "realm.toml")[..0]
            .to_vec()
            .into_iter()
            .chain(of("realm.no_realm_file", ""))
            .chain(of("realm.too_many_files", "realm.toml"))
            .collect::<Vec<_>>()
    );
}

#[test]
fn what_is_no_directory_cannot_be_read() {
    let dir = realm();
    let none = dir.path().join("none");
    assert_eq!(codes(&none), of("realm.unreadable", &none.to_string_lossy()));
}

#[test]
fn folders_with_formats_of_their_own_are_left_alone() {
    let dir = realm();
    for folder in [
        "drills",
        "cases",
        "evals",
        "plan",
        "packs/unused",
        "policies",
        ".git",
        "more/drills",
        "plans/other",
        "forecast",
    ] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        fs::write(dir.path().join(folder).join("x.toml"), "[nonsense]").unwrap();
    }
    let files: Vec<_> = codes(dir.path()).into_iter().map(|it| it.1).collect();
    assert_eq!(files, ["more/drills/x.toml", "policies/x.toml"]);
}

#[test]
fn the_realms_own_pack_wins() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("realm.toml"), format!("{HEAD}packs = [\"strategic-sectors\"]\n")).unwrap();
    let own = dir.path().join("packs/strategic-sectors");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("pack.toml"), "id = \"strategic-sectors\"\ntitle = \"Ours\"\nversion = \"9\"\n").unwrap();
    fs::write(own.join("rules.cedar"), "// ours\n").unwrap();
    let snapshot = load(dir.path(), &crate::support::RepositoryPacks, today()).unwrap().snapshot;
    assert_eq!(snapshot.world.packs["strategic-sectors"].title, "Ours");
    let rules: Vec<_> =
        snapshot.world.rules.iter().map(|it| (it.text.as_str(), it.pack.as_ref().map(|it| it.as_str()))).collect();
    assert_eq!(rules, [("// ours\n", Some("strategic-sectors"))]);
}

/// Opening a pipe waits for somebody who writes.
#[test]
fn only_regular_files_are_opened() {
    let dir = realm();
    let pipe = dir.path().join("pipe.toml");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket.toml")).unwrap();
    fs::create_dir(dir.path().join("folder.toml")).unwrap();
    let wanted = [of("realm.not_a_file", "pipe.toml"), of("realm.unreadable", "socket.toml")].concat();
    assert_eq!(codes(dir.path()), wanted);
    symlink("../pipe.toml", dir.path().join("folder.toml/link.toml")).unwrap();
    assert_eq!(codes(dir.path())[0], ("realm.link_outside".to_owned(), "folder.toml/link.toml".to_owned()));
}

#[test]
fn a_problem_at_the_end_of_a_line_without_end_is_told() {
    let dir = realm();
    for (line, column) in [(format!("x = \"{}\" y", "a".repeat(70_000)), 70_008), ("y = = 1".to_owned(), 5)] {
        let text = format!("z = \"{}\"\n{line}\n", "ю".repeat(70_000));
        fs::write(dir.path().join("long.toml"), text).unwrap();
        let problems = load(dir.path(), &NoPacks, today()).unwrap_err();
        let page = realm::load::render(&problems, realm::load::Lang::En, false);
        assert!(page.contains(&format!("long.toml:2:{column}")), "{}", &page[..page.len().min(2_000)]);
        assert!(page.len() < 10_000, "{}", page.len());
    }
}

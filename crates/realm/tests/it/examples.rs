use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use realm::load::{Lang, load_archived, render};
use realm::world::DEMO_TINY;
use realm::{DeploymentId, Jurisdiction};

use crate::support::{loaded, root, today};

fn places(codes: &[&str]) -> BTreeSet<Jurisdiction> {
    codes.iter().map(|code| Jurisdiction::new(code)).collect()
}

#[test]
fn republic_is_what_the_guide_says() {
    let loaded = loaded(&root().join("examples/republic"));
    let world = &loaded.snapshot.world;
    assert_eq!(render(&loaded.warnings, Lang::En, false), "");
    assert_eq!(world.head.home.as_str(), "XA");
    assert_eq!((world.apps.len(), world.organisations.len()), (42, 32));
    let jurisdictions: BTreeSet<_> = world.organisations.values().map(|it| it.jurisdiction.clone()).collect();
    assert_eq!(jurisdictions, places(&["XA", "XB", "XC", "XD", "XE"]));
    for app in ["clinic", "bank-desk", "robot-line", "rail-dispatch", "tourism"] {
        let routes: Vec<_> = world.routes_of(&world.apps[app]).map(|route| route.id.as_str()).collect();
        assert_eq!(routes, ["abroad", "best", "domestic"], "{app}");
    }
    let first = |route: &str| world.routes[route].targets[0].deployment.clone();
    let tiny = world.supply_of(&first("domestic")).unwrap();
    assert_eq!(tiny.deployment.weights_file.as_deref(), Some(Path::new(DEMO_TINY)));
    assert_eq!(first("best"), first("abroad"));
    assert!(world.routes["best"].fallback && !world.routes["abroad"].fallback);
    assert_eq!(world.deployments["republic-8b-home"].price.unwrap().input_per_token, realm::Nano(200));
}

#[test]
fn republic_shows_who_can_compel_whom() {
    let loaded = loaded(&root().join("examples/republic"));
    let organisations = &loaded.snapshot.world.organisations;
    let controllers = |id: &str| organisations[id].controllers.clone();
    assert_eq!(controllers("first-bank"), places(&["XA"]), "a quarter is no control");
    assert_eq!(controllers("meridian-north"), places(&["XB", "XC", "NORTHERN-UNION"]), "by its parent too");
    assert_eq!(controllers("fjord-models"), places(&["XE", "NORTHERN-UNION"]), "a bloc's shares sum");
    assert_eq!(organisations["meridian-north"].ultimate_parent.as_str(), "meridian-group");
    assert_eq!(organisations["republic-cloud"].ultimate_parent.as_str(), "digital-ministry");
}

#[test]
fn republic_read_back_from_its_archive_is_the_same() {
    let first = loaded(&root().join("examples/republic")).snapshot;
    let folder = tempfile::tempdir().unwrap();
    let kept = first.archive(folder.path()).unwrap();
    assert_eq!(first.archive(folder.path()).unwrap(), kept, "twice is once");
    assert_eq!(kept.file_name().unwrap().to_str().unwrap(), first.id.to_string());
    let again = load_archived(&kept, today()).unwrap().snapshot;
    assert_eq!(again.id, first.id);
    assert_eq!(again.files, first.files);
    assert_eq!(again.world.rules, first.world.rules);
    let tiny = DeploymentId::new("tiny-here").unwrap();
    assert_eq!(again.world.deployments[&tiny].weights_file, first.world.deployments[&tiny].weights_file);

    std::fs::write(kept.join("apps.toml"), "# changed").unwrap();
    assert!(first.archive(folder.path()).is_err(), "a changed archive is no archive");
}

/// The realms made from public announcements, each with its drills and its case of a plan.
const REAL: [&str; 2] = ["ru-2030", "eu-2030"];

#[test]
fn real_examples_are_accepted_and_say_who_can_compel_whom() {
    let snapshots = REAL.map(|name| {
        let loaded = loaded(&root().join("examples").join(name));
        assert_eq!(render(&loaded.warnings, Lang::En, false), "", "{name}");
        loaded.snapshot
    });
    let [russia, union] = [&snapshots[0].world, &snapshots[1].world];
    assert_eq!(russia.organisations["salutedevices"].ultimate_parent.as_str(), "sber");
    assert_eq!(russia.organisations["yandex-cloud"].controllers, places(&["RU", "EAEU"]));
    assert_eq!(union.blocs[&Jurisdiction::new("EU")].len(), 27);
    assert_eq!(union.organisations["scaleway"].controllers, places(&["FR", "EU", "EEA"]));
    for (world, abroad) in [(russia, "deepseek-abroad"), (union, "gpt-abroad")] {
        let at_home = |id: &str| {
            let deployment = &world.deployments[id];
            world.is_at_home(deployment, &world.providers[&deployment.provider])
        };
        assert!(!at_home(abroad), "{abroad}");
        let home = &world.routes["home"].targets;
        assert!(home.len() >= 3 && home.iter().all(|it| at_home(it.deployment.as_str())));
        assert!(world.initiatives.values().any(|it| it.training.is_some()));
    }
}

/// Files below a folder with their text, sorted by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_file());
    let name = |it: &Path| it.file_name().unwrap().to_string_lossy().into_owned();
    let mut files: Vec<_> = entries.map(|it| (name(&it), std::fs::read_to_string(&it).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn real_examples_are_of_equal_depth() {
    for below in ["", "policies", "drills", "plan"] {
        let [russia, union] = REAL.map(|name| files(&root().join("examples").join(name).join(below)));
        assert_eq!(russia.len(), union.len(), "{below}");
        let tables = |files: &[(String, String)]| {
            let lines = files.iter().filter(|it| it.0.ends_with(".toml")).flat_map(|it| it.1.lines());
            lines.filter(|line| line.starts_with("[[")).count()
        };
        let (a, b) = (tables(&russia), tables(&union));
        assert!(a.abs_diff(b) * 5 <= a.min(b), "{below}: {a} and {b} tables");
    }
}

#[test]
fn drills_of_real_examples_state_what_they_expect() {
    for name in REAL {
        let drills = files(&root().join("examples").join(name).join("drills"));
        assert_eq!(drills.len(), 5);
        for (file, text) in drills {
            let drill = toml::de::DeTable::parse(&text).unwrap();
            let says = |field: &str| drill.get_ref().keys().any(|key| key.get_ref() == field);
            assert!(says("title") && says("hypothesis") && (says("cut") || says("law")), "{name}/{file}");
        }
    }
}

/// The fields of a row of a default table, as texts.
fn figures(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(root().join("tables").join(name)).unwrap();
    let table = toml::de::DeTable::parse(&text).unwrap();
    let rows = table.get_ref().get("figure").unwrap().get_ref().as_array().unwrap();
    let row = |row: &toml::Spanned<toml::de::DeValue<'_>>| {
        let fields = row.get_ref().as_table().unwrap().iter();
        fields
            .map(|(key, value)| (key.get_ref().to_string(), text[value.span()].trim_matches('"').to_owned()))
            .collect()
    };
    rows.iter().map(row).collect()
}

#[test]
fn default_tables_say_unit_year_source_and_range_of_every_figure() {
    let fields = ["high", "known", "low", "mid", "of", "range", "source", "unit", "what", "year"];
    for name in ["technologies.toml", "accelerators.toml", "reactors.toml"] {
        let figures = figures(name);
        assert!(figures.len() >= 30, "{name}");
        let mut seen = BTreeSet::new();
        for row in &figures {
            assert!(row.keys().eq(fields), "{name}: {row:?}");
            let number = |field: &str| row[field].parse::<f64>().unwrap();
            let (low, mid, high) = (number("low"), number("mid"), number("high"));
            assert!(0.0 <= low && low <= mid && mid <= high, "{name}: {row:?}");
            assert_eq!(row["range"] == "none", low == mid && mid == high, "{name}: {row:?}");
            assert!(["published", "estimated"].contains(&row["known"].as_str()), "{name}: {row:?}");
            assert!((1990.0..2040.0).contains(&number("year")), "{name}: {row:?}");
            assert!(["of", "what", "unit", "source"].iter().all(|it| !row[*it].is_empty()), "{name}: {row:?}");
            assert!(seen.insert(["of", "what", "unit", "year"].map(|it| &row[it])), "{name}: twice {row:?}");
        }
    }
    let reactors: BTreeSet<_> =
        figures("reactors.toml").into_iter().map(|it| (it["of"].clone(), it["what"].clone())).collect();
    for reactor in ["ritm-200n", "klt-40s", "voygr", "bwrx-300"] {
        assert!(reactors.contains(&(reactor.to_owned(), "lead_time_experienced".to_owned())), "{reactor}");
    }
}

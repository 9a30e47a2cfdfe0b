//! The registry of models on disk.

use engine::models;

use crate::fixture::babbler;
use crate::harness::write;

#[test]
fn models_are_added_listed_found_and_removed() {
    let dir = tempfile::tempdir().expect("temp dir");
    let source = write(dir.path(), &babbler());
    let data = dir.path().join("data");
    assert!(models::ls(&data).expect("lists").is_empty());
    let entry = models::add(&data, &source, None, 7).expect("adds");
    assert_eq!((entry.name.as_deref(), entry.toy, entry.added_unix_ms), (Some("babbler"), true, 7));
    let stored = std::fs::read(models::path(&data, &entry)).expect("stored");
    assert_eq!(stored, babbler().bytes());
    assert_eq!(models::add(&data, &source, None, 8).expect("adds again").sha256, entry.sha256);
    assert_eq!(models::ls(&data).expect("lists").len(), 1);
    assert_eq!(models::find(&data, &entry.sha256[..8]).expect("found").sha256, entry.sha256);
    assert_eq!(models::find(&data, "model.gguf").expect("found").sha256, entry.sha256);
    let error = models::rm(&data, "nothing").expect_err("refused").to_string();
    assert!(error.contains("no model `nothing`"), "{error}");
    models::rm(&data, &entry.sha256).expect("removes");
    assert!(models::ls(&data).expect("lists").is_empty());
    assert_eq!(std::fs::read_dir(models::dir(&data)).expect("dir").count(), 0);
}

#[test]
fn what_is_no_model_leaves_no_trace() {
    let dir = tempfile::tempdir().expect("temp dir");
    let source = dir.path().join("notes.txt");
    std::fs::write(&source, "dear diary").expect("writes");
    let data = dir.path().join("data");
    let error = models::add(&data, &source, None, 0).expect_err("refused").to_string();
    assert!(error.contains("not a GGUF file"), "{error}");
    assert!(!models::dir(&data).exists());
}

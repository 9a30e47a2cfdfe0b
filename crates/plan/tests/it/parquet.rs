//! Parquet in and out: what was written is read, a case reads it like CSV, and foreign bytes are refused in words.

use plan::case::load;
use plan::columnar::{Values, from_columns, to_csv};
use proptest::prelude::*;

use crate::support::{changed, solved, write};

fn numbers(values: impl IntoIterator<Item = f64>) -> Values {
    Values::Numbers(values.into_iter().map(Some).collect())
}

#[test]
fn a_case_reads_series_from_parquet_as_from_csv() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &changed(&[]));
    let plain = load(dir.path()).unwrap();
    let csv = std::fs::read_to_string(dir.path().join("load.csv")).unwrap();
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<f64>> = lines.map(|it| it.split(',').map(|it| it.parse().unwrap()).collect()).collect();
    // As pandas writes an index: the hour stands last.
    let of = |at: usize| (header[at].to_owned(), numbers(rows.iter().map(|row| row[at])));
    let columns: Vec<_> = (1..header.len()).chain([0]).map(of).collect();
    std::fs::write(dir.path().join("load.parquet"), from_columns(&columns).unwrap()).unwrap();
    std::fs::remove_file(dir.path().join("load.csv")).unwrap();
    let text = std::fs::read_to_string(dir.path().join("case.toml")).unwrap();
    std::fs::write(dir.path().join("case.toml"), text.replace("load.csv", "load.parquet")).unwrap();
    let case = load(dir.path()).unwrap();
    assert_eq!(solved(&case).objective, solved(&plain).objective);
}

#[test]
fn what_no_series_can_be_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &changed(&[]).replace("load.csv", "load.parquet"));
    for (bytes, said) in [
        (b"year,hour\n".to_vec(), "Parquet"),
        (
            from_columns(&[("hour".to_owned(), numbers([0.0, 2.0])), ("north".to_owned(), numbers([1.0, 1.0]))])
                .unwrap(),
            "hour",
        ),
        (from_columns(&[("hour".to_owned(), Values::Texts(vec![Some("a,b".to_owned())]))]).unwrap(), "comma"),
    ] {
        std::fs::write(dir.path().join("load.parquet"), bytes).unwrap();
        let problems = load(dir.path()).unwrap_err();
        let text = realm::load::render(&problems, plan::Lang::En, false);
        assert!(text.contains(said), "{text}");
    }
    assert!(from_columns(&[("a".to_owned(), numbers([1.0])), ("b".to_owned(), numbers([]))]).is_err());
}

#[test]
fn a_small_file_that_unpacks_to_much_is_refused() {
    // A dictionary of one text, two hundred thousand times.
    let text = Values::Texts(vec![Some("x".repeat(990)); 300_000]);
    let bytes = from_columns(&[("hour".to_owned(), text)]).unwrap();
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    assert!(to_csv(bytes).unwrap_err().contains("bytes"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(
        values in prop::collection::vec(prop::option::of(-1e9..1e9_f64), 0..50),
        word in "[a-zа-я ]{1,12}",
    ) {
        let texts = values.iter().map(|it| it.map(|_| word.clone())).collect();
        let columns = [("n".to_owned(), Values::Numbers(values.clone())), ("t".to_owned(), Values::Texts(texts))];
        let read = to_csv(from_columns(&columns).unwrap()).unwrap();
        let want: Vec<String> = values
            .iter()
            .map(|it| it.map_or_else(|| ",".to_owned(), |it| format!("{it},{word}")))
            .collect();
        prop_assert_eq!(read.lines().skip(1).map(str::to_owned).collect::<Vec<_>>(), want);
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_end_the_program(at in 0_usize..400, to in any::<u8>(), cut in 0_usize..400) {
        let columns = [("hour".to_owned(), numbers((0..20).map(f64::from))), ("north".to_owned(), numbers((0..20).map(f64::from)))];
        let mut bytes = from_columns(&columns).unwrap();
        let length = bytes.len();
        bytes[at % length] = to;
        let _ = to_csv(bytes.clone());
        bytes.truncate(length - cut % length);
        let _ = to_csv(bytes);
    }
}

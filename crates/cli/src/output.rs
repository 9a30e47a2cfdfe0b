//! Tables for people, JSON for programs.

use std::io::{IsTerminal, Write};

use anyhow::Result;
use serde::Serialize;

use crate::lang::{Lang, say};

/// Prints one JSON value and a newline.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    text(&format!("{}\n", serde_json::to_string(value)?))
}

/// Prints text as it is; a closed pipe is the reader's way of saying enough.
pub(crate) fn text(text: &str) -> Result<()> {
    enough(std::io::stdout().lock().write_all(text.as_bytes()).map_err(Into::into))
}

/// Takes a closed pipe for an end like any other.
pub(crate) fn enough(written: Result<()>) -> Result<()> {
    let closed = |error: &anyhow::Error| {
        error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    match written {
        Err(error) if closed(&error) => Ok(()),
        other => other,
    }
}

/// Prints rows under heads of the catalogue (`col-…`), columns as wide as their widest cell; numbers align right.
pub(crate) fn table(lang: Lang, heads: &[&str], numbers: &[usize], rows: &[Vec<String>]) -> Result<()> {
    let heads: Vec<String> = heads.iter().map(|head| say(lang, &format!("col-{head}"), &[])).collect();
    table_under(&heads, numbers, rows)
}

/// The same under heads already in words.
pub(crate) fn table_under(heads: &[String], numbers: &[usize], rows: &[Vec<String>]) -> Result<()> {
    text(&lay_out(heads, numbers, rows))
}

/// The same as text, to stand among other lines.
pub(crate) fn lay_out(heads: &[String], numbers: &[usize], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let blank = " ".repeat(widths[column] - cell.chars().count());
            if numbers.contains(&column) { format!("{blank}{cell}") } else { format!("{cell}{blank}") }
        });
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    [heads].into_iter().chain(rows.iter().map(Vec::as_slice)).map(line).collect()
}

/// How many columns the reader's page has: what `COLUMNS` says, or the terminal; a file or a program has no edge.
pub(crate) fn columns() -> Option<usize> {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    named.or_else(|| {
        let out = std::io::stdout();
        let size = rustix::termios::tcgetwinsize(&out).ok().filter(|_| out.is_terminal())?;
        Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
    })
}

/// Whether standard error shows colours.
pub(crate) fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn numbers_stand_under_the_end_of_their_head() {
        let rows = [vec!["a".to_owned(), "0.5".to_owned()], vec!["bb".to_owned(), "12.25".to_owned()]];
        let heads = ["GROUP".to_owned(), "COST".to_owned()];
        assert_eq!(lay_out(&heads, &[1], &rows), "GROUP   COST\na        0.5\nbb     12.25\n");
    }
}

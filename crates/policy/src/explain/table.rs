/// Columns as wide as their widest cell, two spaces apart, without trailing blanks.
pub(super) fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.chain(header.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut page = String::new();
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    for row in [header, &rule].into_iter().chain(rows.iter().map(Vec::as_slice)) {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, to)| format!("{cell}{}", " ".repeat(to - width(cell)))).collect();
        page.push_str(cells.join("  ").trim_end());
        page.push('\n');
    }
    page
}

/// A table, or, where its longest line would not fit, a list: a block per row, each cell under its head.
pub(crate) fn within(header: &[String], rows: &[Vec<String>], columns: Option<usize>) -> String {
    let page = table(header, rows);
    let longest = page.lines().map(width).max().unwrap_or(0);
    if columns.is_none_or(|columns| longest <= columns) {
        return page;
    }
    let to = header.iter().map(|head| width(head)).max().unwrap_or(0);
    let mut list = String::new();
    for row in rows {
        for (place, (head, cell)) in header.iter().zip(row).enumerate() {
            let indent = if place == 0 { "" } else { "  " };
            list.push_str(&format!("{indent}{head}{}  {cell}\n", " ".repeat(to - width(head))));
        }
    }
    list
}

/// Letters, dashes and the marks of the matrix all take one column.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_table_that_does_not_fit_is_a_list() {
        let header = ["app".to_owned(), "verdict".to_owned()];
        let rows = [vec!["clinic".to_owned(), "denied".to_owned()]];
        assert_eq!(within(&header, &rows, Some(15)), within(&header, &rows, None));
        assert_eq!(within(&header, &rows, Some(14)), "app      clinic\n  verdict  denied\n");
    }
}

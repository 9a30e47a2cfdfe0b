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

/// Letters, dashes and the marks of the matrix all take one column.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

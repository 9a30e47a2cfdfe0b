//! A report as one page: no script, no request to any host, light and dark by the reader's setting, fit to print.

mod style;

use std::fmt::Write;

use crate::chart::Chart;
use crate::locale::{Numbers, tag};
use crate::sheet::{Block, Fact, Report, Section};
use crate::svg;
use crate::table::Table;

/// A text that stands in a page.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

impl Report {
    /// The page, with links to the tables beside it where `linked`. Every text is escaped.
    pub fn to_html(&self, linked: bool) -> String {
        let mut page = Html { report: self, linked, text: String::new() };
        page.head();
        for section in &self.sections {
            page.section(section);
        }
        page.raw("</main></body></html>\n");
        page.text
    }
}

struct Html<'a> {
    report: &'a Report,
    linked: bool,
    text: String,
}

impl Html<'_> {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn say(&self, key: &str) -> String {
        escaped(&crate::MESSAGES.text(self.report.lang, key, &[]).message)
    }

    fn head(&mut self) {
        let title = escaped(&self.report.title);
        let _ = write!(
            self.text,
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{}</style></head><body><main>\n<h1>{title}</h1>\n",
            tag(self.report.lang),
            style::STYLE,
        );
        if !self.report.lead.is_empty() {
            let said: String = self.report.lead.iter().map(|it| format!("<p>{}</p>\n", escaped(it))).collect();
            let _ = writeln!(self.text, "<div class=\"first\">{said}</div>");
        }
        if self.report.sections.len() > 3 {
            let links = self.report.sections.iter();
            let links: String =
                links.map(|it| format!("<li><a href=\"#{}\">{}</a></li>", it.id, escaped(&it.title))).collect();
            let name = self.say("report-contents");
            let _ = writeln!(self.text, "<nav aria-label=\"{name}\"><ul>{links}</ul></nav>");
        }
    }

    fn section(&mut self, section: &Section) {
        let title = escaped(&section.title);
        let _ = writeln!(
            self.text,
            "<section aria-labelledby=\"{0}\"><h2 id=\"{0}\" tabindex=\"-1\">{title}</h2>",
            section.id
        );
        section.blocks.iter().for_each(|block| self.block(block));
        self.raw("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.raw(&format!("<p>{}</p>\n", escaped(text))),
            Block::Note(text) => self.raw(&format!("<p class=\"soft\">{}</p>\n", escaped(text))),
            Block::List(items) => {
                let items: String = items.iter().map(|it| format!("<li>{}</li>\n", escaped(it))).collect();
                self.raw(&format!("<ul>\n{items}</ul>\n"));
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        self.raw("<dl>\n");
        for fact in facts {
            let note =
                if fact.note.is_empty() { String::new() } else { format!("<small>{}</small>", escaped(&fact.note)) };
            let _ = writeln!(
                self.text,
                "<div><dt>{}</dt><dd>{}{note}</dd></div>",
                escaped(&fact.name),
                escaped(&fact.value)
            );
        }
        self.raw("</dl>\n");
    }

    fn table(&mut self, table: &Table) {
        let numbers = Numbers::of(self.report.lang);
        // A column is set to the right where its cells are numbers.
        let right = |at: usize| table.rows.iter().any(|row| row.get(at).is_some_and(|it| it.is_number()));
        let class = |at: usize| if right(at) { " class=\"n\"" } else { "" };
        let titles = table.columns.iter().enumerate();
        let head: String =
            titles.map(|(at, it)| format!("<th scope=\"col\"{}>{}</th>", class(at), escaped(&it.title))).collect();
        let caption = match table.title.as_str() {
            "" => String::new(),
            title => format!("<caption>{}</caption>", escaped(title)),
        };
        self.raw(&format!(
            "<div class=\"wide\" tabindex=\"0\"><table>{caption}<thead><tr>{head}</tr></thead><tbody>\n"
        ));
        for row in &table.rows {
            let cells: String = row
                .iter()
                .enumerate()
                .map(|(at, it)| format!("<td{}>{}</td>", class(at), escaped(&it.shown(numbers))))
                .collect();
            self.raw(&format!("<tr>{cells}</tr>\n"));
        }
        self.raw("</tbody></table></div>\n");
        if self.linked {
            self.raw(&format!("<p class=\"soft\"><a href=\"{0}\" download>{0}</a></p>\n", table.file()));
        }
    }

    fn chart(&mut self, chart: &Chart) {
        let picture = svg::drawn(chart, self.report.lang);
        let _ = write!(
            self.text,
            "<figure id=\"{}\"><figcaption><b>{}</b><br>{}</figcaption>\n{picture}\n<details><summary>{}</summary>\n",
            chart.table.name,
            escaped(&chart.title),
            escaped(&chart.summary),
            self.say("report-table"),
        );
        self.table(&chart.table);
        self.raw("</details></figure>\n");
    }
}

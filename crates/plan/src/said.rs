//! What a plan says to people: a report in one language, so complete that its page needs no other file.
//!
//! Every figure comes from the plan and its case; nothing here decides anything. A limit of law is told and never priced.

mod account;
mod asked;
mod build;
mod diff;
mod limits;
mod money;
mod pen;
mod power;
mod proof;
mod tokens;
mod totals;
mod unserved;

use std::fs;
use std::path::Path;

use realm::load::Lang;
use report::Report;

use crate::case::Case;
use crate::plan::{Plan, PlanError};
pub use diff::diff;
pub(crate) use limits::names;
use pen::Pen;
pub use totals::totals;
pub use unserved::beside;

/// The report of a plan that holds.
pub fn report(case: &Case, plan: &Plan, lang: Lang) -> Report {
    let pen = Pen::new(case, plan, lang);
    let mut sections = vec![asked::asked(&pen), build::sites(&pen), build::timeline(&pen), build::accelerators(&pen)];
    sections.extend(unserved::section(&pen));
    sections.extend([
        power::capacity(&pen),
        power::dispatch(&pen),
        money::cost(&pen),
        power::carbon(&pen),
        tokens::prices(&pen),
        limits::binding(&pen),
        proof::cheaper(&pen),
        proof::assumed(&pen),
    ]);
    let title = pen.with("said-title", &[("name", case.name.of(lang).to_owned())]);
    Report { lang, title, lead: totals(case, plan, lang), sections }
}

/// Writes the pages in both languages, `plan.html` in the one that is asked for, and the tables as CSV.
///
/// # Errors
/// What the system says.
pub fn write_pages(case: &Case, plan: &Plan, lang: Lang, dir: &Path) -> Result<(), PlanError> {
    put_report(dir, "plan", [&report(case, plan, lang), &report(case, plan, other(lang))])
}

/// The language besides.
pub fn other(lang: Lang) -> Lang {
    if lang == Lang::Ru { Lang::En } else { Lang::Ru }
}

/// Writes a report in two languages: the first under its bare name and with its tables, the second with its language.
pub(crate) fn put_report(dir: &Path, stem: &str, [page, second]: [&Report; 2]) -> Result<(), PlanError> {
    let put = |name: &str, text: String| {
        let (path, beside) = (dir.join(name), dir.join(format!(".{name}.new")));
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(|error| PlanError::Io(path, error))
    };
    let tag = if second.lang == Lang::Ru { "ru" } else { "en" };
    put(&format!("{stem}.html"), page.to_html(true))?;
    put(&format!("{stem}.{tag}.html"), second.to_html(true))?;
    page.tables().try_for_each(|table| put(&table.file(), table.to_csv()))
}

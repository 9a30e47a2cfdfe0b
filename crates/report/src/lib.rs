//! Reports as values: what is said, in which order, with which pictures and tables.
//!
//! A library that knows results builds a [`Report`] in one language; this crate writes it: as one page that needs no script and asks
//! no host for anything ([`Report::to_html`]), as lines for a terminal ([`Report::to_text`]), each table as CSV ([`Table::to_csv`]).
//! Pages of the console take the same value apart, so that all three say the same.

mod chart;
mod html;
mod locale;
mod sheet;
mod svg;
mod table;
mod text;

pub use chart::{Chart, Place, Series, Shape, Span, Swing};
pub use locale::Numbers;
pub use sheet::{Block, Fact, Report, Section};
pub use table::{Cell, Column, Table};

use realm::load::Catalogue;

/// Messages of this crate.
pub static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

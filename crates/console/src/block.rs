//! What pages are made of. A page is built as a value; templates only write it down.

use crate::table::Table;

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    /// Which entry of the menu it belongs to.
    pub menu: &'static str,
    /// Its title.
    pub title: String,
    /// One sentence under it.
    pub lead: String,
    /// Links to its neighbours: address, text, whether it is this one.
    pub tabs: Vec<(String, String, bool)>,
    /// Its parts, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug)]
pub enum Block {
    /// What needs somebody.
    Notices(Notices),
    /// Names and values.
    Facts(Facts),
    /// Rows and columns.
    Table(Table),
    /// A day's traffic, drawn.
    Chart(Chart),
    /// Lines to read or copy.
    Code(Code),
    /// What happened, in order.
    Stages(Stages),
    /// Something to fill in and send.
    Form(Form),
    /// Fields that narrow the page.
    Filter(Filter),
}

/// What needs somebody, with the next step.
#[derive(Debug)]
pub struct Notices {
    /// Their heading.
    pub title: String,
    /// What stands there where nothing does.
    pub empty: String,
    /// Each.
    pub items: Vec<Notice>,
}

/// One thing that needs somebody.
#[derive(Debug)]
pub struct Notice {
    /// `bad`, `warn` or `info`.
    pub tone: &'static str,
    /// The same in words.
    pub word: String,
    /// What it is.
    pub text: String,
    /// The next step: a text, and an address where there is one.
    pub step: Option<(String, Option<String>)>,
}

/// Names and values.
#[derive(Debug)]
pub struct Facts {
    /// Their heading; empty where they need none.
    pub title: String,
    /// Whether the values are figures to be seen from afar.
    pub large: bool,
    /// Each.
    pub items: Vec<Fact>,
}

/// A name and its value.
#[derive(Debug, Default)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// More about it, in small.
    pub note: String,
    /// Where the value leads.
    pub href: Option<String>,
    /// `good`, `bad`, `warn` or empty.
    pub tone: &'static str,
    /// Whether it is to be read letter by letter.
    pub code: bool,
}

/// Bars over time, with the table they are drawn from.
#[derive(Debug)]
pub struct Chart {
    /// Its heading.
    pub title: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// Names of its three parts, from the bottom of a bar.
    pub parts: [String; 3],
    /// The bars, oldest first.
    pub bars: Vec<Bar>,
    /// The greatest bar, as written at the axis.
    pub top: String,
    /// Its table.
    pub table: Table,
}

/// One bar: places and heights in a box of 100 units.
#[derive(Debug)]
pub struct Bar {
    /// From the left.
    pub x: usize,
    /// For each part: where it begins and how high it is.
    pub parts: [(usize, usize); 3],
    /// What it says.
    pub title: String,
    /// What stands below it; empty for most.
    pub label: String,
}

/// Lines to read or copy.
#[derive(Debug, Default)]
pub struct Code {
    /// Their heading.
    pub title: String,
    /// A sentence above.
    pub note: String,
    /// The lines.
    pub text: String,
    /// Links that belong to it: address and text.
    pub links: Vec<(String, String)>,
}

/// What happened, in order.
#[derive(Debug)]
pub struct Stages {
    /// Their heading.
    pub title: String,
    /// Each: a name, what happened, `good`, `bad`, `warn` or empty.
    pub items: Vec<(String, String, &'static str)>,
}

/// Something to send.
#[derive(Debug, Default)]
pub struct Form {
    /// Its heading.
    pub title: String,
    /// What it does, and whether that can be undone.
    pub note: String,
    /// Where it goes.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The button.
    pub button: String,
    /// Whether the button takes something away.
    pub grave: bool,
    /// Where a change of mind leads: address and text.
    pub cancel: Option<(String, String)>,
    /// What was wrong with what was sent.
    pub error: String,
}

/// One field.
#[derive(Debug, Default)]
pub struct Field {
    /// Its name in the query or the form.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// What it may hold, as value and text; empty: anything.
    pub choices: Vec<(String, String)>,
    /// `text`, `search`, `date` or `hidden`, where there are no choices.
    pub kind: &'static str,
}

/// Fields that narrow the page.
#[derive(Debug)]
pub struct Filter {
    /// Where it goes: the page itself.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The page without any of them, where some are set.
    pub clear: Option<String>,
}

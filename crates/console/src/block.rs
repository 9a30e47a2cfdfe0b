//! What pages are made of. A page is built as a value; templates only write it down.

pub use crate::chart::Chart;
use crate::table::Table;

/// One page.
#[derive(Debug, Default, Clone)]
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
#[derive(Debug, Clone)]
pub enum Block {
    /// What needs somebody.
    Notices(Notices),
    /// Names and values.
    Facts(Facts),
    /// Rows and columns.
    Table(Table),
    /// Numbers, drawn.
    Chart(Chart),
    /// Numbers, drawn by whoever worked them out.
    Picture(Picture),
    /// Sentences.
    Prose(Prose),
    /// Where to go.
    Links(Links),
    /// Lines to read or copy.
    Code(Code),
    /// What happened, in order.
    Stages(Stages),
    /// Something to fill in and send.
    Form(Form),
    /// Fields that narrow the page.
    Filter(Filter),
}

/// A picture of shapes, and the same numbers as a table.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its heading.
    pub title: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// The shapes, as SVG that this program made.
    pub svg: String,
    /// The numbers.
    pub table: Table,
}

/// Sentences under a heading.
#[derive(Debug, Default, Clone)]
pub struct Prose {
    /// Their heading; empty where they need none.
    pub title: String,
    /// Each with the kind of line that it is.
    pub lines: Vec<(Line, String)>,
}

/// What a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// One that a reader in a hurry has to know.
    First,
    /// One among others.
    Plain,
    /// One of a list.
    Item,
    /// Where something comes from, or what it is not.
    Note,
}

impl Line {
    /// The word for styles.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Plain => "",
            Self::Item => "item",
            Self::Note => "note",
        }
    }
}

/// What needs somebody, with the next step.
#[derive(Debug, Clone)]
pub struct Notices {
    /// Their heading.
    pub title: String,
    /// What stands there where nothing does.
    pub empty: String,
    /// Each.
    pub items: Vec<Notice>,
}

/// One thing that needs somebody.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
pub struct Facts {
    /// Their heading; empty where they need none.
    pub title: String,
    /// Whether the values are figures to be seen from afar.
    pub large: bool,
    /// Each.
    pub items: Vec<Fact>,
}

/// A name and its value.
#[derive(Debug, Default, Clone)]
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
    /// How it was come by.
    pub why: Option<Why>,
}

/// Where a number comes from: what was added up, and where to see it.
#[derive(Debug, Default, Clone)]
pub struct Why {
    /// How it was made, from which records, of which time.
    pub text: String,
    /// The same number for a program or on the command line, to compare.
    pub line: String,
    /// Where its parts are: address and text.
    pub links: Vec<(String, String)>,
}

/// Lines to read or copy.
#[derive(Debug, Default, Clone)]
pub struct Code {
    /// Their heading.
    pub title: String,
    /// A sentence above.
    pub note: String,
    /// The lines.
    pub text: String,
    /// Links that belong to it: address and text.
    pub links: Vec<(String, String)>,
    /// Whether the lines say what changed: `+` came, `-` went, `@` where, all others stayed.
    pub diff: bool,
    /// Whether it is what somebody said: its lines are broken where they do not fit.
    pub prose: bool,
}

impl Code {
    /// The lines of a change: for each what became of it (`came`, `went`, `where`, `stays`) and the line.
    pub fn changes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.text.lines().map(|line| {
            let fate = match line.as_bytes().first() {
                Some(b'+') => "came",
                Some(b'-') => "went",
                Some(b'@') => "where",
                _ => "stays",
            };
            (fate, line)
        })
    }
}

/// What happened, in order.
#[derive(Debug, Clone)]
pub struct Stages {
    /// Their heading.
    pub title: String,
    /// Each: a name, what happened, `good`, `bad`, `warn` or empty.
    pub items: Vec<(String, String, &'static str)>,
}

/// Something to send.
#[derive(Debug, Default, Clone)]
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
#[derive(Debug, Default, Clone)]
pub struct Field {
    /// Its name in the query or the form.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// What it may hold, as value and text; empty: anything.
    pub choices: Vec<(String, String)>,
    /// `text`, `long`, `search`, `date` or `hidden`, where there are no choices.
    pub kind: &'static str,
    /// What to put in it, in small.
    pub hint: String,
    /// What was wrong with what was put in it.
    pub error: String,
}

/// Where to go.
#[derive(Debug, Clone)]
pub struct Links {
    /// Its heading; empty where it needs none.
    pub title: String,
    /// What stands there where there is nowhere to go.
    pub empty: String,
    /// Each: what it is, its name, more about it, its address.
    pub items: Vec<Link>,
}

/// One place to go.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it is, in a word.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// More about it.
    pub note: String,
    /// Its address.
    pub href: String,
}

/// Fields that narrow the page.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Where it goes: the page itself.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The page without any of them, where some are set.
    pub clear: Option<String>,
}

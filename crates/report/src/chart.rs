//! Charts as facts: what is drawn and the table that says the same.

use serde::Serialize;

use crate::table::Table;

/// Numbers, drawn.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// Its heading, with the unit.
    pub title: String,
    /// What it shows, in a sentence: all that some readers get of the picture.
    pub summary: String,
    /// The picture.
    pub shape: Shape,
    /// The same numbers as a table.
    pub table: Table,
}

/// Pictures.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Lines along labels.
    Lines {
        /// What stands along it.
        labels: Vec<String>,
        /// Its rows of numbers.
        series: Vec<Series>,
    },
    /// Bars along labels, one upon the other.
    Stacked {
        /// What stands along it.
        labels: Vec<String>,
        /// Its rows of numbers, from the bottom.
        series: Vec<Series>,
    },
    /// Bands about a median along labels.
    Fan {
        /// What stands along it.
        labels: Vec<String>,
        /// The widest band first: its lower and its upper ends.
        bands: Vec<(Series, Series)>,
        /// The middle.
        median: Series,
        /// A line across that values are held against; none where there is none.
        mark: Option<f64>,
    },
    /// Swings about a middle, the widest first.
    Tornado {
        /// Each.
        swings: Vec<Swing>,
        /// The middle.
        middle: f64,
    },
    /// Spans of years, one below the other.
    Timeline {
        /// The first and the last year.
        years: (i32, i32),
        /// Each.
        spans: Vec<Span>,
    },
    /// Places by coordinates, without any borders.
    Map {
        /// Each.
        places: Vec<Place>,
    },
    /// A line through two quantities: on one side of it something holds.
    Boundary {
        /// The quantity from left to right, with its unit.
        across: String,
        /// The quantity from bottom to top, with its unit.
        up: String,
        /// Points of the line.
        points: Vec<(f64, f64)>,
        /// Where things stand now.
        here: (f64, f64),
    },
}

/// A row of numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// One for each label; none where nothing is known.
    pub values: Vec<Option<f64>>,
}

/// What one quantity does to another.
#[derive(Debug, Clone, Serialize)]
pub struct Swing {
    /// The quantity.
    pub name: String,
    /// The other, with this one low.
    pub low: f64,
    /// The other, with this one high.
    pub high: f64,
}

/// Something with a beginning and an end.
#[derive(Debug, Clone, Serialize)]
pub struct Span {
    /// What.
    pub name: String,
    /// The year in which it begins to take (an order); that of service where nothing precedes it.
    pub ordered: i32,
    /// The year from which it serves.
    pub serves: i32,
    /// The year in which it serves no more; none where that lies beyond.
    pub ends: Option<i32>,
    /// How much, with its unit.
    pub amount: String,
}

/// A place.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How much stands there: the area of its mark.
    pub size: f64,
    /// The same in words.
    pub amount: String,
}

impl Series {
    /// A row in which everything is known.
    pub fn full(name: String, values: impl IntoIterator<Item = f64>) -> Self {
        Self { name, values: values.into_iter().map(Some).collect() }
    }
}

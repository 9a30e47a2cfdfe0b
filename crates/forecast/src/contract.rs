//! What a figure is a figure of: only like may be added to, or compared with, like.

use serde::{Deserialize, Serialize};

/// The contract of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// An amount in a year, or how fast it grows.
    pub form: Form,
    /// Of one year, or added up since the first.
    pub span: Span,
    /// Prices of the day, or of one year.
    pub price: Price,
    /// The year of real prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_year: Option<i16>,
    /// What is measured.
    pub measure: Measure,
    /// Where: a country, a bloc, `world`.
    pub geography: String,
    /// Against what: `no-ai`, `trend-2023`.
    pub counterfactual: String,
    /// Before or after what it costs: investment, displacement.
    pub balance: Balance,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Words as files write them.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// The word as files write it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
pub(crate) use words;

words!(
    /// An amount, or how fast it grows.
    Form {
        /// How much.
        Level = "level",
        /// How fast it grows.
        Rate = "rate",
    }
);
words!(
    /// Over which time.
    Span {
        /// In one year.
        Annual = "annual",
        /// Added up since the first year.
        Cumulative = "cumulative",
        /// The source leaves it open: both readings are computed. For targets and beliefs only.
        Unstated = "unstated",
    }
);
words!(
    /// At which prices.
    Price {
        /// Of the day.
        Nominal = "nominal",
        /// Of the base year.
        Real = "real",
        /// Not money.
        None = "none",
    }
);
words!(
    /// What is measured.
    Measure {
        /// Gross domestic product.
        Gdp = "gdp",
        /// Gross value added.
        Gva = "gva",
        /// Total factor productivity.
        Tfp = "tfp",
        /// Productivity of labour.
        LabourProductivity = "labour_productivity",
        /// What buyers would have paid beyond the price.
        Surplus = "surplus",
        /// What is sold.
        Revenue = "revenue",
        /// The value of use cases, as consultancies count it: no part of GDP.
        UseCaseValue = "use_case_value",
        /// What is saved or gained by those who use it.
        Effect = "economic_effect",
        /// What is spent.
        Cost = "cost",
    }
);
words!(
    /// Before or after its costs.
    Balance {
        /// Before.
        Gross = "gross",
        /// After investment and displacement.
        Net = "net",
    }
);

/// A part of two contracts that differs: its name and what each says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unlike {
    /// The part.
    pub part: &'static str,
    /// What the first says.
    pub left: String,
    /// What the second says.
    pub right: String,
}

impl Contract {
    /// Where two contracts differ; empty where they are alike.
    pub fn unlike(&self, other: &Self) -> Vec<Unlike> {
        let parts = |it: &Self| {
            [
                ("form", it.form.as_str().to_owned()),
                ("span", it.span.as_str().to_owned()),
                ("price", it.price.as_str().to_owned()),
                ("base_year", it.base_year.map_or("–".to_owned(), |year| year.to_string())),
                ("measure", it.measure.as_str().to_owned()),
                ("geography", it.geography.clone()),
                ("counterfactual", it.counterfactual.clone()),
                ("balance", it.balance.as_str().to_owned()),
            ]
        };
        let pairs = parts(self).into_iter().zip(parts(other));
        let differing = pairs.filter(|((_, left), (_, right))| left != right);
        differing.map(|((part, left), (_, right))| Unlike { part, left, right }).collect()
    }

    /// All parts in one line: `level, annual, real 2020, gdp, EU, no-ai, net`.
    pub fn in_words(&self) -> String {
        let price = self.base_year.map_or(String::new(), |year| format!(" {year}"));
        let price = format!("{}{price}", self.price.as_str());
        let parts = [self.form.as_str(), self.span.as_str(), &price, self.measure.as_str()];
        let rest = [self.geography.as_str(), &self.counterfactual, self.balance.as_str()];
        [parts.as_slice(), &rest].concat().join(", ")
    }

    /// The same over another time.
    #[must_use]
    pub fn over(&self, span: Span) -> Self {
        Self { span, ..self.clone() }
    }
}

/// Differences in one line: `span: annual / cumulative, price: …`.
pub fn in_words(unlike: &[Unlike]) -> String {
    unlike.iter().map(|it| format!("{}: {} / {}", it.part, it.left, it.right)).collect::<Vec<_>>().join(", ")
}

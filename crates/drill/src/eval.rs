//! Evaluations: what a model answers to a suite of questions whose answers are known, and how sure that makes us.
//!
//! Functions of a suite's text and of answers; who asks, and over which wire, is somebody else's.

mod grade;
mod interval;
mod item;
mod judge;
mod number;
mod paired;
mod published;
mod row;
mod standing;
mod sum;

pub use grade::{Grade, Miss};
pub use interval::Interval;
pub(crate) use interval::Z;
pub use item::{Expect, Item, Numeric, Suite};
pub use judge::{JUDGE_TOKENS, Ruling, judged, question};
pub use number::{Digits, last_number};
pub use paired::{Paired, Standing};
pub use published::Published;
pub use standing::{At, Evaluated, Evaluations, Gap, Origin, Shown, Told};
pub use sum::{Details, Part, Reply, Summary, Used};

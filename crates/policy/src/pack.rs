//! What authors of packs need: opening a pack alone, running its golden cases, changing its rules to see whether the cases
//! notice, comparing two versions. Pure: takes the texts of files.

mod case;
mod complete;
mod diff;
mod given;
mod mutant;
mod open;
mod prove;
mod read;
mod report;
mod show;
mod trial;
mod world;

pub(crate) use read::{Reading, Table};

pub use case::{Case, Expected};
pub use complete::Missing;
pub use diff::{Change, Diff, diff};
pub use open::{Folder, Opened, open};
pub use prove::{Action, Question, questions};
pub use report::{Broken, OfRule, Report};
pub use show::{ls_heads, ls_row};
pub use trial::test;

//! Who answers for what a drill finds, and how soon it is to be closed.

use realm::OrganisationId;

use super::Placed;
use super::table::Table;

/// The longest time for a finding: what may stay open longer is no task.
const DUE_DAYS_MAX: u64 = 366;

/// Who answers for what a drill finds, and how soon it is to be closed.
#[derive(Debug, Clone, Default)]
pub struct Closing {
    /// The organisation whose drill it is: it answers for what nobody else does.
    pub(crate) owner: Option<Placed<OrganisationId>>,
    /// Days from the drill until a finding is to be closed, 1 to 366.
    pub(crate) due_days: Option<u16>,
}

impl Closing {
    pub(super) fn read(table: &Table<'_>) -> Self {
        let owner = table.id("owner");
        let days = table.whole("due_days");
        if let Some(wrong) = days.as_ref().filter(|it| !(1..=DUE_DAYS_MAX).contains(&it.value)) {
            table.wrong("due_days", "due_days", wrong.span.clone());
        }
        Self { owner, due_days: days.and_then(|it| u16::try_from(it.value).ok()) }
    }
}

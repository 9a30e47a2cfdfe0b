//! Requests that wait for people: which there are, and what somebody says of one.

use realm::AppId;
use store::approval::{Decided, Saying, Ticket};

use super::Desk;
use crate::trouble::Trouble;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

impl Desk<'_> {
    /// Tickets of the apps that the answer is of, the youngest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn tickets(&self) -> Result<Vec<Ticket>, Trouble> {
        let apps: Vec<AppId> = self.apps().map(|app| app.id.clone()).collect();
        Ok(self.parts.store.tickets(&apps).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of that id here.
    pub async fn ticket(&self, id: &str) -> Result<Ticket, Trouble> {
        let found = self.parts.store.ticket(id).await?;
        found.filter(|ticket| self.app(&ticket.app).is_ok()).ok_or(Trouble::NotFound)
    }

    /// Says that a request may go, or may not. What comes of it may be that it is too late, or not for this person to say.
    ///
    /// # Errors
    /// There is none of that id here, or no reason.
    pub async fn say_of_ticket(&self, id: &str, agrees: bool, reason: &str) -> Result<Decided, Trouble> {
        self.ticket(id).await?;
        let reason = reason.trim();
        if !(1..=REASON_CHARS_MAX).contains(&reason.chars().count()) {
            return Err(Trouble::wrong("reason", format!("a reason has 1 to {REASON_CHARS_MAX} characters")));
        }
        let (person, by) = (self.guest.person.as_str(), self.by());
        let saying = Saying { person, names: &[person], by: &by, agrees, reason };
        Ok(self.parts.store.say_of_ticket(id, saying, self.now).await?)
    }
}

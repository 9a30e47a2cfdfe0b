//! People with accounts: an administrator of an organisation gives roles in it, one of the whole gives roles in the whole,
//! and opens and closes accounts.

use store::{Account, Role, Roles};

use super::Desk;
use crate::password;
use crate::trouble::Trouble;

/// Characters of an account's name.
pub const NAME_CHARS_MAX: usize = 80;

/// Whether an account may be called so: as people tell names apart when they read a record.
pub fn is_name(name: &str) -> bool {
    // Marks that turn the direction of a line, and those that have no width.
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_seen = !name.is_empty() && name.trim() == name && !name.chars().any(|c| c.is_control() || hidden(c));
    is_seen && name.chars().count() <= NAME_CHARS_MAX
}

impl Desk<'_> {
    /// Accounts as far as they are of the scope: whoever is only in other organisations is nobody here.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn people(&self) -> Result<Vec<Account>, Trouble> {
        let is_here = |account: &Account| self.is_whole() || account.roles.at(&self.guest.scope).is_some();
        Ok(self.parts.store.accounts().await?.into_iter().filter(is_here).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of that name here.
    pub async fn person(&self, name: &str) -> Result<Account, Trouble> {
        self.people().await?.into_iter().find(|account| account.name == name).ok_or(Trouble::NotFound)
    }

    /// Gives somebody a role in the scope; makes an account where there is none, and tells its password, this once.
    ///
    /// # Errors
    /// The name cannot be one, or too many passwords are being hashed.
    pub async fn give(&self, name: &str, role: Role) -> Result<Option<String>, Trouble> {
        if !is_name(name) {
            let what =
                format!("a name has 1 to {NAME_CHARS_MAX} characters that can be seen, and no space around them");
            return Err(Trouble::wrong("name", what));
        }
        let (store, scope) = (&self.parts.store, self.guest.scope.clone());
        if store.accounts().await?.iter().any(|account| account.name == name) {
            self.change(name, |roles| Ok(roles.with(scope, role))).await?;
            return Ok(None);
        }
        let (text, salt) = store::new_password()?;
        let hashing = text.clone();
        let hashed = self.parts.hashing.pass(move || password::hash(&hashing, salt)).await.ok_or(Trouble::Busy)?;
        let hashed = hashed.map_err(|error| Trouble::wrong("name", error.to_string()))?;
        let roles = Roles::default().with(scope, role);
        let added = store.add_account(name, &hashed, &roles, &self.by(), self.now).await?;
        if added { Ok(Some(text)) } else { Err(Trouble::Taken) }
    }

    /// Takes somebody's role in the scope.
    ///
    /// # Errors
    /// There is nobody of that name here, or their role is one in each organisation.
    pub async fn take(&self, name: &str) -> Result<(), Trouble> {
        let (account, scope) = (self.person(name).await?, self.guest.scope.clone());
        let without = move |roles: Roles| {
            let left = roles.clone().without(&scope);
            // A role in each organisation comes to light again where another one was taken; by itself it stays.
            if left == roles && roles.at(&scope).is_some() { Err(Trouble::InEach) } else { Ok(left) }
        };
        self.change(&account.name, without).await
    }

    /// Changes somebody's roles, as they stand at that moment. Whoever has a role elsewhere is changed by who administers
    /// them there too: else one organisation could let its own people into another, or another's out.
    async fn change(
        &self,
        name: &str,
        change: impl FnOnce(Roles) -> Result<Roles, Trouble> + Send,
    ) -> Result<(), Trouble> {
        let mine = &self.guest.roles;
        let change = |roles: Roles| if mine.administer(&roles) { change(roles) } else { Err(Trouble::Anothers) };
        match self.parts.store.change_roles(name, change, &self.by(), self.now).await? {
            Some(changed) => changed,
            None => Err(Trouble::NotFound),
        }
    }

    /// Closes an account, which ends its sessions and tokens, or opens it again.
    ///
    /// # Errors
    /// There is nobody of that name here.
    pub async fn close(&self, name: &str, close: bool) -> Result<(), Trouble> {
        let account = self.person(name).await?;
        self.parts.store.disable_account(&account.name, close, &self.by(), self.now).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn a_name_is_what_people_can_tell_apart() {
        for good in ["Ann Lee", "Анна", "night-shift", "李"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", " ", "Ann ", " Ann", "A\u{200b}nn", "A\u{202e}nn", "A\nnn", &"x".repeat(81)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}

//! People with accounts: an administrator of an organisation gives roles in it, one of the whole gives roles in the whole,
//! and opens and closes accounts.

use store::{Account, Role, Roles};

use super::Desk;
use crate::password;
use crate::trouble::Trouble;

/// Characters of an account's name.
pub const NAME_CHARS_MAX: usize = 80;

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
        if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            let what = format!("a name has 1 to {NAME_CHARS_MAX} characters that can be seen");
            return Err(Trouble::wrong("name", what));
        }
        let (store, scope) = (&self.parts.store, self.guest.scope.clone());
        if let Some(account) = store.accounts().await?.into_iter().find(|account| account.name == name) {
            store.set_roles(name, &account.roles.with(scope, role), &self.by(), self.now).await?;
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
        let account = self.person(name).await?;
        let roles = account.roles.without(&self.guest.scope);
        if roles.at(&self.guest.scope).is_some() {
            return Err(Trouble::InEach);
        }
        self.parts.store.set_roles(&account.name, &roles, &self.by(), self.now).await?;
        Ok(())
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

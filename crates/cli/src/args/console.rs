//! `freehold console …` as typed.

use clap::{Args as ClapArgs, Subcommand};
use realm::OrganisationId;
use store::{Role, Roles, Scope};

#[derive(Debug, Subcommand)]
pub(crate) enum ConsoleCommand {
    Link {
        #[command(flatten)]
        grant: GrantArgs,
        #[arg(long)]
        name: Option<String>,
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    #[command(subcommand)]
    Account(AccountCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    Add {
        name: String,
        #[command(flatten)]
        grant: GrantArgs,
    },
    Ls,
    Disable {
        name: String,
    },
    Enable {
        name: String,
    },
}

/// A role, and where it holds.
#[derive(Debug, ClapArgs)]
pub(crate) struct GrantArgs {
    #[arg(long, default_value = "viewer")]
    pub(crate) role: Role,
    #[arg(long, value_parser = parse_organisation)]
    pub(crate) organisation: Vec<OrganisationId>,
    #[arg(long)]
    pub(crate) whole: bool,
}

impl GrantArgs {
    /// Everywhere, where nothing narrows it.
    pub(crate) fn roles(&self) -> Roles {
        if self.organisation.is_empty() && !self.whole {
            return Roles::everywhere(self.role);
        }
        let named = self.organisation.iter().cloned().map(Scope::Organisation);
        let scopes = named.chain(self.whole.then_some(Scope::Whole));
        scopes.fold(Roles::default(), |roles, scope| roles.with(scope, self.role))
    }
}

fn parse_organisation(text: &str) -> Result<OrganisationId, String> {
    OrganisationId::new(text).map_err(|error| error.to_string())
}

use std::path::PathBuf;

use super::Credential;

/// An identity provider that says who somebody is (OpenID Connect). What they may do stands in their account here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// What people call it.
    pub name: String,
    /// Its issuer, exactly as its tokens name it.
    pub issuer: String,
    /// Under which id it knows this console.
    pub client_id: String,
    /// The secret of that id; none for a public client.
    pub client_secret: Option<Credential>,
    /// Where people reach the console: scheme, host and port.
    pub console_url: String,
    /// What of its word is the name of an account here.
    pub claim: Claim,
    /// Other hosts that its own description may send this server to, each with its port where it is not that of https.
    pub hosts: Vec<String>,
    /// The certificates that it is trusted by; none for the public ones.
    pub ca_file: Option<PathBuf>,
}

/// What of an identity provider's word is the name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// `email`, where it says that the address was verified.
    Email,
    /// `preferred_username`: for providers at which nobody chooses it for themselves.
    PreferredUsername,
    /// `sub`, which never changes and tells people nothing.
    Subject,
}

impl Claim {
    /// Every claim, with the word of realm files and of tokens.
    pub const ALL: [(&str, Self); 3] =
        [("email", Self::Email), ("preferred_username", Self::PreferredUsername), ("sub", Self::Subject)];
}

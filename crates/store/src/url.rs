//! Where a shared database is, without ever showing its password.

use std::fmt;
use std::str::FromStr;

use sqlx::any::AnyConnectOptions;

use crate::Error;

/// What may stand behind the question mark.
const PARAMETERS: [&str; 17] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// The address of a PostgreSQL database: `postgres://user:password@host:5432/name?sslmode=verify-full`.
///
/// What is shown of it, by `Display` as by `Debug`, has no password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) AnyConnectOptions);

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The parser's own words may quote what it read.
        let options = AnyConnectOptions::from_str(text).map_err(|_| Error::Url("it is no URL"))?;
        if !matches!(options.database_url.scheme(), "postgres" | "postgresql") {
            return Err(Error::Url("it does not begin with postgres://"));
        }
        // The driver passes over what it does not know: a setting of TLS with a slip in it would be no setting.
        let known = |name: &str| PARAMETERS.contains(&name) || name.starts_with("options[");
        if options.database_url.query_pairs().any(|(name, _)| !known(&name)) {
            return Err(Error::Url(
                "it has a parameter that is not known, as sslmode, sslrootcert or application_name are",
            ));
        }
        Ok(Self(options))
    }
}

impl DatabaseUrl {
    /// Whether a password stands in it.
    pub fn has_password(&self) -> bool {
        let url = &self.0.database_url;
        url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password")
    }

    /// How long one statement may take, and who asks, unless the address says so itself.
    pub(crate) fn with_bounds(&self, statement_ms_max: u32) -> AnyConnectOptions {
        let mut options = self.0.clone();
        let says = |name: &str| options.database_url.query_pairs().any(|(key, _)| key.starts_with(name));
        let (named, bounded) = (says("application_name"), says("options"));
        let mut query = options.database_url.query_pairs_mut();
        if !named {
            query.append_pair("application_name", "freehold");
        }
        if !bounded {
            query.append_pair("options[statement_timeout]", &statement_ms_max.to_string());
        }
        drop(query);
        options
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.0.database_url.clone();
        // Fails only for addresses that cannot have one.
        let _ = url.set_password(None);
        url.set_query(None);
        f.write_str(url.as_str())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::DatabaseUrl;

    #[test]
    fn no_form_of_a_url_shows_its_password() {
        for text in ["postgres://ann:s3cret@db:5432/freehold", "postgresql://ann@db/freehold?password=s3cret"] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert!(url.has_password());
            for shown in [format!("{url}"), format!("{url:?}")] {
                assert!(!shown.contains("s3cret") && shown.contains("ann@db"), "{shown}");
            }
        }
        assert!(!"postgres:///freehold?host=/run/postgresql".parse::<DatabaseUrl>().unwrap().has_password());
    }

    #[test]
    fn a_slip_in_a_setting_is_no_setting() {
        let parse = |query: &str| format!("postgres://db/freehold?{query}").parse::<DatabaseUrl>();
        for query in ["sslmod=verify-full", "ssl_mode=verify-full", "sslmode=require&x=1"] {
            assert!(parse(query).is_err(), "{query}");
        }
        for query in
            ["sslmode=verify-full&sslrootcert=/ca.pem", "host=/run/postgresql", "options[statement_timeout]=5s"]
        {
            assert!(parse(query).is_ok(), "{query}");
        }
    }

    #[test]
    fn what_is_no_database_is_refused_without_repeating_it() {
        for wrong in ["mysql://ann:s3cret@db/x", "s3cret", "postgres//s3cret", ""] {
            let said = wrong.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(!said.contains("s3cret") && said.contains("postgres://"), "{said}");
        }
    }
}

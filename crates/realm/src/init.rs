//! The realm that somebody begins with: `freehold init DIR --home XX [--pack ID…]`.

use std::fmt::Write;
use std::path::PathBuf;

use crate::{Jurisdiction, PackId};

/// The files of a realm to begin with: it loads, permits what its own routes lead to, and explains itself.
///
/// `home` must be a country; the packs must be ones that the realm will find.
pub fn starter(home: &Jurisdiction, packs: &[PackId]) -> Vec<(PathBuf, String)> {
    let mut listed = String::new();
    for (place, pack) in packs.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        write!(listed, "{comma}\"{pack}\"").expect("writing to a string cannot fail");
    }
    let fill = |text: &str| text.replace("@HOME@", home.as_str()).replace("@PACKS@", &listed);
    [
        ("realm.toml", include_str!("init/realm.toml")),
        ("organisations.toml", include_str!("init/organisations.toml")),
        ("supply.toml", include_str!("init/supply.toml")),
        ("apps.toml", include_str!("init/apps.toml")),
        ("policies/base.cedar", include_str!("init/base.cedar")),
    ]
    .map(|(path, text)| (PathBuf::from(path), fill(text)))
    .into()
}

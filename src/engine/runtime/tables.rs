//! The last good copies of the public tables, in the data folder, and the catalogue that is made of them.

use super::super::models::counts;
use crate::catalog::refresh::{Part, SOURCES, merge};
use crate::catalog::{Catalog, read_user_table};
use crate::config::{Config, Paths};
use crate::protocol::{CatalogSource, CatalogView, Millis, Problem};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A table as it was last read, and what is needed to ask whether it has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    pub part: Part,
    /// Where it was fetched from.
    pub url: String,
    /// The server's mark of it.
    pub etag: Option<String>,
    /// When it was fetched, or found to be unchanged.
    pub checked_at: Millis,
}

/// The catalogue of the embedded table, the copies and the user's `models.toml`, and what is wrong with that file.
pub fn load_catalog(paths: &Paths) -> (Arc<Catalog>, Vec<Problem>) {
    let parts: Vec<Part> = copies(&paths.data)
        .into_iter()
        .map(|copy| copy.part)
        .collect();
    layered(&parts, &paths.models_file())
}

/// The same, of parts that are at hand.
pub fn layered(parts: &[Part], user_file: &Path) -> (Arc<Catalog>, Vec<Problem>) {
    let refreshed = (!parts.is_empty()).then(|| merge(parts).table);
    let (user, problems) = match fs::read_to_string(user_file) {
        Ok(text) => {
            let (table, problems) = read_user_table(user_file, &text);
            (Some(table), problems)
        }
        Err(e) if e.kind() == ErrorKind::NotFound => (None, Vec::new()),
        Err(e) => {
            let problem = Problem {
                path: user_file.to_owned(),
                line: 0,
                column: 0,
                what: format!("cannot be read: {e}"),
                next: "check its owner, its mode and that it is UTF-8 text".to_owned(),
                source_line: String::new(),
            };
            (None, vec![problem])
        }
    };
    let catalog = Catalog::layered(refreshed.as_ref(), user.as_ref());
    (Arc::new(catalog), problems)
}

fn folder(data: &Path) -> PathBuf {
    data.join("catalog")
}

fn file(data: &Path, source: &str) -> PathBuf {
    let plain = source
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    folder(data).join(format!("{plain}.json"))
}

/// The copies that are there, the most trusted first. One that cannot be read is none: it is fetched anew.
pub fn copies(data: &Path) -> Vec<Copy> {
    let read = |name: &str| -> Option<Copy> {
        let path = file(data, name);
        let text = fs::read(&path).ok()?;
        match serde_json::from_slice::<Copy>(&text) {
            Ok(copy) if copy.part.source == name => Some(copy),
            _ => {
                tracing::warn!("{} cannot be read and is left out", path.display());
                None
            }
        }
    };
    SOURCES
        .iter()
        .filter_map(|source| read(source.name))
        .collect()
}

/// Puts a copy in the place of the one before, which stays whole until the new one is.
///
/// # Errors
/// The folder cannot be written.
pub fn save(data: &Path, copy: &Copy) -> io::Result<()> {
    fs::create_dir_all(folder(data))?;
    let path = file(data, &copy.part.source);
    let beside = path.with_extension("new");
    let mut new = File::create(&beside)?;
    new.write_all(&serde_json::to_vec(copy)?)?;
    new.sync_all()?;
    fs::rename(&beside, &path)
}

/// Where a table is fetched from: the place of the configuration, else its own.
pub fn address<'a>(config: &'a Config, name: &str, own: &'a str) -> &'a str {
    let mut places = config.catalog.sources.iter();
    let given = places.find(|(known, _)| known.eq_ignore_ascii_case(name));
    given.map_or(own, |(_, url)| url)
}

/// What can be told of a catalogue without a refresh.
pub fn view(catalog: &Catalog, copies: &[Copy], config: &Config, user_file: &Path) -> CatalogView {
    let (models, priced) = counts(catalog);
    let today = jiff::Zoned::now().date().to_string();
    let source = |source: &crate::catalog::refresh::Source| {
        let copy = copies.iter().find(|copy| copy.part.source == source.name);
        CatalogSource {
            name: source.name.to_owned(),
            url: address(config, source.name, source.url).to_owned(),
            rows: copy.map(|copy| copy.part.found.len()),
            date: copy.map(|copy| copy.part.date.clone()),
            checked_at: copy.map(|copy| copy.checked_at),
        }
    };
    CatalogView {
        date: catalog.date().to_owned(),
        age_days: catalog.age_days(&today),
        models,
        priced,
        sources: SOURCES.iter().map(source).collect(),
        user_file: user_file.exists().then(|| user_file.to_owned()),
        ..CatalogView::default()
    }
}

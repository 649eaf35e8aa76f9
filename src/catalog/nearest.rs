//! "Did you mean": the names most like a word.

/// The name most like `word`, if any is like it at all.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    most_like(word, names, 1).into_iter().next()
}

/// Up to `most` names like `word`, the likest first.
pub(super) fn most_like<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '.', ' '], "-");
    let word = plain(word);
    let mut like: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| {
            let other = plain(name);
            let alike = strsim::jaro_winkler(&word, &other);
            let part = word.len() >= 3 && (other.contains(&word) || word.contains(&other));
            (if part { alike.max(0.9) } else { alike }, name)
        })
        .filter(|(alike, _)| *alike > 0.8)
        .collect();
    like.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    like.dedup_by(|a, b| a.1 == b.1);
    like.into_iter().map(|(_, name)| name).take(most).collect()
}

//! Which of many names is meant by a few letters.

/// How well `query` fits `text`: its letters in order, better where they stand together and begin words. `None`
/// where they are not all there. Case does not matter; blanks in the query are left out.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut total = 0;
    let mut at = 0;
    let mut last: Option<usize> = None;
    for wanted in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = (at..text.len()).find(|i| text[*i] == wanted)?;
        let begins_word = found == 0 || !text[found - 1].is_alphanumeric();
        total += match last {
            Some(before) if before + 1 == found => 8,
            _ if begins_word => 6,
            Some(before) => -((found - before).min(5) as i32),
            None => -(found.min(5) as i32),
        };
        last = Some(found);
        at = found + 1;
    }
    // Of equals the shorter one.
    Some(total * 8 - text.len().min(60) as i32 / 8)
}

/// The indices of the `labels` that fit, best first; equals keep their order.
pub fn matches<'a>(query: &str, labels: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut found: Vec<(i32, usize)> = labels
        .enumerate()
        .filter_map(|(i, label)| Some((score(query, label)?, i)))
        .collect();
    if !query.trim().is_empty() {
        found.sort_by_key(|(score, i)| (-score, *i));
    }
    found.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_find_the_likeliest() {
        let names = ["next-session", "next-pane", "spawn", "set-group", "stats"];
        let first = |query: &str| matches(query, names.into_iter()).first().map(|i| names[*i]);
        assert_eq!(first("np"), Some("next-pane"));
        assert_eq!(first("sg"), Some("set-group"));
        assert_eq!(first("stat"), Some("stats"));
        assert_eq!(first("SPA"), Some("spawn"));
        assert_eq!(first("xyz"), None);
        assert_eq!(matches("", names.into_iter()), [0, 1, 2, 3, 4]);
    }
}

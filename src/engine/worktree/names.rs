//! Names of branches and folders, from names of sessions.

/// A name that git takes for a branch and every file system for a folder: letters, digits, and `-_.+` where git
/// allows them. The rest becomes `-`.
pub fn plain(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    for c in name.chars() {
        let c = match c {
            c if c.is_alphanumeric() || "_.+".contains(c) => c,
            _ => '-',
        };
        // Two dots are a range to git; two dashes are only ugly.
        if !("-.".contains(c) && made.ends_with(c)) {
            made.push(c);
        }
    }
    let mut made = made.trim_matches(['-', '.']);
    while let Some(shorter) = made.strip_suffix(".lock") {
        made = shorter.trim_end_matches(['-', '.']);
    }
    match made {
        "" => "session".to_owned(),
        // Git has other plans with these.
        "HEAD" | "FETCH_HEAD" | "ORIG_HEAD" | "MERGE_HEAD" => made.to_lowercase(),
        made => made.to_owned(),
    }
}

/// The first of `stem`, `stem-2`, `stem-3`, … that is not taken.
pub fn free(stem: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(stem) {
        return stem.to_owned();
    }
    (2..=u32::MAX)
        .map(|n| format!("{stem}-{n}"))
        .find(|name| !taken(name))
        .unwrap_or_else(|| stem.to_owned())
}

/// Whether a branch of that name would collide with one of `branches`: the same but for the case of its letters, or
/// a folder where it is a file.
pub fn collides<'a>(name: &str, branches: impl IntoIterator<Item = &'a str>) -> bool {
    let name = name.to_lowercase();
    branches.into_iter().any(|branch| {
        let branch = branch.to_lowercase();
        branch == name
            || branch
                .strip_prefix(&name)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_session_has_a_branch_that_git_takes() {
        for (name, branch) in [
            ("worker-1", "worker-1"),
            ("my worker", "my-worker"),
            ("a..b~c^d:e?f*g[h\\i", "a.b-c-d-e-f-g-h-i"),
            (".hidden.", "hidden"),
            ("-x", "x"),
            ("v1.lock", "v1"),
            ("v1.lock.lock", "v1"),
            ("@", "session"),
            ("@{u}", "u"),
            ("…", "session"),
            ("HEAD", "head"),
            ("größe 2", "größe-2"),
            ("日本", "日本"),
            ("a\u{202e}b", "a-b"),
            ("🦀 crab", "crab"),
            (".lock", "lock"),
        ] {
            assert_eq!(plain(name), branch, "{name}");
        }
    }

    #[test]
    fn a_taken_name_gets_a_suffix() {
        let branches = ["w", "W-2", "team/x"];
        let taken = |name: &str| collides(name, branches);
        assert_eq!(free("w", taken), "w-3");
        assert_eq!(free("team", taken), "team-2");
        assert_eq!(free("tea", taken), "tea");
    }
}

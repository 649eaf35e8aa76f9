//! Keeps API keys that somebody wrote into a file out of everything that is shown.

/// What to do about a key that was written into the file.
pub const SAY_WHERE_THE_KEY_IS: &str = "keep keys out of this file: name the variable that holds it in \
    `api_key_env`, or a command that prints it in `api_key_cmd`";

/// Names of headers that carry a key, in lower case.
pub const SECRET_HEADERS: [&str; 4] = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/// How the keys of well-known providers begin.
const BEGINNINGS: [&str; 7] = ["sk-", "gsk_", "xai-", "AIza", "hf_", "ghp_", "Bearer "];

/// Whether the name of a config key says that a secret is meant.
pub fn means_a_secret(name: &str) -> bool {
    let plain = name.to_lowercase().replace(['-', '_'], "");
    ["apikey", "key", "token", "secret", "password", "authtoken"].contains(&plain.as_str())
        || SECRET_HEADERS.contains(&name.to_lowercase().as_str())
}

/// Whether a value begins as API keys do.
pub fn looks_like_a_key(value: &str) -> bool {
    BEGINNINGS.iter().any(|start| value.starts_with(start))
}

/// A line of TOML with `…` from the place on where a secret seems to begin. What stands before it stays in its
/// column.
pub fn without_secrets(line: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || "-_".contains(c);
    let mut rest = 0;
    while let Some(length) = line[rest..]
        .find(|c: char| !is_word(c))
        .or(Some(line.len() - rest))
    {
        let word = &line[rest..rest + length];
        let after = &line[rest + length..];
        let assigned = after
            .trim_start_matches(['"', '\'', ' ', '\t'])
            .starts_with('=');
        let named = means_a_secret(word) || word.eq_ignore_ascii_case("api_key_env");
        if assigned && named {
            let value = rest + length + after.find('=').map_or(0, |at| at + 1);
            return format!("{} …", &line[..value]);
        }
        if looks_like_a_key(&line[rest..]) {
            return format!("{}…", &line[..rest]);
        }
        rest += length + after.chars().next().map_or(0, char::len_utf8);
        if rest >= line.len() {
            break;
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_and_nothing_else_is_hidden() {
        for (line, shown) in [
            ("api_key = \"abc\"", "api_key = …"),
            (
                "g = { url = \"x\", api-key = \"abc\" }",
                "g = { url = \"x\", api-key = …",
            ),
            (
                "  \"Authorization\" = \"Bearer abc\"",
                "  \"Authorization\" = …",
            ),
            ("api_key_env = \"sk-abc\"", "api_key_env = …"),
            ("api_key_cmd = \"echo sk-abc\"", "api_key_cmd = \"echo …"),
            ("modle = \"gsk_abc\" # ä", "modle = \"…"),
            (
                "max_output_tokens = \"many\"",
                "max_output_tokens = \"many\"",
            ),
            ("keymap = 5", "keymap = 5"),
            ("ask-me = 5", "ask-me = 5"),
            ("ä = \"ö\"", "ä = \"ö\""),
            ("", ""),
        ] {
            assert_eq!(without_secrets(line), shown);
        }
    }
}

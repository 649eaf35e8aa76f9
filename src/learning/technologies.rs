//! Which technology a prompt or a project is of.

/// The file of a project that tells its technology.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "rust"),
    ("package.json", "javascript"),
    ("go.mod", "go"),
    ("pyproject.toml", "python"),
    ("Dockerfile", "docker"),
    (".tf", "terraform"),
];

/// The tags of a project, from the names of the files in its folder; sorted, each once.
pub fn project_tags<N: AsRef<str>>(files: impl IntoIterator<Item = N>) -> Vec<&'static str> {
    let mut tags: Vec<&'static str> = Vec::new();
    for file in files {
        let found = FILES.iter().filter(|(end, _)| file.as_ref().ends_with(end));
        tags.extend(found.map(|(_, tag)| *tag));
    }
    tags.sort_unstable();
    tags.dedup();
    tags
}

//! What a project is made with, told by the names of its files.

/// (file, tags); `*` stands for the beginning of a name.
const FILES: &[(&str, &[&str])] = &[
    ("Cargo.toml", &["rust"]),
    ("go.mod", &["go"]),
    ("package.json", &["javascript"]),
    ("deno.json", &["typescript"]),
    ("tsconfig.json", &["typescript"]),
    ("next.config.js", &["frontend", "react"]),
    ("next.config.ts", &["frontend", "react"]),
    ("next.config.mjs", &["frontend", "react"]),
    ("vite.config.js", &["frontend"]),
    ("vite.config.ts", &["frontend"]),
    ("tailwind.config.js", &["css", "frontend"]),
    ("tailwind.config.ts", &["css", "frontend"]),
    ("angular.json", &["angular", "frontend"]),
    ("vue.config.js", &["frontend", "vue"]),
    ("nuxt.config.ts", &["frontend", "vue"]),
    ("svelte.config.js", &["frontend", "svelte"]),
    ("pyproject.toml", &["python"]),
    ("requirements.txt", &["python"]),
    ("setup.py", &["python"]),
    ("setup.cfg", &["python"]),
    ("Pipfile", &["python"]),
    ("manage.py", &["django", "python"]),
    ("*.ipynb", &["python"]),
    ("pom.xml", &["java"]),
    ("build.gradle", &["java"]),
    ("build.gradle.kts", &["kotlin"]),
    ("AndroidManifest.xml", &["mobile"]),
    ("Package.swift", &["swift"]),
    ("Podfile", &["mobile"]),
    ("*.xcodeproj", &["mobile", "swift"]),
    ("pubspec.yaml", &["mobile"]),
    ("CMakeLists.txt", &["cpp"]),
    ("*.csproj", &["csharp"]),
    ("*.sln", &["csharp"]),
    ("Gemfile", &["ruby"]),
    ("composer.json", &["php"]),
    ("build.sbt", &["scala"]),
    ("mix.exs", &["elixir"]),
    ("stack.yaml", &["haskell"]),
    ("*.cabal", &["haskell"]),
    ("Dockerfile", &["docker"]),
    ("docker-compose.yml", &["docker"]),
    ("docker-compose.yaml", &["docker"]),
    ("compose.yaml", &["docker"]),
    ("*.tf", &["infrastructure", "terraform"]),
    ("Chart.yaml", &["infrastructure", "kubernetes"]),
    ("kustomization.yaml", &["infrastructure", "kubernetes"]),
    ("ansible.cfg", &["ansible", "infrastructure"]),
    ("nginx.conf", &["infrastructure", "nginx"]),
    ("mkdocs.yml", &["docs"]),
    ("book.toml", &["docs"]),
    ("*.tex", &["latex"]),
];

/// The tags of a project, from the names of the files in its folder; sorted, each once.
pub fn project_tags<N: AsRef<str>>(files: impl IntoIterator<Item = N>) -> Vec<&'static str> {
    let mut tags: Vec<&'static str> = Vec::new();
    for file in files {
        let path = file.as_ref();
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits = |row: &str| match row.strip_prefix('*') {
            Some(ending) => name.ends_with(ending),
            None => name == row,
        };
        let found = FILES.iter().filter(|(row, _)| fits(row));
        tags.extend(found.flat_map(|(_, tags)| tags.iter().copied()));
    }
    tags.sort_unstable();
    tags.dedup();
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::tag_kind;

    #[test]
    fn files_tell_what_a_project_is_made_with() {
        for (files, tags) in [
            (&["Cargo.toml", "src", "README.md"][..], &["rust"][..]),
            (
                &["package.json", "tsconfig.json", "next.config.js"],
                &["frontend", "javascript", "react", "typescript"],
            ),
            (
                &["main.tf", "infra/vars.tf"],
                &["infrastructure", "terraform"],
            ),
            (&["backend/go.mod", "Dockerfile"], &["docker", "go"]),
            (&["my-Cargo.toml", "notes.txt", ""], &[]),
        ] {
            assert_eq!(project_tags(files), tags, "{files:?}");
        }
    }

    #[test]
    fn every_tag_of_a_file_is_one_that_prompts_have_too() {
        for tag in FILES.iter().flat_map(|(_, tags)| *tags) {
            assert!(tag_kind(tag).is_some(), "{tag}");
        }
    }
}

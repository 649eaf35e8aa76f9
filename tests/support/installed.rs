//! Programs of others that a test runs where the environment names them.

use super::{home::Home, skipped};
use std::path::Path;

/// A home whose PATH has the program that a variable names; `None`, and that said, where it names none.
pub fn home(variable: &str, what: &str) -> Option<Home> {
    let Ok(program) = std::env::var(variable) else {
        skipped(&format!("{what}; {variable}=PROGRAM cargo test"));
        return None;
    };
    let mut home = Home::new();
    let folder = Path::new(&program).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    home.set("PATH", &format!("{}:{path}", folder.display()));
    Some(home)
}

use super::*;
use crate::protocol::Color;

fn load(text: &str) -> (Theme, Vec<Problem>) {
    Theme::load(SourceFile::new("mine.toml", text), &embedded)
}

#[test]
fn every_embedded_theme_dresses_every_role_without_problems() {
    for (index, (role, _)) in ROLES.iter().enumerate() {
        assert_eq!(*role as usize, index);
    }
    for (name, text) in THEMES {
        let file = embedded(name).unwrap();
        let (_, problems) = Theme::load(file, &embedded);
        assert_eq!(problems, [], "{name}");
        for (_, role) in ROLES {
            assert!(
                text.contains(&format!("\n{role} = ")),
                "{name} lacks {role}"
            );
        }
    }
}

#[test]
fn the_default_theme_uses_only_the_terminals_own_colours() {
    for (role, name) in ROLES {
        let style = Theme::default().style(*role);
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(matches!(color, Color::Indexed(0..=15)), "{name}: {color:?}");
        }
    }
}

#[test]
fn a_theme_inherits_what_it_does_not_say_even_through_the_palette() {
    let (theme, problems) = load(
        "inherits = \"night\"\n[palette]\naccent = \"#102030\"\n[roles]\ngood = { fg = 34, italic = true }",
    );
    assert_eq!(problems, []);
    let night = Theme::load(embedded("night").unwrap(), &embedded).0;
    assert_eq!(theme.style(Role::Error), night.style(Role::Error));
    assert_eq!(
        theme.style(Role::BorderFocus).fg,
        Some(Color::Rgb(16, 32, 48))
    );
    let good = Style {
        fg: Some(Color::Indexed(34)),
        attributes: Style::ITALIC,
        ..Style::default()
    };
    assert_eq!(theme.style(Role::Good), good);
}

#[test]
fn a_users_theme_may_be_named_like_the_one_it_inherits() {
    let find = |name: &str| match name {
        "night" => Some(SourceFile::new("user/night.toml", "inherits = \"night\"")),
        _ => embedded(name),
    };
    let (theme, problems) = Theme::load(find("night").unwrap(), &find);
    assert_eq!(problems, []);
    assert_eq!(theme, Theme::load(embedded("night").unwrap(), &embedded).0);
}

#[test]
fn a_circle_is_caught() {
    let find = |name: &str| match name {
        "a" => Some(SourceFile::new("a.toml", "inherits = \"b\"")),
        "b" => Some(SourceFile::new("b.toml", "inherits = \"a\"")),
        _ => None,
    };
    let (_, problems) = Theme::load(find("a").unwrap(), &find);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].what, "`a` inherits this theme in turn");
    assert_eq!(problems[0].path.to_str(), Some("b.toml"));
}

#[test]
fn a_bad_line_is_reported_and_the_rest_holds() {
    for (line, place, what, next) in [
        (
            "acent = \"red\"",
            (4, 1),
            "unknown role `acent`",
            "did you mean `accent`?",
        ),
        (
            "good = \"gren\"",
            (4, 8),
            "`gren` is not a colour",
            "did you mean `green`?",
        ),
        (
            "good = \"#12345\"",
            (4, 8),
            "`#12345` is not a colour",
            "write",
        ),
        (
            "good = 256",
            (4, 8),
            "256 is not a colour",
            "write a number from 0 to 255",
        ),
        (
            "good = true",
            (4, 8),
            "expected a colour, found boolean",
            "write",
        ),
        (
            "good = { fgg = 1 }",
            (4, 10),
            "unknown key `fgg`",
            "did you mean `fg`?",
        ),
        (
            "good = { bold = 1 }",
            (4, 17),
            "expected true or false",
            "write true or false",
        ),
    ] {
        let (theme, problems) = load(&format!(
            "inherits = \"default\"\n[roles]\ncode = 3\n{line}"
        ));
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        assert_eq!((problems[0].line, problems[0].column), place, "{line}");
        assert!(
            problems[0].what.starts_with(what),
            "{line}: {}",
            problems[0].what
        );
        assert!(
            problems[0].next.starts_with(next),
            "{line}: {}",
            problems[0].next
        );
        assert_eq!(
            theme.style(Role::Good),
            Theme::default().style(Role::Good),
            "{line}"
        );
        assert_eq!(theme.style(Role::Code).fg, Some(Color::Indexed(3)));
    }
    for (text, what) in [
        ("inherits = \"nigth\"", "no theme `nigth`"),
        ("inherit = \"night\"", "unknown key `inherit`"),
        ("inherits = 5", "expected a theme's name, found integer"),
        ("roles = 5", "`roles` is a table, not integer"),
        ("[roles", "unclosed table"),
    ] {
        let (_, problems) = load(text);
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert!(
            problems[0].what.starts_with(what),
            "{text}: {}",
            problems[0].what
        );
    }
}

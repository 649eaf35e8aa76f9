//! The natural language of a prompt, by its script or by the small words of a language.

/// (language, small words that the others hardly have).
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    (
        "en",
        "the and is are of to what how why with this that for please can you it my write which",
    ),
    (
        "de",
        "der die das und ist nicht ein eine wie mit für auf ich wir bitte warum den dem schreibe mir kannst zu von",
    ),
    (
        "fr",
        "le les est et une pour dans que qui pas avec ce cette je vous comment pourquoi du des aux écris moi",
    ),
    (
        "es",
        "el los las es una para con por qué cómo que del como está mi escribe por_favor y un",
    ),
    (
        "it",
        "il gli che di è una per con come perché sono della questo non scrivi",
    ),
    (
        "pt",
        "o os uma para com não que como por do da em você está escreva isso",
    ),
    (
        "nl",
        "het een van is niet en met voor ik hoe waarom dat deze schrijf",
    ),
    ("pl", "jest nie to jak w się na czy dla proszę napisz i"),
    ("tr", "ve bir bu için ile nasıl neden değil mi yaz"),
    ("sv", "och är att det en som för inte hur varför skriv"),
];

/// (language, first and last letter of its script); the first row that fits a letter holds.
const SCRIPTS: &[(&str, char, char)] = &[
    ("ja", '\u{3040}', '\u{30ff}'),
    ("ko", '\u{ac00}', '\u{d7af}'),
    ("zh", '\u{4e00}', '\u{9fff}'),
    ("ru", '\u{0400}', '\u{04ff}'),
    ("el", '\u{0370}', '\u{03ff}'),
    ("he", '\u{0590}', '\u{05ff}'),
    ("ar", '\u{0600}', '\u{06ff}'),
    ("hi", '\u{0900}', '\u{097f}'),
    ("th", '\u{0e00}', '\u{0e7f}'),
];

/// Small words that are needed to tell a language that is written in Latin letters.
const LEAST: u16 = 2;

/// The language of a text of which `heard` tells how many small words of each of [`LANGUAGES`] it has.
pub(super) fn language(text: &str, heard: &[u16]) -> Option<&'static str> {
    by_script(text).or_else(|| {
        let mut best = (LEAST - 1, None);
        for ((name, _), times) in LANGUAGES.iter().zip(heard) {
            if *times > best.0 {
                best = (*times, Some(*name));
            }
        }
        best.1
    })
}

/// The language of a script in which at least a third of the letters are; Japanese has Chinese letters between its own.
fn by_script(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let (mut letters, mut found) = (0_u32, [0_u32; SCRIPTS.len()]);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        let row = SCRIPTS.iter().position(|(_, a, b)| (*a..=*b).contains(&c));
        if let Some(row) = row {
            found[row] += 1;
        }
    }
    let foreign: u32 = found.iter().sum();
    if foreign * 3 < letters || foreign == 0 {
        return None;
    }
    if found[0] * 10 >= foreign {
        return Some(SCRIPTS[0].0);
    }
    let most = (0..SCRIPTS.len()).max_by_key(|row| (found[*row], std::cmp::Reverse(*row)))?;
    Some(SCRIPTS[most].0)
}

//! Figures as they stand on the screen: short, and never more exact than they are known.

use crate::protocol::Rating;

/// `388`, `4.1k`, `31.2k`, `200k`, `1M`, `1.5M`.
pub fn tokens(count: u64) -> String {
    let scaled = |value: f64, unit: &str| {
        let text = format!("{value:.1}");
        format!("{}{unit}", text.strip_suffix(".0").unwrap_or(&text))
    };
    match count {
        0..=999 => count.to_string(),
        1_000..=99_949 => scaled(count as f64 / 1e3, "k"),
        99_950..=999_499 => format!("{}k", (count + 500) / 1_000),
        _ => scaled(count as f64 / 1e6, "M"),
    }
}

/// `0.4 s`, `9.1 s`, `41 s`, `2 m 05 s`, `1 h 12 m`.
pub fn duration(millis: i64) -> String {
    let millis = millis.max(0);
    match millis {
        0..=9_949 => format!("{:.1} s", millis as f64 / 1e3),
        9_950..=59_499 => format!("{} s", (millis + 500) / 1_000),
        59_500..=3_599_999 => {
            let seconds = (millis + 500) / 1_000;
            format!("{} m {:02} s", seconds / 60, seconds % 60)
        }
        _ => format!("{} h {:02} m", millis / 3_600_000, millis / 60_000 % 60),
    }
}

/// A share of one as whole percent.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A line of `width` cells, heavy up to `share` (0 to 1) in half cells and light behind it: `━━━━╾─────`. What is
/// above nothing shows, and what is below all leaves room. Readable without colour, and without gaps in every font.
pub fn bar(share: f64, width: usize) -> String {
    let share = match share.is_finite() {
        true => share.clamp(0.0, 1.0),
        false => 0.0,
    };
    let most = width * 2;
    let mut halves = (share * most as f64).round() as usize;
    if share > 0.0 {
        halves = halves.max(1);
    }
    if share < 1.0 {
        halves = halves.min(most.saturating_sub(1));
    }
    let mut out = "━".repeat(halves / 2);
    if halves % 2 == 1 {
        out.push('╾');
    }
    out.push_str(&"─".repeat(width - halves.div_ceil(2)));
    out
}

/// `★★★★☆`, `good`, `bad`.
pub fn rating(rating: Rating) -> String {
    match rating {
        Rating::Stars(n) => {
            let n = usize::from(n.min(5));
            format!("{}{}", "★".repeat(n), "☆".repeat(5 - n))
        }
        Rating::Good => "▲ good".to_owned(),
        Rating::Bad => "▼ bad".to_owned(),
    }
}

/// `820 kB`, `41 MB`, `1.3 GB`.
pub fn bytes(count: u64) -> String {
    let count = count as f64;
    match count {
        ..1e6 => format!("{:.0} kB", count / 1e3),
        1e6..1e9 => format!("{:.0} MB", count / 1e6),
        _ => format!("{:.1} GB", count / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn tokens_stay_short() {
        for (count, text) in [
            (0, "0"),
            (388, "388"),
            (1_000, "1k"),
            (4_120, "4.1k"),
            (31_204, "31.2k"),
            (99_960, "100k"),
            (200_000, "200k"),
            (999_499, "999k"),
            (999_500, "1M"),
            (1_500_000, "1.5M"),
        ] {
            assert_eq!(tokens(count), text);
        }
    }

    #[test]
    fn durations_read_well() {
        for (millis, text) in [
            (-5, "0.0 s"),
            (400, "0.4 s"),
            (9_100, "9.1 s"),
            (41_000, "41 s"),
            (125_000, "2 m 05 s"),
            (4_320_000, "1 h 12 m"),
        ] {
            assert_eq!(duration(millis), text);
        }
    }

    #[test]
    fn bars_keep_their_width() {
        for (share, line) in [
            (0.0, "──────────"),
            (0.001, "╾─────────"),
            (0.42, "━━━━──────"),
            (0.45, "━━━━╾─────"),
            (0.999, "━━━━━━━━━╾"),
            (1.0, "━━━━━━━━━━"),
        ] {
            assert_eq!(bar(share, 10), line);
        }
        for share in [-1.0, 0.0, 0.01, 0.5, 0.999, 1.0, 7.0, f64::NAN] {
            assert_eq!(bar(share, 8).width(), 8, "{share}");
        }
        assert_eq!(rating(Rating::Stars(4)), "★★★★☆");
    }
}

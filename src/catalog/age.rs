//! How old a date is. Dates are `YYYY-MM-DD` texts, as in the tables; there is no clock here.

/// Days from `from` to `to`; negative if `to` is earlier; `None` where one is not a date.
pub(super) fn days_between(from: &str, to: &str) -> Option<i64> {
    Some(day_number(to)? - day_number(from)?)
}

/// Whether `text` is a date.
pub(super) fn is_date(text: &str) -> bool {
    day_number(text).is_some()
}

/// Days since 0000-03-01 in the Gregorian calendar. The year is taken to begin in March, so that the leap day is its
/// last: Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let shaped = (year.len(), month.len(), day.len()) == (4, 2, 2) && parts.next().is_none();
    if !shaped || !digits(year) || !digits(month) || !digits(day) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + day_of_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        for (from, to, days) in [
            ("2026-11-20", "2026-11-20", Some(0)),
            ("2026-07-02", "2026-11-20", Some(141)),
            ("2024-02-28", "2024-03-01", Some(2)),
            ("2025-12-31", "2026-01-01", Some(1)),
            ("2000-01-01", "2026-01-01", Some(9_497)),
            ("2026-11-20", "2026-11-19", Some(-1)),
            ("", "2026-11-20", None),
            ("2026-13-01", "2026-11-20", None),
            ("+026-01-01", "2026-11-20", None),
        ] {
            assert_eq!(days_between(from, to), days, "{from} {to}");
        }
    }
}

//! What the headers of an answer say: which request it was, what is left of the limits, and when a limit ends.

use super::StreamEvent;
use super::secret::one_line;
use crate::protocol::Millis;
use reqwest::header::HeaderMap;

/// What is left of a provider's rate limits; `None` where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub requests_remaining: Option<u64>,
    pub tokens_remaining: Option<u64>,
    /// When the limit that is used up is filled again, else the one that takes longest.
    pub resets_at: Option<Millis>,
}

/// What the head of an answer that came at `now` says.
pub(super) fn answered(headers: &HeaderMap, now: Millis) -> StreamEvent {
    // Anthropic; OpenAI and many others; Google; OpenRouter; Azure.
    const IDS: [&str; 5] = [
        "request-id",
        "x-request-id",
        "x-goog-request-id",
        "x-generation-id",
        "apim-request-id",
    ];
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    // Some send -1 for what is not limited, some a fraction.
    let left = |names: &[&str]| {
        let found = names.iter().find_map(|name| number(text(name)?));
        found.map(|left| left as u64)
    };
    let id = IDS.iter().find_map(|name| text(name));
    StreamEvent::Answered {
        request_id: id.map(|id| one_line(id, 120)).filter(|id| !id.is_empty()),
        limits: Limits {
            requests_remaining: left(&[
                "anthropic-ratelimit-requests-remaining",
                "x-ratelimit-remaining-requests",
                "x-ratelimit-remaining",
            ]),
            tokens_remaining: left(&[
                "anthropic-ratelimit-tokens-remaining",
                "anthropic-ratelimit-input-tokens-remaining",
                "x-ratelimit-remaining-tokens",
            ]),
            resets_at: reset(headers, now),
        },
    }
}

/// When to try again, or `None` if no header says so. `now` is when the answer came. In this order:
/// - `retry-after-ms`, `retry-after` (seconds, or an HTTP date, RFC 9110 section 10.2.3);
/// - if `reset_too`, the reset times of rate limits: Anthropic's (`anthropic-ratelimit-*-reset`, RFC 3339 or seconds
///   since the epoch) and OpenAI's (`x-ratelimit-reset*`: a duration like `6m0s`, or seconds or milliseconds since the
///   epoch). Of several, the latest one whose `-remaining` is 0, else the latest.
pub(super) fn until(headers: &HeaderMap, now: Millis, reset_too: bool) -> Option<Millis> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(wait) = text("retry-after-ms").and_then(number) {
        return Some(now + wait as Millis);
    }
    if let Some(at) = text("retry-after").and_then(|value| moment(value, now)) {
        return Some(at);
    }
    if reset_too { reset(headers, now) } else { None }
}

fn reset(headers: &HeaderMap, now: Millis) -> Option<Millis> {
    let resets: Vec<(bool, Millis)> = headers
        .iter()
        .filter_map(|(name, value)| {
            let name = name.as_str();
            let ours =
                name.starts_with("anthropic-ratelimit-") || name.starts_with("x-ratelimit-reset");
            if !ours || !name.contains("reset") {
                return None;
            }
            let left = headers.get(name.replace("reset", "remaining"));
            let used_up = left.is_some_and(|left| left.as_bytes() == b"0");
            Some((used_up, moment(value.to_str().ok()?.trim(), now)?))
        })
        .collect();
    // `true` sorts above `false`: one that is used up wins over a later one that is not.
    resets.into_iter().max().map(|(_, at)| at)
}

/// A point in time in any of the forms in use. Below a day's worth of seconds a bare number is a wait.
fn moment(value: &str, now: Millis) -> Option<Millis> {
    if let Some(n) = number(value) {
        return Some(match n {
            n if n < 1e8 => now + (n * 1000.0).ceil() as Millis,
            n if n < 1e11 => (n * 1000.0) as Millis,
            n => n as Millis,
        });
    }
    if let Some(wait) = duration(value) {
        return Some(now + wait);
    }
    if let Ok(at) = value.parse::<jiff::Timestamp>() {
        return Some(at.as_millisecond());
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new();
    date.parse_timestamp(value)
        .ok()
        .map(|at| at.as_millisecond())
}

fn number(value: &str) -> Option<f64> {
    value
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite() && (0.0..1e14).contains(n))
}

/// `20ms`, `1.5s`, `6m0s`, `1h2m3s`, in milliseconds.
pub(super) fn duration(value: &str) -> Option<Millis> {
    let (mut total, mut rest) = (0.0, value);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let n = number(&rest[..digits])?;
        rest = &rest[digits..];
        let unit = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        total += n * match &rest[..unit] {
            "ms" => 1.0,
            "s" => 1e3,
            "m" => 60e3,
            "h" => 3600e3,
            "d" => 86400e3,
            _ => return None,
        };
        rest = &rest[unit..];
    }
    (!value.is_empty()).then_some(total.ceil() as Millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    /// Headers, and the wait they ask for.
    type Row = (&'static [(&'static str, &'static str)], Option<Millis>);

    #[test]
    fn headers_say_when_a_limit_ends() {
        const NOW: Millis = 1_800_000_000_000; // 2027-01-15T08:00:00Z
        let rows: [Row; 14] = [
            (&[], None),
            (&[("retry-after", "30")], Some(30_000)),
            (&[("retry-after", "0.5")], Some(500)),
            (
                &[("retry-after-ms", "250"), ("retry-after", "30")],
                Some(250),
            ),
            (
                &[("retry-after", "Fri, 15 Jan 2027 08:01:00 GMT")],
                Some(60_000),
            ),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "-5")], None),
            (&[("x-ratelimit-reset-requests", "6m0s")], Some(360_000)),
            (
                &[
                    ("x-ratelimit-reset-tokens", "20ms"),
                    ("x-ratelimit-reset-requests", "1h0m1.5s"),
                ],
                Some(3_601_500),
            ),
            (&[("x-ratelimit-reset", "1800000007")], Some(7_000)),
            (&[("x-ratelimit-reset", "1800000009000")], Some(9_000)),
            (
                &[("anthropic-ratelimit-unified-reset", "1800003600")],
                Some(3_600_000),
            ),
            (
                &[
                    ("anthropic-ratelimit-requests-reset", "2027-01-15T09:00:00Z"),
                    ("anthropic-ratelimit-requests-remaining", "49"),
                    ("anthropic-ratelimit-tokens-reset", "2027-01-15T08:00:10Z"),
                    ("anthropic-ratelimit-tokens-remaining", "0"),
                ],
                Some(10_000),
            ),
            (&[("x-ratelimit-remaining", "5")], None),
        ];
        for (headers, wait) in rows {
            let map: HeaderMap = headers
                .iter()
                .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
                .collect();
            assert_eq!(until(&map, NOW, true), wait.map(|w| NOW + w), "{headers:?}");
        }
        let map = [(
            HeaderName::from_static("x-ratelimit-reset"),
            HeaderValue::from_static("7"),
        )];
        assert_eq!(until(&map.into_iter().collect(), NOW, false), None);
    }

    #[test]
    fn the_head_of_an_answer_says_what_is_left() {
        const NOW: Millis = 1_800_000_000_000;
        type Head = (
            Option<&'static str>,
            Option<u64>,
            Option<u64>,
            Option<Millis>,
        );
        let rows: [(&[(&'static str, &'static str)], Head); 5] = [
            (&[], (None, None, None, None)),
            (
                &[
                    ("request-id", "req_011"),
                    ("anthropic-ratelimit-requests-remaining", "49"),
                    ("anthropic-ratelimit-tokens-remaining", "39000"),
                    ("anthropic-ratelimit-tokens-reset", "2027-01-15T08:00:10Z"),
                ],
                (Some("req_011"), Some(49), Some(39_000), Some(10_000)),
            ),
            (
                &[
                    ("x-request-id", "a1"),
                    ("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-remaining-tokens", "149984"),
                    ("x-ratelimit-reset-requests", "1s"),
                    ("x-ratelimit-reset-tokens", "6m0s"),
                ],
                (Some("a1"), Some(0), Some(149_984), Some(1_000)),
            ),
            (
                &[("x-goog-request-id", "g"), ("x-ratelimit-remaining", "3")],
                (Some("g"), Some(3), None, None),
            ),
            (
                &[("x-request-id", " "), ("x-ratelimit-remaining", "-1")],
                (None, None, None, None),
            ),
        ];
        for (headers, (id, requests, tokens, wait)) in rows {
            let map: HeaderMap = headers
                .iter()
                .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
                .collect();
            let expected = StreamEvent::Answered {
                request_id: id.map(str::to_owned),
                limits: Limits {
                    requests_remaining: requests,
                    tokens_remaining: tokens,
                    resets_at: wait.map(|wait| NOW + wait),
                },
            };
            assert_eq!(answered(&map, NOW), expected, "{headers:?}");
        }
    }
}

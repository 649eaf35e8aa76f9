use antiphon::catalog::*;
use antiphon::learning::*;
use std::collections::BTreeMap;
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let c = Catalog::embedded();
    println!("parse {:?} {} models", t.elapsed(), c.models().len());
    for (f, m) in [
        ("claude-3-haiku-20240307", "claude-3-haiku"),
        ("gemini-2.0-flash-001", "gemini-2.0-flash"),
    ] {
        let s =
            std::fs::read_to_string(format!("/work/shared/data/tokens/cached_results/{f}.jsonl"))
                .unwrap();
        let mut e = vec![];
        let mut r = vec![];
        for l in s.lines() {
            let v: serde_json::Value = serde_json::from_str(l).unwrap();
            let q = v["question"].as_str().unwrap();
            let n = v["token_usage"]["input_tokens"].as_f64().unwrap_or(0.0);
            if n < 1.0 {
                continue;
            }
            let p = count_tokens(q) as f64;
            r.push(n / p);
            e.push((p * factor(m) / n - 1.0).abs());
        }
        e.sort_by(f64::total_cmp);
        r.sort_by(f64::total_cmp);
        println!(
            "{m}: n {} median ratio {:.3} p90 err {:.3} in30 {:.3}",
            e.len(),
            r[r.len() / 2],
            e[e.len() * 9 / 10],
            e.iter().filter(|x| **x < 0.3).count() as f64 / e.len() as f64
        );
    }
    for f in ["gsm8k", "mmlu"] {
        let s = std::fs::read_to_string(format!("/work/shared/data/replay/{f}.jsonl")).unwrap();
        let mut h: BTreeMap<&str, u32> = BTreeMap::new();
        for l in s.lines() {
            let v: serde_json::Value = serde_json::from_str(l).unwrap();
            *h.entry(classify(v["prompt"].as_str().unwrap()))
                .or_default() += 1;
        }
        println!("{f} {h:?}");
    }
    let text =
        "Please explain how the scheduler works, and fix the bug in `run()` when 12 tasks fail. "
            .repeat(47);
    classify(&text);
    let t = Instant::now();
    for _ in 0..1000 {
        std::hint::black_box(classify(std::hint::black_box(&text)));
    }
    println!("classify {} B: {:?}", text.len(), t.elapsed() / 1000);
    let t = Instant::now();
    for _ in 0..1000 {
        std::hint::black_box(count_tokens(std::hint::black_box(&text)));
    }
    println!("count {} B: {:?}", text.len(), t.elapsed() / 1000);
    let reach: Vec<_> = c
        .models()
        .iter()
        .map(|m| {
            (
                m.id.clone(),
                antiphon::protocol::Backend::Endpoint("x".into()),
            )
        })
        .collect();
    for cat in ["debug", "simple_qa", "math", "creative", "other"] {
        let w = Wish {
            category: cat.into(),
            prompt_tokens: 500,
            reachable: reach.clone(),
            ..Wish::default()
        };
        let t = Instant::now();
        let s = suggest(c, &Results::default(), &w);
        println!(
            "suggest {:?} reached {}",
            t.elapsed(),
            s.candidates.iter().filter(|c| c.lower >= 0.8).count()
        );
        for k in s.candidates.iter().take(6) {
            println!("  {} {:.3} {:.3} {}", k.model, k.success, k.lower, k.reason);
        }
    }
}

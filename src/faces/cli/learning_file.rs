//! Results as lines of JSON, out of a store and into another. No text of a prompt is among them.

use crate::error::{Error, Result};
use crate::faces::cli::desk::{Engine, odd_answer};
use crate::faces::cli::lines;
use crate::faces::cli::out::{Stop, tell};
use crate::protocol::{
    Adjustment, AdjustmentKind, Answer, CATEGORIES, EvidenceView, LearnChange, Op, Query,
};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// The version of the form.
const VERSION: u32 = 1;
/// Results that go over the socket at once.
const PAGE: u32 = 5_000;

/// The first line of a file.
#[derive(Serialize, Deserialize)]
struct Head {
    antiphon_learning: u32,
}

/// Hands all results to `write`, line by line. Returns how many there were.
pub async fn export(
    engine: &mut Engine,
    write: &mut dyn FnMut(&str) -> std::result::Result<(), Stop>,
) -> std::result::Result<u64, Stop> {
    let head = Head {
        antiphon_learning: VERSION,
    };
    write(&line(&head)?)?;
    let (mut after, mut count) = (0, 0);
    loop {
        let query = Query::Evidence { after, limit: PAGE };
        let Answer::Evidence(page) = engine.query(query).await? else {
            return Err(odd_answer().into());
        };
        let Some(last) = page.last() else {
            return Ok(count);
        };
        after = last.seq;
        count += page.len() as u64;
        for row in &page {
            write(&line(row)?)?;
        }
    }
}

/// The same, into a new file that only its owner may read; one that is there is not written over.
pub async fn export_to(engine: &mut Engine, path: &Path) -> std::result::Result<u64, Stop> {
    use std::os::unix::fs::OpenOptionsExt;
    let place = path.display().to_string();
    let failed = |e: std::io::Error| {
        Error::new(
            format!("the results cannot be written: {e}"),
            place.clone(),
            "name a file that is not there yet, in a folder that you may write to",
        )
    };
    let file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    let mut file = BufWriter::new(file);
    let write = &mut |line: &str| {
        file.write_all(line.as_bytes())
            .map_err(|e| Stop::from(failed(e)))
    };
    let count = export(engine, write).await?;
    file.flush().map_err(failed)?;
    Ok(count)
}

fn line<T: Serialize>(value: &T) -> Result<String> {
    let text = serde_json::to_string(value)
        .map_err(|e| Error::new(format!("cannot write this as JSON: {e}"), "", ""))?;
    Ok(text + "\n")
}

/// Reads a file and has the engine learn from it, page by page. Returns what that changed, and how many lines were
/// broken; those are named on standard error and left out.
///
/// # Errors
/// The file cannot be read, is none of ours, or of a newer version.
pub async fn import(engine: &mut Engine, path: &Path) -> Result<(Vec<Adjustment>, usize)> {
    let place = match path.to_str() {
        Some("-") => "standard input".to_owned(),
        _ => path.display().to_string(),
    };
    let failed = |what: String, next: &str| Error::new(what, place.clone(), next.to_owned());
    let unread = |e: std::io::Error| failed(format!("the results cannot be read: {e}"), "");
    let reader: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(BufReader::new(std::io::stdin())),
        _ => Box::new(BufReader::new(File::open(path).map_err(unread)?)),
    };
    let mut read_lines = reader.split(b'\n');
    let first = read_lines.next().transpose().map_err(unread)?;
    let head: Option<Head> = first.and_then(|line| serde_json::from_slice(&line).ok());
    match head {
        None => {
            return Err(failed(
                "this is no file of results".to_owned(),
                "antiphon learn export FILE writes one",
            ));
        }
        Some(head) if head.antiphon_learning > VERSION => {
            let what = format!("the file has version {}", head.antiphon_learning);
            return Err(failed(what, "import it with the newer antiphon"));
        }
        Some(_) => {}
    }
    let (mut page, mut changed, mut broken, mut read) = (Vec::new(), Vec::new(), 0, 0);
    for (number, line) in read_lines.enumerate() {
        let line = line.map_err(unread)?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        read += 1;
        match lines::text(&line).and_then(result) {
            Ok(result) => page.push(result),
            Err(what) => {
                broken += 1;
                tell(&format!("{place}:{}: {what}", number + 2));
            }
        }
        if page.len() >= PAGE as usize {
            send(engine, std::mem::take(&mut page), &mut changed).await?;
        }
    }
    if !page.is_empty() || changed.is_empty() {
        send(engine, page, &mut changed).await?;
    }
    if broken > 0 {
        tell(&format!("{broken} of {read} lines left out"));
    }
    Ok((changed, broken))
}

fn result(text: &str) -> std::result::Result<EvidenceView, String> {
    let row: EvidenceView = serde_json::from_str(text).map_err(|e| e.to_string())?;
    for (what, figure) in [("success", row.success), ("weight", row.weight)] {
        if !(0.0..=1.0).contains(&figure) {
            return Err(format!("`{what}` is {figure}, not from 0 to 1"));
        }
    }
    if row.model.is_empty() || row.category.is_empty() {
        return Err("a result names its model and its category".to_owned());
    }
    match CATEGORIES.contains(&row.category.as_str()) {
        true => Ok(row),
        false => Err(format!("`{}` is not a category", row.category)),
    }
}

/// The parts of one file are one import.
async fn send(
    engine: &mut Engine,
    results: Vec<EvidenceView>,
    changed: &mut Vec<Adjustment>,
) -> Result<()> {
    let change = LearnChange::Import { results };
    let Answer::Adjustments(rows) = engine.op(Op::Learn { change }).await? else {
        return Err(odd_answer());
    };
    for row in rows {
        match changed
            .iter_mut()
            .find(|known| known.kind == AdjustmentKind::Imported && known.kind == row.kind)
        {
            Some(known) => {
                known.new = row.new;
                known.reason = row.reason;
            }
            None => changed.push(row),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_result_says_why() {
        let good = EvidenceView {
            seq: 1,
            turn: None,
            at: 5,
            model: "m".into(),
            category: "debug".into(),
            tags: vec!["rust".into()],
            complexity: 3,
            features: vec![0.5; 32],
            success: 1.0,
            weight: 0.5,
        };
        let text = line(&good).unwrap();
        assert_eq!(result(&text), Ok(good.clone()));
        for (bad, why) in [
            (
                EvidenceView {
                    success: 1.5,
                    ..good.clone()
                },
                "`success` is 1.5",
            ),
            (
                EvidenceView {
                    weight: -1.0,
                    ..good.clone()
                },
                "`weight` is -1",
            ),
            (
                EvidenceView {
                    category: "cooking".into(),
                    ..good.clone()
                },
                "`cooking` is not a category",
            ),
            (
                EvidenceView {
                    model: String::new(),
                    ..good
                },
                "names its model",
            ),
        ] {
            let found = result(&line(&bad).unwrap()).unwrap_err();
            assert!(found.contains(why), "{found}");
        }
        assert!(result("{}").unwrap_err().contains("missing field"));
        assert!(result("nonsense").is_err());
    }
}

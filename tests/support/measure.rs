//! What a process costs, as the kernel counts it. Linux only: elsewhere there is nothing to read.

use std::{fs, path::Path, time::Duration};

/// The sums of all threads of a process since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Processor time, user and system, to the hundredth of a second.
    pub cpu: Duration,
    /// How often a thread slept and was woken; stands still where nothing happens.
    pub wakeups: u64,
    /// Bytes of memory in use.
    pub resident: u64,
}

/// `None`: there is no such process, or no `/proc`.
pub fn sample(pid: u32) -> Option<Sample> {
    let process = Path::new("/proc").join(pid.to_string());
    let mut sample = Sample {
        resident: status(&process, "VmRSS:")? * 1024,
        ..Sample::default()
    };
    for thread in fs::read_dir(process.join("task")).ok()?.flatten() {
        // A thread that ended meanwhile is counted no more.
        let Ok(stat) = fs::read_to_string(thread.path().join("stat")) else {
            continue;
        };
        // After the name, which may hold blanks: state is field 3, user and system time are 14 and 15, in
        // hundredths on every Linux there is.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields
            .get(11..13)?
            .iter()
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        sample.cpu += Duration::from_millis(ticks * 10);
        sample.wakeups += status(&thread.path(), "voluntary_ctxt_switches:").unwrap_or(0);
    }
    Some(sample)
}

fn status(folder: &Path, field: &str) -> Option<u64> {
    let text = fs::read_to_string(folder.join("status")).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(field))?;
    value.split_whitespace().next()?.parse().ok()
}

//! Cuts a growing file into lines, from where it was read to before.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The longest line that is taken in, in bytes; a longer one is passed over. Seen: 170 KB (all tools of a request).
const LONGEST: usize = 8 * 1024 * 1024;
/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// A file and how far it was read.
#[derive(Debug)]
pub struct Lines {
    path: PathBuf,
    /// Behind the last whole line that was taken.
    position: u64,
    /// The file that `position` belongs to: its number on the disk.
    file: Option<u64>,
    /// A line has begun that is too long; up to its end, all is passed over.
    skipping: bool,
}

impl Lines {
    pub fn new(path: PathBuf, position: u64) -> Lines {
        Lines {
            path,
            position,
            file: None,
            skipping: false,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn position(&self) -> u64 {
        self.position
    }

    /// Calls `each` for every line that has come to an end since, without its end. A file that became shorter or
    /// another is read anew. What cannot be read is left for the next time.
    pub fn read(&mut self, mut each: impl FnMut(&[u8])) {
        let Ok(mut file) = File::open(&self.path) else {
            return;
        };
        let Ok(about) = file.metadata() else { return };
        let number = std::os::unix::fs::MetadataExt::ino(&about);
        let other = self.file.is_some_and(|known| known != number);
        if other || about.len() < self.position {
            self.position = 0;
            self.skipping = false;
        }
        self.file = Some(number);
        if about.len() == self.position || file.seek(SeekFrom::Start(self.position)).is_err() {
            return;
        }
        let mut rest: Vec<u8> = Vec::new();
        let mut chunk = vec![0; CHUNK];
        while let Ok(read @ 1..) = file.read(&mut chunk) {
            let searched = rest.len();
            rest.extend_from_slice(&chunk[..read]);
            let mut begin = 0;
            while let Some(end) = memchr::memchr(b'\n', &rest[begin.max(searched)..]) {
                let end = begin.max(searched) + end;
                if !std::mem::take(&mut self.skipping) {
                    each(&rest[begin..end]);
                }
                self.position += (end + 1 - begin) as u64;
                begin = end + 1;
            }
            rest.drain(..begin);
            if self.skipping || rest.len() > LONGEST {
                self.skipping = true;
                self.position += rest.len() as u64;
                rest.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn taken(lines: &mut Lines) -> Vec<String> {
        let mut all = Vec::new();
        lines.read(|line| all.push(String::from_utf8_lossy(line).into_owned()));
        all
    }

    #[test]
    fn half_lines_wait_and_a_new_or_shorter_file_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let mut lines = Lines::new(path.clone(), 0);
        assert!(taken(&mut lines).is_empty(), "not there yet");
        let mut file = File::create(&path).unwrap();
        file.write_all(b"one\ntw").unwrap();
        assert_eq!(taken(&mut lines), ["one"]);
        assert_eq!(lines.position(), 4);
        file.write_all(b"o\n\nthree").unwrap();
        assert_eq!(taken(&mut lines), ["two", ""]);
        assert!(taken(&mut lines).is_empty());
        // From where another left off.
        let mut later = Lines::new(path.clone(), lines.position());
        file.write_all(b"!\n").unwrap();
        assert_eq!(taken(&mut later), ["three!"]);
        std::fs::write(&path, "x\n").unwrap();
        assert_eq!(taken(&mut lines), ["x"], "cut off");
        std::fs::write(folder.path().join("b"), "new, and longer\n").unwrap();
        std::fs::rename(folder.path().join("b"), &path).unwrap();
        assert_eq!(taken(&mut lines), ["new, and longer"], "put in its place");
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_little_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let mut file = File::create(&path).unwrap();
        let mut lines = Lines::new(path, 0);
        file.write_all(b"first\n").unwrap();
        file.write_all(&vec![b'x'; LONGEST + CHUNK * 2]).unwrap();
        assert_eq!(taken(&mut lines), ["first"]);
        file.write_all(b"its end\nlast\n").unwrap();
        assert_eq!(taken(&mut lines), ["last"]);
        assert_eq!(lines.position(), file.metadata().unwrap().len());
    }
}

//! Lines on the disk: a file of limited size that is written around and around. It has no name: what was on
//! the screen is gone from the disk with the terminal, however the engine ends.

use super::block::Block;
use super::record;
use rustix::fs::{Mode, OFlags, open, unlink};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Where a block lies in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    offset: u64,
    length: u32,
    /// Tells it from those that were at the same place before.
    serial: u64,
}

impl Slot {
    /// Whether the two share a byte.
    pub fn is_overwritten_by(self, newer: Slot) -> bool {
        let end = |slot: Slot| slot.offset + u64::from(slot.length);
        self.offset < end(newer) && newer.offset < end(self)
    }
}

/// The file, and where it is written next.
pub struct Disk {
    file: File,
    limit: u64,
    next: Mutex<(u64, u64)>,
}

impl Disk {
    /// Opens a file of at most `limit` bytes in a folder, readable for its owner only, and takes its name away.
    pub fn open(folder: &Path, limit: u64) -> std::io::Result<Disk> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!(".scrollback-{}", uuid::Uuid::new_v4()));
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = open(&path, flags, Mode::RUSR | Mode::WUSR)?;
        unlink(&path)?;
        Ok(Disk {
            file: file.into(),
            limit,
            next: Mutex::default(),
        })
    }

    /// A place for a block; `None`: it is larger than the file may be.
    pub fn reserve(&self, block: &Block) -> Option<Slot> {
        let length = record::length(block);
        if length as u64 > self.limit {
            return None;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.0 + length as u64 > self.limit {
            next.0 = 0;
        }
        let slot = Slot {
            offset: next.0,
            length: u32::try_from(length).ok()?,
            serial: next.1,
        };
        *next = (next.0 + length as u64, next.1 + 1);
        Some(slot)
    }

    pub fn write(&self, slot: Slot, block: &Block) -> std::io::Result<()> {
        let bytes = record::encode(block, slot.serial);
        self.file.write_all_at(&bytes, slot.offset)
    }

    /// The block that was written to a slot, if it is still there.
    pub fn read(&self, slot: Slot) -> Option<Block> {
        let mut bytes = vec![0; slot.length as usize];
        self.file.read_exact_at(&mut bytes, slot.offset).ok()?;
        record::decode(&bytes, slot.serial)
    }
}

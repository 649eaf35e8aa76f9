//! Images that a user attaches to a prompt.

use super::secret::one_line;
use crate::protocol::{Category, Failure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The largest image that is read, in bytes. Providers draw their own lines below it.
const MAX_IMAGE: u64 = 10_000_000;

/// An image, ready to be sent. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub media_type: String,
    /// The file's bytes in base64, with padding, in one line.
    pub base64: String,
}

impl Image {
    /// Reads the PNG, JPEG, GIF or WebP at `path`; its kind is told from its first bytes, not from its name. Reads a
    /// file: not for a thread that must not wait.
    ///
    /// # Errors
    /// `Missing`: no such file. `BadRequest`: no file, unreadable, above 10 MB, or no such image.
    pub fn read(path: impl AsRef<Path>) -> Result<Image, Failure> {
        let path = path.as_ref();
        let shown = one_line(&path.display().to_string(), 150);
        let wrong = |what: String, next: &str| Failure::new(Category::BadRequest, what, next);
        let unreadable = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => Failure::new(
                Category::Missing,
                format!("no image at {shown}"),
                "check the path; it is taken from the session's folder",
            ),
            kind => wrong(
                format!("{shown} cannot be read: {kind}"),
                "check the path and its permissions",
            ),
        };
        // Asked before it is opened: opening a pipe would wait for a writer.
        let about = std::fs::metadata(path).map_err(unreadable)?;
        if !about.is_file() {
            return Err(wrong(
                format!("{shown} is no file"),
                "attach a PNG, JPEG, GIF or WebP image",
            ));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(MAX_IMAGE + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > MAX_IMAGE {
            let size = about.len() as f64 / 1e6;
            return Err(wrong(
                format!("{shown} has {size:.1} MB, an image may have 10 MB"),
                "make it smaller; models see no more than some 2000 pixels a side",
            ));
        }
        let Some(media_type) = media_type(&bytes) else {
            return Err(wrong(
                format!("{shown} is no PNG, JPEG, GIF or WebP image"),
                "convert it to one of these",
            ));
        };
        Ok(Image {
            media_type: media_type.into(),
            base64: STANDARD.encode(&bytes),
        })
    }

    /// The image as an address that holds it (RFC 2397).
    pub(super) fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.media_type, self.base64)
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} B)", self.media_type, self.base64.len())
    }
}

/// The kind of an image by its first bytes.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Ok("image/png")),
            (b"\xff\xd8\xff\xe0", Ok("image/jpeg")),
            (b"GIF87a", Ok("image/gif")),
            (b"GIF89a..", Ok("image/gif")),
            (b"RIFF\x04\0\0\0WEBPVP8 ", Ok("image/webp")),
            (b"RIFF\x04\0\0\0WAVE", Err("is no PNG")),
            (b"<svg/>", Err("is no PNG")),
            (b"", Err("is no PNG")),
            (&vec![0xff; 10_000_001], Err("has 10.0 MB, an image may")),
        ] {
            std::fs::write(&path, bytes).unwrap();
            match (Image::read(&path), expected) {
                (Ok(image), Ok(kind)) => {
                    assert_eq!(image.media_type, kind);
                    assert_eq!(STANDARD.decode(&image.base64).unwrap(), bytes);
                    assert!(
                        image
                            .data_uri()
                            .starts_with(&format!("data:{kind};base64,"))
                    );
                    assert!(format!("{image:?}").len() < 40);
                }
                (Err(failure), Err(why)) => {
                    assert_eq!(failure.category, Category::BadRequest);
                    assert!(failure.message.contains(why), "{failure}");
                    assert!(failure.message.contains("a.txt"), "{failure}");
                    assert!(!failure.next.is_empty());
                }
                other => panic!("{other:?}"),
            }
        }
        let gone = Image::read(folder.path().join("gone.png")).unwrap_err();
        assert_eq!(gone.category, Category::Missing, "{gone}");
        let folder = Image::read(folder.path()).unwrap_err();
        assert!(folder.message.ends_with("is no file"), "{folder}");
    }
}

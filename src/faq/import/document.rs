//! Documents of word processors: the parts of their archive, and their text as HTML for the reader of pages.

pub mod odt;
pub mod word;

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::{ImportError, bijoy};

/// A document as the reader of pages takes it.
pub struct Converted {
    /// Its text.
    pub html: String,
    /// Whether letters of a font such as `SutonnyMJ` were converted.
    pub has_other_letters: bool,
    /// The text of each footnote, endnote and comment, which stands in no answer.
    pub asides: Vec<String>,
}

/// The most bytes that a document's parts may unpack to.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;

/// Refuses an archive that unpacks to far more than documents hold.
///
/// # Errors
/// No archive, or one that is too big.
pub fn check_size(bytes: &[u8]) -> Result<(), ImportError> {
    let mut archive = open(bytes)?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(|error| ImportError::Unreadable(error.to_string()))?;
        unpacked = unpacked.saturating_add(file.size());
    }
    if unpacked > MAX_UNPACKED { Err(ImportError::TooBig(unpacked)) } else { Ok(()) }
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Archive<'_>, ImportError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| ImportError::Unreadable(error.to_string()))
}

/// The text of the part `name`; none when there is no such part.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, ImportError> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(MAX_UNPACKED)
        .read_to_end(&mut bytes)
        .map_err(|error| ImportError::Unreadable(error.to_string()))?;
    Ok(Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').to_owned()))
}

/// The value of the attribute with this local name.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// What an entity such as `&amp;` or `&#2453;` stands for.
fn entity(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.clone().into_inner();
    quick_xml::escape::resolve_xml_entity(&name).unwrap_or_default().to_owned()
}

/// How letters look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Format {
    bold: Option<bool>,
    struck: Option<bool>,
    /// Set in a font that shows other letters than it stores.
    bijoy: Option<bool>,
    /// The level of a heading.
    level: Option<u8>,
}

impl Format {
    /// This one, and what it leaves open from `other`.
    fn or(self, other: Self) -> Self {
        Self {
            bold: self.bold.or(other.bold),
            struck: self.struck.or(other.struck),
            bijoy: self.bijoy.or(other.bijoy),
            level: self.level.or(other.level),
        }
    }

    fn font(&mut self, name: &str) {
        self.bijoy = Some(bijoy::is_font(name));
    }
}

/// Formats by name, each with the one that it goes on from.
#[derive(Default)]
struct Styles(HashMap<String, (Format, Option<String>)>);

impl Styles {
    fn get(&self, name: &str) -> Format {
        let mut format = Format::default();
        let mut next = Some(name.to_owned());
        // Chains are short; one that leads back to itself ends here.
        for _ in 0..20 {
            let Some((own, parent)) = next.as_ref().and_then(|name| self.0.get(name)) else { break };
            format = format.or(*own);
            next.clone_from(parent);
        }
        format
    }
}

/// HTML that is being written.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "what the text is written in, independently of each other")]
struct Writer {
    html: String,
    bold: bool,
    struck: bool,
    /// Text of one font, kept together: its letters are stored in another order than they are read.
    pending: String,
    bijoy: bool,
    converted: bool,
}

impl Writer {
    fn tag(&mut self, tag: &str) {
        self.end_format();
        self.html.push_str(tag);
    }

    fn text(&mut self, text: &str, format: Format) {
        let (bold, struck) = (format.bold.unwrap_or(false), format.struck.unwrap_or(false));
        let bijoy = format.bijoy.unwrap_or(false);
        if text.trim().is_empty() && !text.is_empty() {
            // Blanks look alike, whatever their format.
            self.pending.push_str(text);
            return;
        }
        if (bold, struck) != (self.bold, self.struck) {
            self.end_format();
            self.html.push_str(if struck { "<s>" } else { "" });
            self.html.push_str(if bold { "<b>" } else { "" });
            (self.bold, self.struck) = (bold, struck);
        } else if bijoy != self.bijoy {
            self.flush();
        }
        self.bijoy = bijoy;
        self.pending.push_str(text);
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.pending);
        if self.bijoy && !text.trim().is_empty() {
            self.converted = true;
            self.html.push_str(&escaped(&bijoy::unicode(&text)));
        } else {
            self.html.push_str(&escaped(&text));
        }
    }

    fn end_format(&mut self) {
        self.flush();
        if self.bold {
            self.html.push_str("</b>");
        }
        if self.struck {
            self.html.push_str("</s>");
        }
        (self.bold, self.struck, self.bijoy) = (false, false, false);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

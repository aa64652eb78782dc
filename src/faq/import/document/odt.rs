//! `.odt`: headings, bold questions, lists, links and tables as HTML.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Converted, Format, Styles, Writer, attribute, entity, escaped, open, part};
use crate::faq::import::ImportError;

/// The document as HTML, with what stands beside its text.
///
/// # Errors
/// No such document.
pub fn html(bytes: &[u8]) -> Result<Converted, ImportError> {
    super::check_size(bytes)?;
    let mut archive = open(bytes)?;
    let missing = || ImportError::Unreadable("its archive holds no content.xml".to_owned());
    let content = part(&mut archive, "content.xml")?.ok_or_else(missing)?;
    let named = part(&mut archive, "styles.xml")?.unwrap_or_default();
    let mut walker = Walker::default();
    // A document without readable styles has its text all the same.
    if walker.walk(&named).is_err() {
        walker = Walker::default();
    }
    walker.out = Writer::default();
    walker.walk(&content)?;
    walker.out.end_format();
    Ok(Converted { html: walker.out.html, has_other_letters: walker.out.converted, asides: walker.asides })
}

/// The links of a sheet whose cells do not show the address: what they show, and the address.
///
/// # Errors
/// No such document.
pub fn links(bytes: &[u8]) -> Result<Vec<(String, String)>, ImportError> {
    let content = part(&mut open(bytes)?, "content.xml")?.unwrap_or_default();
    let mut reader = Reader::from_str(&content);
    let (mut links, mut current): (Vec<_>, Option<(String, String)>) = (Vec::new(), None);
    loop {
        match reader.read_event().map_err(|error| ImportError::Unreadable(error.to_string()))? {
            Event::Eof => return Ok(links),
            Event::Start(start) if start.local_name().as_ref() == "a" => {
                current = attribute(&start, "href").map(|address| (String::new(), address));
            }
            Event::End(end) if end.local_name().as_ref() == "a" => {
                let hidden = |(shown, address): &(String, String)| !shown.contains(address.as_str());
                links.extend(current.take().filter(hidden));
            }
            Event::Text(text) => {
                if let Some((shown, _)) = &mut current {
                    shown.push_str(&text.xml10_content());
                }
            }
            _ => {}
        }
    }
}

#[derive(Default)]
struct Walker {
    styles: Styles,
    numbered: HashSet<String>,
    style: Option<(String, Format, Option<String>)>,
    list_style: Option<String>,
    out: Writer,
    in_body: bool,
    skipped: usize,
    /// Whether what is skipped is a note, and whether one of its lines is open: its number and its author are no text.
    is_aside: bool,
    in_line: bool,
    /// The text of the note that is open, and of those before it.
    aside: String,
    asides: Vec<String>,
    /// The format of what is open, innermost last.
    formats: Vec<Format>,
    /// The closing tag of each list that is open.
    lists: Vec<&'static str>,
}

impl Walker {
    fn walk(&mut self, xml: &str) -> Result<(), ImportError> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        loop {
            let event = reader.read_event().map_err(|error| ImportError::Unreadable(error.to_string()))?;
            match event {
                Event::Eof => return Ok(()),
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    let aside = matches!(name.as_str(), "tracked-changes" | "annotation" | "note" | "forms");
                    if self.skipped > 0 || aside {
                        self.skipped += 1;
                        self.is_aside |= matches!(name.as_str(), "annotation" | "note");
                        self.in_line |= self.is_aside && name == "p";
                    } else {
                        self.start(&start, &name);
                    }
                }
                Event::End(end) if self.skipped > 0 => {
                    self.skipped -= 1;
                    if end.local_name().as_ref() == "p" {
                        self.aside.push(' ');
                        self.in_line = false;
                    }
                    if self.skipped == 0 && std::mem::take(&mut self.is_aside) {
                        let text = std::mem::take(&mut self.aside).trim().to_owned();
                        self.asides.extend(Some(text).filter(|text| !text.is_empty()));
                    }
                }
                Event::Text(text) if self.in_line => self.aside.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if self.in_line => self.aside.push_str(&entity(&reference)),
                Event::End(end) => self.end(end.local_name().as_ref()),
                Event::Text(text) if self.skipped == 0 => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) if self.skipped == 0 => self.text(&entity(&reference)),
                _ => {}
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, name: &str) {
        if !self.in_body {
            return self.define(start, name);
        }
        let format = || attribute(start, "style-name").map(|name| self.styles.get(&name)).unwrap_or_default();
        match name {
            "h" => {
                let level = attribute(start, "outline-level").and_then(|level| level.parse::<u8>().ok());
                let level = level.filter(|level| (1..=6).contains(level)).unwrap_or(2);
                let format = format();
                self.formats.push(Format { level: Some(level), bold: Some(false), ..format });
                self.out.tag(&format!("<h{level}>"));
            }
            "p" => {
                let format = format();
                self.formats.push(format);
                self.out.tag("<p>");
            }
            "span" => {
                let around = self.formats.last().copied().unwrap_or_default();
                let mut format = format().or(around);
                if around.level.is_some() {
                    format.bold = Some(false);
                }
                self.formats.push(Format { level: around.level, ..format });
            }
            "a" => {
                let address = attribute(start, "href").unwrap_or_default();
                self.out.tag(&format!("<a href=\"{}\">", escaped(&address)));
            }
            "list" => {
                let numbered =
                    attribute(start, "style-name").is_some_and(|name| self.numbered.contains(&name));
                self.out.tag(if numbered { "<ol>" } else { "<ul>" });
                self.lists.push(if numbered { "</ol>" } else { "</ul>" });
            }
            "list-item" | "list-header" => self.out.tag("<li>"),
            "table" => self.out.tag("<table>"),
            "table-row" => self.out.tag("<tr>"),
            "table-cell" => self.out.tag("<td>"),
            "line-break" => self.out.tag("<br>"),
            "s" | "tab" => self.text(" "),
            "image" => self.out.tag("<img alt=\"\">"),
            _ => {}
        }
    }

    /// Styles stand before the text.
    fn define(&mut self, start: &BytesStart<'_>, name: &str) {
        match name {
            "body" => self.in_body = true,
            "style" => {
                self.style = attribute(start, "name")
                    .map(|name| (name, Format::default(), attribute(start, "parent-style-name")));
            }
            "text-properties" => {
                let Some((_, format, _)) = &mut self.style else { return };
                if let Some(weight) = attribute(start, "font-weight") {
                    format.bold =
                        Some(weight == "bold" || weight.parse::<u32>().is_ok_and(|weight| weight >= 600));
                }
                let line = attribute(start, "text-line-through-style")
                    .or_else(|| attribute(start, "text-line-through-type"));
                format.struck = line.map(|line| line != "none").or(format.struck);
                if let Some(font) = attribute(start, "font-name").or_else(|| attribute(start, "font-family"))
                {
                    format.font(&font);
                }
            }
            "list-style" => self.list_style = attribute(start, "name"),
            "list-level-style-number" => self.numbered.extend(self.list_style.take()),
            "list-level-style-bullet" => self.list_style = None,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if name == "style"
            && let Some((name, format, parent)) = self.style.take()
        {
            self.styles.0.insert(name, (format, parent));
        }
        if !self.in_body {
            return;
        }
        match name {
            "h" => {
                let level = self.formats.pop().and_then(|format| format.level).unwrap_or(2);
                self.out.tag(&format!("</h{level}>"));
            }
            "p" => {
                self.formats.pop();
                self.out.tag("</p>");
            }
            "span" => drop(self.formats.pop()),
            "a" => self.out.tag("</a>"),
            "list" => {
                let tag = self.lists.pop().unwrap_or("</ul>");
                self.out.tag(tag);
            }
            "list-item" | "list-header" => self.out.tag("</li>"),
            "table" => self.out.tag("</table>"),
            "table-row" => self.out.tag("</tr>"),
            "table-cell" => self.out.tag("</td>"),
            "body" => self.in_body = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_body && !self.formats.is_empty() {
            let format = self.formats.last().copied().unwrap_or_default();
            self.out.text(text, format);
        }
    }
}

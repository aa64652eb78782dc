//! `.docx`: headings, bold questions, lists, links and tables as HTML.

use std::collections::HashMap;

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
    let missing = || ImportError::Unreadable("its archive holds no word/document.xml".to_owned());
    let document = part(&mut archive, "word/document.xml")?.ok_or_else(missing)?;
    let styles = styles(&part(&mut archive, "word/styles.xml")?.unwrap_or_default());
    let links = links(&part(&mut archive, "word/_rels/document.xml.rels")?.unwrap_or_default());
    let numbered = numbered(&part(&mut archive, "word/numbering.xml")?.unwrap_or_default());
    let walker = Walker { styles, links, numbered, ..Walker::default() };
    let (html, has_other_letters) = walker.walk(&document)?;
    let mut asides = Vec::new();
    for (name, element) in [("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment")] {
        if let Some(notes) = part(&mut archive, &format!("word/{name}.xml"))? {
            asides.extend(texts(&notes, element));
        }
    }
    Ok(Converted { html, has_other_letters, asides })
}

/// The text of each `element`; lines that only part notes from the page have none.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let (mut all, mut in_text) = (Vec::new(), false);
    let mut current = String::new();
    // A document without readable notes has its text all the same.
    let read = events(xml, |event, name| match event {
        Event::Start(_) if name == "t" => in_text = true,
        Event::End(_) if name == "t" => in_text = false,
        Event::End(_) if name == "p" => current.push(' '),
        Event::End(_) if name == element => {
            let text = std::mem::take(&mut current).trim().to_owned();
            all.extend(Some(text).filter(|text| !text.is_empty()));
        }
        Event::Text(text) if in_text => current.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) if in_text => current.push_str(&entity(reference)),
        _ => {}
    });
    if read.is_ok() { all } else { Vec::new() }
}

/// The events of `xml`, a self-closing element as one that opens and closes, with local names.
fn events(xml: &str, mut take: impl FnMut(&Event<'_>, &str)) -> Result<(), ImportError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event().map_err(|error| ImportError::Unreadable(error.to_string()))? {
            Event::Eof => return Ok(()),
            event => {
                let name = match &event {
                    Event::Start(start) => start.local_name().as_ref().to_owned(),
                    Event::End(end) => end.local_name().as_ref().to_owned(),
                    _ => String::new(),
                };
                take(&event, &name);
            }
        }
    }
}

fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, "val").as_deref(), Some("0" | "false" | "none" | "off"))
}

/// What an element inside of a run's or a paragraph's properties says of its format.
fn apply(format: &mut Format, element: &BytesStart<'_>, name: &str) {
    match name {
        "b" => format.bold = Some(is_on(element)),
        "strike" | "dstrike" => format.struck = Some(is_on(element)),
        "rFonts" => {
            if let Some(font) = attribute(element, "ascii").or_else(|| attribute(element, "hAnsi")) {
                format.font(&font);
            }
        }
        "outlineLvl" => {
            let level = attribute(element, "val").and_then(|level| level.parse::<u8>().ok());
            format.level = level.filter(|level| *level < 6).map(|level| level + 1);
        }
        _ => {}
    }
}

fn styles(xml: &str) -> Styles {
    let mut styles = Styles::default();
    let mut current: Option<(String, Format, Option<String>)> = None;
    // A document without readable styles has its text all the same.
    let read = events(xml, |event, name| match event {
        Event::Start(start) if name == "style" => {
            current = attribute(start, "styleId").map(|id| (id, Format::default(), None));
        }
        Event::Start(start) => {
            let Some((_, format, parent)) = &mut current else { return };
            match name {
                "basedOn" => *parent = attribute(start, "val"),
                "name" => {
                    let title = attribute(start, "val").unwrap_or_default().to_lowercase();
                    let level = title.strip_prefix("heading ").and_then(|level| level.parse::<u8>().ok());
                    let level = level.or((title == "title").then_some(1));
                    format.level = level.filter(|level| (1..=6).contains(level)).or(format.level);
                }
                _ => apply(format, start, name),
            }
        }
        Event::End(_) if name == "style" => {
            if let Some((id, format, parent)) = current.take() {
                styles.0.insert(id, (format, parent));
            }
        }
        _ => {}
    });
    if read.is_ok() { styles } else { Styles::default() }
}

/// Addresses of links by their id.
fn links(xml: &str) -> HashMap<String, String> {
    let mut links = HashMap::new();
    let read = events(xml, |event, name| {
        if let Event::Start(start) = event
            && name == "Relationship"
            && attribute(start, "Type").is_some_and(|kind| kind.ends_with("/hyperlink"))
            && let Some((id, target)) = attribute(start, "Id").zip(attribute(start, "Target"))
        {
            links.insert(id, target);
        }
    });
    if read.is_ok() { links } else { HashMap::new() }
}

/// The ids of the lists that are numbered.
fn numbered(xml: &str) -> HashMap<String, bool> {
    let (mut kinds, mut lists): (HashMap<String, bool>, HashMap<String, bool>) = Default::default();
    let mut within: Option<String> = None;
    let read = events(xml, |event, name| {
        let Event::Start(start) = event else { return };
        match name {
            "abstractNum" => within = attribute(start, "abstractNumId"),
            "numFmt" => {
                if let Some(id) = &within {
                    let bullet = matches!(attribute(start, "val").as_deref(), Some("bullet" | "none"));
                    kinds.entry(id.clone()).or_insert(!bullet);
                }
            }
            "num" => within = attribute(start, "numId"),
            "abstractNumId" => {
                if let Some((list, kind)) = within.clone().zip(attribute(start, "val")) {
                    lists.insert(list, kinds.get(&kind).copied().unwrap_or(false));
                }
            }
            _ => {}
        }
    });
    if read.is_ok() { lists } else { HashMap::new() }
}

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is open in the document, independently of each other"
)]
struct Walker {
    styles: Styles,
    links: HashMap<String, String>,
    numbered: HashMap<String, bool>,
    out: Writer,
    /// How many elements of deleted or repeated text are open.
    skipped: usize,
    paragraph: Format,
    run: Format,
    in_run: bool,
    /// The list that the paragraph is an item of.
    list: Option<String>,
    /// The list that is open, and how many items each had.
    open: Option<String>,
    counts: HashMap<String, u32>,
    /// The paragraph's tags wait for its properties.
    started: bool,
    in_text: bool,
    /// The address that a field's instruction named.
    field: Option<String>,
    field_open: bool,
    instruction: bool,
}

impl Walker {
    fn walk(mut self, xml: &str) -> Result<(String, bool), ImportError> {
        events(xml, |event, name| match event {
            Event::Start(start) => {
                if self.skipped > 0 || matches!(name, "del" | "moveFrom" | "Fallback") {
                    self.skipped += 1;
                } else {
                    self.start(start, name);
                }
            }
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::End(_) => self.end(name),
            Event::Text(text) if self.skipped == 0 => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) if self.skipped == 0 => self.text(&entity(reference)),
            _ => {}
        })?;
        self.close_list();
        self.out.end_format();
        Ok((self.out.html, self.out.converted))
    }

    fn start(&mut self, start: &BytesStart<'_>, name: &str) {
        match name {
            "p" => {
                (self.paragraph, self.run, self.list, self.started) =
                    (Format::default(), Format::default(), None, false);
            }
            "pStyle" => {
                let style = attribute(start, "val").map(|name| self.styles.get(&name)).unwrap_or_default();
                self.paragraph = self.paragraph.or(style);
            }
            "numId" if !self.started => self.list = attribute(start, "val").filter(|id| id != "0"),
            "outlineLvl" => apply(&mut self.paragraph, start, name),
            "r" => {
                self.begin();
                self.run = Format::default();
                self.in_run = true;
            }
            "rStyle" => {
                let style = attribute(start, "val").map(|name| self.styles.get(&name)).unwrap_or_default();
                self.run = self.run.or(Format { level: None, ..style });
            }
            "b" | "strike" | "dstrike" | "rFonts" if self.in_run => apply(&mut self.run, start, name),
            "t" => self.in_text = true,
            "tab" if self.in_run => self.text_now(" "),
            "br" | "cr" if self.in_run => self.out.tag("<br>"),
            "noBreakHyphen" => self.text_now("-"),
            "hyperlink" => {
                self.begin();
                let address = attribute(start, "id").and_then(|id| self.links.get(&id).cloned());
                let address =
                    address.or_else(|| attribute(start, "anchor").map(|anchor| format!("#{anchor}")));
                self.out.tag(&format!("<a href=\"{}\">", escaped(&address.unwrap_or_default())));
            }
            "instrText" => self.instruction = true,
            "fldChar" => self.field(attribute(start, "fldCharType").as_deref()),
            "docPr" => {
                self.begin();
                let alt = attribute(start, "descr").or_else(|| attribute(start, "name")).unwrap_or_default();
                self.out.tag(&format!("<img alt=\"{}\">", escaped(&alt)));
            }
            "imagedata" => self.out.tag("<img alt=\"\">"),
            "tbl" => {
                self.close_list();
                self.out.tag("<table>");
            }
            "tr" => self.out.tag("<tr>"),
            "tc" => self.out.tag("<td>"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => {
                self.begin();
                let tag = match (self.paragraph.level, &self.list) {
                    (Some(level), _) => format!("</h{level}>"),
                    (None, Some(_)) => "</li>".to_owned(),
                    (None, None) => "</p>".to_owned(),
                };
                self.out.tag(&tag);
                self.started = false;
            }
            "r" => self.in_run = false,
            "t" => self.in_text = false,
            "instrText" => self.instruction = false,
            "hyperlink" => self.out.tag("</a>"),
            "tbl" => self.out.tag("</table>"),
            "tr" => self.out.tag("</tr>"),
            "tc" => {
                self.close_list();
                self.out.tag("</td>");
            }
            _ => {}
        }
    }

    fn field(&mut self, kind: Option<&str>) {
        match kind {
            Some("separate") if self.field.is_some() => {
                let address = self.field.take().unwrap_or_default();
                self.out.tag(&format!("<a href=\"{}\">", escaped(&address)));
                self.field_open = true;
            }
            Some("end") if self.field_open => {
                self.out.tag("</a>");
                self.field_open = false;
            }
            _ => {}
        }
    }

    /// Opens the paragraph, now that its properties are known.
    fn begin(&mut self) {
        if self.started {
            return;
        }
        self.started = true;
        match (self.paragraph.level, self.list.clone()) {
            (Some(level), _) => {
                self.close_list();
                self.out.tag(&format!("<h{level}>"));
            }
            (None, Some(list)) => {
                if self.open.as_ref() != Some(&list) {
                    self.close_list();
                    let start = self.counts.get(&list).copied().unwrap_or(0) + 1;
                    let ordered = self.numbered.get(&list).copied().unwrap_or(false);
                    self.out.tag(&if ordered {
                        format!("<ol start=\"{start}\">")
                    } else {
                        "<ul>".to_owned()
                    });
                    self.open = Some(list.clone());
                }
                *self.counts.entry(list).or_default() += 1;
                self.out.tag("<li>");
            }
            (None, None) => {
                self.close_list();
                self.out.tag("<p>");
            }
        }
    }

    fn close_list(&mut self) {
        if let Some(list) = self.open.take() {
            let ordered = self.numbered.get(&list).copied().unwrap_or(false);
            self.out.tag(if ordered { "</ol>" } else { "</ul>" });
        }
    }

    fn text(&mut self, text: &str) {
        if self.instruction {
            let mut words = text.split_whitespace();
            if words.next() == Some("HYPERLINK") {
                self.field =
                    words.find(|word| word.starts_with('"')).map(|word| word.trim_matches('"').to_owned());
            }
        } else if self.in_text {
            self.text_now(text);
        }
    }

    fn text_now(&mut self, text: &str) {
        self.begin();
        let mut format = self.run.or(self.paragraph);
        if self.paragraph.level.is_some() {
            format.bold = None;
        }
        self.out.text(text, format);
    }
}

//! The elements of a page in, its lines out, with what they cannot show.

mod inline;

use std::sync::LazyLock;

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Node};
use url::Url;

use super::{Role, Roles, flat};
use crate::faq::import::note::Kind;
use crate::faq::import::outline::Line;
use crate::faq::import::{Note, ends_asking};

/// Elements that hold nothing that a person reads.
pub(super) const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "head", "math", "canvas", "select", "textarea",
    "datalist",
];

/// Elements that show what no text can.
const SHOWN: &[&str] = &["img", "video", "audio", "iframe", "object", "embed"];

/// Elements that stand on lines of their own, with room around them.
const BLOCKS: &[&str] = &[
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "pre",
    "figure",
    "hr",
    "section",
    "article",
    "header",
    "main",
    "details",
    "summary",
    "address",
    "aside",
    "form",
    "nav",
    "footer",
    "fieldset",
];

/// Elements that stand on lines of their own.
const LINES: &[&str] =
    &["div", "li", "dt", "dd", "tr", "figcaption", "caption", "br", "center", "option", "legend"];

/// Signs that a page puts beside a question to open or link it.
const SIGNS: &[char] = &['+', '−', '▼', '▾', '▸', '►', '›', '»', '×', '#', '¶', '🔗', '⌄', '˅', ' '];

/// What heads the text that follows.
#[derive(Clone, Copy)]
enum Head {
    Level(u8),
    Pair { also: bool, sure: bool },
}

/// What was read.
pub struct Read {
    pub lines: Vec<Line>,
    pub notes: Vec<Note>,
}

/// What is being read.
pub struct Reader<'a> {
    roles: &'a Roles,
    base: Option<&'a Url>,
    /// Every line is wanted, whatever it belongs to.
    everything: bool,
    lines: Vec<Line>,
    notes: Vec<Note>,
    line: String,
    /// What numbers the items of the lists around: none for bullets.
    lists: Vec<Option<u32>>,
    /// The heading or question around.
    head: Option<Head>,
    /// Where the links and bold texts around start in `line`.
    starts: Vec<usize>,
    /// `line` opens with a link: where to, and where it ends.
    link: Option<(Target, usize)>,
    /// `line` opens with bold text, which ends here.
    bold: Option<usize>,
    /// The mark of a list's item at the start of `line`, in bytes.
    mark: usize,
    /// The line is an item's question.
    item: bool,
    verbatim: usize,
    /// What was last said that others may stand below.
    below: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Here,
    Elsewhere,
}

static NO_ROLES: LazyLock<Roles> = LazyLock::new(Roles::new);

impl<'a> Reader<'a> {
    pub fn new(roles: &'a Roles, base: Option<&'a Url>) -> Self {
        Self {
            roles,
            base,
            everything: false,
            lines: Vec::new(),
            notes: Vec::new(),
            line: String::new(),
            lists: Vec::new(),
            head: None,
            starts: Vec::new(),
            link: None,
            bold: None,
            mark: 0,
            item: false,
            verbatim: 0,
            below: String::new(),
        }
    }

    /// One that reads what others leave out.
    pub fn of_everything(base: Option<&'a Url>) -> Self {
        Self { everything: true, ..Self::new(&NO_ROLES, base) }
    }

    /// Walks without recursion, so that no page is too deep.
    pub fn read(mut self, article: ElementRef<'_>) -> Read {
        let mut skipped = 0_usize;
        for edge in article.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let role = self.roles.get(&node.id()).copied();
                        if skipped > 0 || self.skips(element, role) {
                            if skipped == 0 {
                                self.left_out(element, ElementRef::wrap(node));
                            }
                            skipped += 1;
                        } else {
                            self.open(element, role);
                        }
                    }
                    Node::Text(text) if skipped == 0 => self.text(text),
                    _ => {}
                },
                Edge::Close(node) => match node.value() {
                    Node::Element(_) if skipped > 0 => skipped -= 1,
                    Node::Element(element) => self.close(element, self.roles.get(&node.id()).copied()),
                    _ => {}
                },
            }
        }
        self.end_line();
        Read { lines: self.lines, notes: self.notes }
    }

    fn skips(&self, element: &Element, role: Option<Role>) -> bool {
        let name = element.name();
        let struck = matches!(name, "del" | "s" | "strike");
        let icon = element.classes().any(|class| class.starts_with("material-"));
        let button = name == "button" && !self.everything && self.head.is_none();
        let paired = matches!(role, Some(Role::Question { .. } | Role::Answer));
        role == Some(Role::Skip)
            || (!paired && (UNREAD.contains(&name) || SHOWN.contains(&name) || struck || icon || button))
    }

    /// Tells of what is skipped and may be missed.
    fn left_out(&mut self, element: &Element, whole: Option<ElementRef<'_>>) {
        let name = element.name();
        if SHOWN.contains(&name) {
            let alt = element.attr("alt").unwrap_or_default().trim();
            if element.classes().any(|class| class.contains("emoji")) && !alt.is_empty() {
                self.line.push_str(alt);
                return;
            }
            let address = element.attr("src").or_else(|| element.attr("data")).unwrap_or_default();
            let address: String = address.chars().take(120).collect();
            let tracking = element.attr("width") == Some("1") || address.starts_with("data:image/gif");
            if !tracking {
                let text = [alt, &address]
                    .iter()
                    .filter(|part| !part.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(" ");
                self.note(Kind::Picture, format!("{name}: {text}"));
            }
        } else if matches!(name, "del" | "s" | "strike") {
            let text = whole.map(flat).unwrap_or_default();
            if !text.is_empty() {
                self.note(Kind::Text, format!("struck out: {text}"));
            }
        }
    }

    fn note(&mut self, kind: Kind, text: impl Into<String>) {
        let place = if self.below.is_empty() {
            "at the start".to_owned()
        } else {
            format!("below “{}”", self.below)
        };
        self.notes.push(Note::new(kind, place, text));
    }

    fn open(&mut self, element: &Element, role: Option<Role>) {
        let name = element.name();
        if let Some(Role::Question { also, sure }) = role {
            self.end_line();
            self.head = Some(Head::Pair { also, sure });
            return;
        }
        self.part(name, self.lists.len());
        match name {
            "ul" => self.lists.push(None),
            "ol" => {
                self.lists
                    .push(Some(element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1)));
            }
            "li" if self.head.is_none() => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                if role == Some(Role::Item) {
                    self.item = true;
                } else {
                    self.mark = mark.len();
                    self.line.push_str(&mark);
                }
            }
            "td" | "th" if !self.line.is_empty() => self.line.push_str(" | "),
            "table" if role != Some(Role::Layout) && !self.everything => self.note(Kind::Table, "a table"),
            "pre" => self.verbatim += 1,
            "a" => self.starts.push(self.line.len()),
            _ if is_bold(element) => self.starts.push(self.line.len()),
            _ => self.head = level(name).filter(|_| self.head.is_none()).map(Head::Level).or(self.head),
        }
    }

    fn close(&mut self, element: &Element, role: Option<Role>) {
        let name = element.name();
        if matches!(role, Some(Role::Question { .. })) {
            self.end_line();
            self.head = None;
            return;
        }
        match name {
            "a" => self.close_link(element.attr("href").unwrap_or_default()),
            "td" | "th" if role == Some(Role::Layout) => self.end_line(),
            _ if is_bold(element) => self.close_bold(),
            _ => self.part(name, self.lists.len().saturating_sub(1)),
        }
        match name {
            "ul" | "ol" => drop(self.lists.pop()),
            "pre" => self.verbatim = self.verbatim.saturating_sub(1),
            _ if level(name).is_some() && !matches!(self.head, Some(Head::Pair { .. })) => self.head = None,
            _ => {}
        }
        if matches!(role, Some(Role::Answer | Role::Item)) {
            self.end_line();
            self.item = false;
            self.lines.push(Line::End);
        }
    }

    /// Ends the line, and the paragraph, where `name` does, inside of so many lists.
    fn part(&mut self, name: &str, lists: usize) {
        let block = BLOCKS.contains(&name) || level(name).is_some();
        // A list inside a list is part of its item.
        let apart = block && !(matches!(name, "ul" | "ol") && lists > 0);
        let inside_heading = match self.head {
            Some(Head::Level(_)) => level(name).is_none(),
            Some(Head::Pair { .. }) => true,
            None => false,
        };
        // The mark of an item stays with its first paragraph.
        let only_mark = self.mark > 0 && self.line.len() == self.mark && name == "p";
        if inside_heading {
            self.space();
        } else if only_mark {
        } else if block || LINES.contains(&name) {
            self.end_line();
            if apart && !matches!(self.lines.last(), None | Some(Line::Blank)) {
                self.lines.push(Line::Blank);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.verbatim > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.end_line();
                }
                self.line.push_str(line);
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.space();
        }
        for (at, word) in text.split_whitespace().enumerate() {
            if at > 0 {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
        if text.ends_with(char::is_whitespace) {
            self.space();
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        self.part_bold_question();
        let line = std::mem::take(&mut self.line);
        let (mark, bold, item) = (std::mem::take(&mut self.mark), self.bold.take(), self.item);
        // Where a link or bold text goes on over the line's end, it starts again.
        self.starts.iter_mut().for_each(|start| *start = 0);
        let whole =
            |end: usize| line.get(end..).is_none_or(|after| !after.contains(|c: char| c.is_alphanumeric()));
        let target = self.link.take().filter(|(_, end)| whole(*end)).map(|(target, _)| target);
        let bold = bold.is_some_and(whole);
        let text = if self.verbatim > 0 { line.trim_end() } else { line.trim() };
        if text.trim_matches(['-', ' ']).is_empty() {
            return;
        }
        let unmarked = line.get(mark..).unwrap_or_default().trim().to_owned();
        let head = |text: &str| text.trim_matches(SIGNS).to_owned();
        let line = match self.head {
            Some(Head::Level(level)) => {
                let text = head(text);
                Line::Heading { level, text, linked: target == Some(Target::Elsewhere) }
            }
            Some(Head::Pair { also, sure }) => Line::Question { text: head(text), also, sure },
            None if item => {
                self.item = false;
                Line::Question { text: unmarked, also: false, sure: false }
            }
            None if self.verbatim > 0 => Line::Code(text.to_owned()),
            // A table of contents, a way back to the top.
            None if target == Some(Target::Here) && !self.everything => return,
            None if bold && ends_asking(&unmarked) => Line::Bold(unmarked),
            None if bold && mark == 0 => Line::Bold(text.to_owned()),
            None => Line::Text(text.to_owned()),
        };
        match &line {
            Line::Heading { text, .. } | Line::Question { text, .. } => self.below.clone_from(text),
            Line::Bold(text) | Line::Text(text) if ends_asking(text) => self.below.clone_from(text),
            _ => {}
        }
        self.lines.push(line);
    }
}

/// Bold by name or by style.
fn is_bold(element: &Element) -> bool {
    matches!(element.name(), "b" | "strong")
        || (matches!(element.name(), "span" | "font")
            && element.attr("style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                ["font-weight:bold", "font-weight:6", "font-weight:7", "font-weight:8", "font-weight:9"]
                    .iter()
                    .any(|weight| style.contains(weight))
            }))
}

/// The level of `h1` to `h6`.
pub(super) fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

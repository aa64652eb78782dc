//! Markdown or HTML in, the lines of its article out.

use pulldown_cmark::{Event, Options, Parser, html::push_html};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

use super::ImportError;
use super::outline::Line;

/// How deep elements may lie: real pages stay below a hundred, and the parser's time grows with the square.
const DEPTH: usize = 2_000;

/// Elements that hold nothing of an article.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "form", "button", "select",
    "textarea", "nav", "aside", "footer", "head", "math", "video", "audio", "canvas", "dialog",
];

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
];

/// Elements that stand on lines of their own.
const LINES: &[&str] = &["div", "li", "dt", "dd", "tr", "figcaption", "caption", "br", "center"];

/// Elements whose end a page need not write.
const OPEN_ENDED: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "area", "base", "br",
    "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// The lines of a Markdown article.
pub fn markdown(text: &str) -> Result<Vec<Line>, ImportError> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    // Lines stay as the article wraps them: many a Markdown article means its line ends.
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    let mut page = String::with_capacity(text.len() * 2);
    push_html(&mut page, events);
    html(&page)
}

/// The lines of an HTML page's article: its longest `article`, else `main`, else everything.
pub fn html(text: &str) -> Result<Vec<Line>, ImportError> {
    if depth(text) > DEPTH {
        return Err(ImportError::TooDeep(DEPTH));
    }
    let page = Html::parse_document(text);
    let longest = |name: &str| {
        let selector = Selector::parse(name).ok()?;
        page.select(&selector).max_by_key(|element| element.text().map(str::len).sum::<usize>())
    };
    let article = longest("article").or_else(|| longest("main")).unwrap_or_else(|| page.root_element());
    Ok(Reader::default().read(article))
}

/// The most elements that are open at once, at a glance.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = tag;
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        if tag.starts_with('/') {
            let name: String = tag
                .chars()
                .skip(1)
                .take_while(char::is_ascii_alphanumeric)
                .take(12)
                .collect::<String>()
                .to_ascii_lowercase();
            if !OPEN_ENDED.contains(&name.as_str()) {
                open = open.saturating_sub(1);
            }
        } else if !name.is_empty() && !OPEN_ENDED.contains(&name.as_str()) {
            open += 1;
            most = most.max(open);
        }
    }
    most
}

/// What is being read.
#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    line: String,
    /// What numbers the items of the lists around: none for bullets.
    lists: Vec<Option<u32>>,
    /// The level of the heading around.
    heading: Option<u8>,
    /// Where the links and bold texts around start in `line`.
    starts: Vec<usize>,
    /// `line` opens with a link: where to, and where it ends.
    link: Option<(Target, usize)>,
    verbatim: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Here,
    Elsewhere,
}

impl Reader {
    /// Walks without recursion, so that no page is too deep.
    fn read(mut self, article: ElementRef<'_>) -> Vec<Line> {
        use ego_tree::iter::Edge;
        let mut skipped = 0_usize;
        for edge in article.traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) if skipped > 0 || is_skipped(element) => skipped += 1,
                    Node::Element(element) => self.open(element),
                    Node::Text(text) if skipped == 0 => self.text(text),
                    _ => {}
                },
                Edge::Close(node) => match node.value() {
                    Node::Element(_) if skipped > 0 => skipped -= 1,
                    Node::Element(element) => self.close(element),
                    _ => {}
                },
            }
        }
        self.end_line();
        self.lines
    }

    fn open(&mut self, element: &Element) {
        let name = element.name();
        self.part(name, self.lists.len());
        match name {
            "ul" => self.lists.push(None),
            "ol" => {
                self.lists
                    .push(Some(element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1)));
            }
            "li" => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.line.push_str(&mark);
            }
            "td" | "th" if !self.line.is_empty() => self.line.push_str(" | "),
            "pre" => self.verbatim += 1,
            "a" | "b" | "strong" => self.starts.push(self.line.len()),
            _ => self.heading = level(name).or(self.heading),
        }
    }

    fn close(&mut self, element: &Element) {
        let name = element.name();
        match name {
            "a" => self.close_link(element.attr("href").unwrap_or_default()),
            "b" | "strong" => self.close_bold(),
            _ => self.part(name, self.lists.len().saturating_sub(1)),
        }
        match name {
            "ul" | "ol" => drop(self.lists.pop()),
            "pre" => self.verbatim = self.verbatim.saturating_sub(1),
            _ if level(name).is_some() => self.heading = None,
            _ => {}
        }
    }

    /// Ends the line, and the paragraph, where `name` does, inside of so many lists.
    fn part(&mut self, name: &str, lists: usize) {
        let block = BLOCKS.contains(&name) || level(name).is_some();
        // A list inside a list is part of its item.
        let apart = block && !(matches!(name, "ul" | "ol") && lists > 0);
        let inside_heading = self.heading.is_some() && level(name).is_none();
        if inside_heading {
            self.space();
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

    fn close_link(&mut self, href: &str) {
        let Some(start) = self.starts.pop() else { return };
        let Some(inside) = self.line.get(start..).map(str::trim) else { return };
        if inside.is_empty() {
            return;
        }
        let whole =
            self.line.get(..start).is_none_or(|before| before.trim_matches(['-', ' ', '*']).is_empty());
        let outside = href.starts_with("http://") || href.starts_with("https://");
        let target = if href.starts_with('#') { Target::Here } else { Target::Elsewhere };
        if outside && self.heading.is_none() && inside != href {
            self.line.extend([" (", href, ")"]);
        }
        self.link = whole.then_some((target, self.line.len()));
    }

    /// `*bold*` as entries write it; a line that is bold as a whole may be a heading, and stays bare.
    fn close_bold(&mut self) {
        let Some(start) = self.starts.pop() else { return };
        let Some((before, inside)) = self.line.split_at_checked(start) else { return };
        let bold = inside.trim();
        let nested = before.matches('*').count() % 2 == 1 || bold.contains('*');
        if bold.is_empty() || before.trim().is_empty() || nested || self.heading.is_some() {
            return;
        }
        let (lead, trail) = (inside.starts_with(' '), inside.ends_with(' '));
        let marked = format!("{}*{bold}*{}", if lead { " " } else { "" }, if trail { " " } else { "" });
        self.line.truncate(start);
        self.line.push_str(&marked);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        // Where a link or bold text goes on over the line's end, it starts anew.
        self.starts.iter_mut().for_each(|start| *start = 0);
        let whole = |end: usize| line.get(end..).is_none_or(|after| after.trim().is_empty());
        let target = self.link.take().filter(|(_, end)| whole(*end)).map(|(target, _)| target);
        let text = if self.verbatim > 0 { line.trim_end() } else { line.trim() }.to_owned();
        if text.trim_matches(['-', ' ']).is_empty() {
            return;
        }
        match self.heading {
            Some(level) => {
                self.lines.push(Line::Heading { level, text, linked: target == Some(Target::Elsewhere) });
            }
            // A table of contents, a way back to the top.
            None if target == Some(Target::Here) => {}
            None => self.lines.push(Line::Text(text)),
        }
    }
}

fn is_skipped(element: &Element) -> bool {
    let comments = |name: &str| matches!(name, "comments" | "respond" | "comments-area" | "comment-list");
    SKIPPED.contains(&element.name())
        || element.attr("hidden").is_some()
        || element.id().is_some_and(comments)
        || element.classes().any(comments)
}

/// The level of `h1` to `h6`.
fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

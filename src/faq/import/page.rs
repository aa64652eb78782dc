//! Markdown or HTML in, the lines of its article out, with the questions that the page pairs with answers itself.

mod content;
mod links;
mod pairs;
mod reader;
pub mod structured;

use std::collections::HashMap;

use ego_tree::NodeId;
use pulldown_cmark::{Event, Options, Parser, html::push_html};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::outline::Line;
use super::{Draft, ImportError, Note};
use reader::Reader;

/// How deep elements may lie: real pages stay below a hundred, and the parser's time grows with the square.
const DEPTH: usize = 2_000;

/// Elements whose end a page need not write.
const OPEN_ENDED: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "area", "base", "br",
    "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// What a page is to its reader.
pub struct Page {
    /// Its article.
    pub lines: Vec<Line>,
    /// The questions of its structured data.
    pub data: Vec<Draft>,
    /// What the article's lines do not show.
    pub notes: Vec<Note>,
    /// Every line of the whole page that ends with a question mark.
    pub asking: Vec<String>,
    /// Its title.
    pub title: Option<String>,
}

/// What an element is in a page of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Nothing of the article.
    Skip,
    /// A question that the page pairs with an answer.
    Question {
        /// Directly below another one.
        also: bool,
        /// The page says that it is one.
        sure: bool,
    },
    /// Where a paired answer ends.
    Answer,
    /// A list's item whose first line asks what the rest answers.
    Item,
    /// A table that only places its cells.
    Layout,
}

type Roles = HashMap<NodeId, Role>;

/// A Markdown article.
pub fn markdown(text: &str, base: Option<&Url>) -> Result<Page, ImportError> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    // Lines stay as the article wraps them: many a Markdown article means its line ends.
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    let mut page = String::with_capacity(text.len() * 2);
    push_html(&mut page, events);
    html(&page, base)
}

/// An HTML page's article: the part of it that holds its questions, without what surrounds them.
pub fn html(text: &str, base: Option<&Url>) -> Result<Page, ImportError> {
    if depth(text) > DEPTH {
        return Err(ImportError::TooDeep(DEPTH));
    }
    let page = Html::parse_document(text);
    let base = address(&page, base);
    let mut notes = Vec::new();
    let data = structured::drafts(&page, base.as_ref(), &mut notes);
    let mut roles = pairs::roles(&page, &mut notes);
    let article = content::article(&page, &mut roles);
    let reader = Reader::new(&roles, base.as_ref()).read(article);
    notes.extend(reader.notes);
    let everything = Reader::of_everything(base.as_ref()).read(page.root_element());
    let asking = everything.lines.into_iter().filter_map(|line| match line {
        Line::Heading { text, .. } | Line::Question { text, .. } | Line::Bold(text) | Line::Text(text) => {
            Some(text)
        }
        Line::Code(_) | Line::Blank | Line::End => None,
    });
    let asking = asking.filter(|line| super::ends_asking(line)).collect();
    Ok(Page { lines: reader.lines, data, notes, asking, title: title(&page) })
}

/// The lines of a piece of HTML, such as a cell holds, and what they do not show.
pub fn fragment(text: &str, base: Option<&Url>) -> (String, Vec<Note>) {
    if depth(text) > DEPTH {
        return (text.to_owned(), Vec::new());
    }
    let page = Html::parse_fragment(text);
    let roles = Roles::new();
    let reader = Reader::new(&roles, base).read(page.root_element());
    let mut lines: Vec<String> = Vec::new();
    for line in reader.lines {
        match line {
            Line::Heading { text, .. } | Line::Question { text, .. } => lines.push(format!("*{text}*")),
            Line::Bold(text) | Line::Text(text) | Line::Code(text) => lines.push(text),
            Line::Blank => lines.push(String::new()),
            Line::End => {}
        }
    }
    (lines.join("\n").trim().to_owned(), reader.notes)
}

/// Whether a text is HTML in part: tags or entities that HTML has.
pub fn holds_markup(text: &str) -> bool {
    const TAGS: &[&str] = &[
        "p", "br", "a", "ul", "ol", "li", "b", "strong", "em", "i", "u", "div", "span", "h1", "h2", "h3",
        "h4", "h5", "h6", "table", "img", "font",
    ];
    let tag = text.split('<').skip(1).any(|rest| {
        let name: String =
            rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let after = rest.trim_start_matches('/').chars().nth(name.len());
        TAGS.contains(&name.to_ascii_lowercase().as_str()) && matches!(after, Some('>' | ' ' | '/' | '\n'))
    });
    let entity = ["&amp;", "&nbsp;", "&lt;", "&gt;", "&quot;", "&#", "&rsquo;", "&ndash;", "&mdash;"]
        .iter()
        .any(|entity| text.contains(entity));
    tag || entity
}

/// Where the page's relative links start: as it says, or where it came from.
fn address(page: &Html, given: Option<&Url>) -> Option<Url> {
    let attribute = |selector: &str, name: &str| {
        let selector = Selector::parse(selector).ok()?;
        page.select(&selector).next()?.attr(name).map(str::to_owned)
    };
    let absolute = |address: Option<String>| {
        address
            .and_then(|address| Url::parse(&address).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
    };
    let own = given
        .cloned()
        .or_else(|| absolute(attribute("link[rel=canonical]", "href")))
        .or_else(|| absolute(attribute("meta[property='og:url']", "content")));
    match attribute("base[href]", "href") {
        Some(href) => {
            own.as_ref().and_then(|own| own.join(&href).ok()).or_else(|| absolute(Some(href))).or(own)
        }
        None => own,
    }
}

fn title(page: &Html) -> Option<String> {
    ["h1", "title"].iter().find_map(|name| {
        let selector = Selector::parse(name).ok()?;
        page.select(&selector).map(flat).find(|title| !title.is_empty())
    })
}

/// The text of an element on one line.
fn flat(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The most elements that are open at once, at a glance.
fn depth(text: &str) -> usize {
    let name = |tag: &str| -> String {
        let letters = tag.chars().take_while(char::is_ascii_alphanumeric).take(12);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let (mut open, mut most) = (0_usize, 0);
    for tag in text.split('<').skip(1) {
        if let Some(tag) = tag.strip_prefix('/') {
            if !OPEN_ENDED.contains(&name(tag).as_str()) {
                open = open.saturating_sub(1);
            }
        } else {
            let name = name(tag);
            if !name.is_empty() && !OPEN_ENDED.contains(&name.as_str()) {
                open += 1;
                most = most.max(open);
            }
        }
    }
    most
}

//! Which part of a page is its article, and what in it is furniture: menus, forms, share bars, cookie bars, footers.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

use super::reader::{UNREAD, level};
use super::{Role, Roles, flat};
use crate::faq::import::ends_asking;
use crate::faq::import::outline::asks;

/// How many characters of text a question is worth.
const QUESTION: usize = 200;

/// The share of the page's worth, in hundredths, that an element must hold to be the article.
const ARTICLE_SHARE: usize = 80;

/// Elements that are furniture unless most of the page's questions stand in them.
const FURNITURE: &[&str] = &["nav", "footer", "form", "dialog", "aside"];

/// Words in a class or an id that name furniture.
const NAMES: &[&str] = &[
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "share",
    "sharing",
    "social",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "newsletter",
    "subscribe",
    "pagination",
    "pager",
    "comments",
    "respond",
    "comment",
    "related",
    "recommended",
    "popup",
    "modal",
    "advert",
    "advertisement",
    "ads",
    "sponsor",
    "menu",
    "navbar",
    "navigation",
    "topbar",
    "footer",
    "colophon",
    "login",
    "helpful",
    "feedback",
    "rating",
    "skip",
];

/// Roles that name furniture.
const ROLES: &[&str] =
    &["navigation", "search", "contentinfo", "dialog", "alertdialog", "menu", "menubar", "banner"];

/// What an element holds.
#[derive(Clone, Copy, Default)]
struct Worth {
    text: usize,
    linked: usize,
    links: usize,
    questions: usize,
}

impl Worth {
    fn score(self) -> usize {
        self.questions * QUESTION + self.text.saturating_sub(self.linked)
    }
}

/// The article of `page`; what is furniture in it is marked in `roles`.
pub fn article<'a>(page: &'a Html, roles: &mut Roles) -> ElementRef<'a> {
    let root = page.root_element();
    let worths = worths(root, roles);
    let worth = |id: NodeId| worths.get(&id).copied().unwrap_or_default();
    let whole = worth(root.id());
    let mut taken = Worth::default();
    for element in root.descendants().filter_map(ElementRef::wrap) {
        let own = worth(element.id());
        let paired = matches!(
            roles.get(&element.id()),
            Some(Role::Question { .. } | Role::Answer | Role::Item | Role::Skip)
        );
        let inside_answer = || {
            element
                .ancestors()
                .any(|node| matches!(roles.get(&node.id()), Some(Role::Answer | Role::Skip | Role::Item)))
        };
        if paired || own.questions * 2 > whole.questions || inside_answer() {
            continue;
        }
        if whole.questions == 0 && own.text * 2 > whole.text {
            continue;
        }
        if is_furniture(element, own) {
            taken.text += own.text;
            taken.linked += own.linked;
            taken.questions += own.questions;
            roles.insert(element.id(), Role::Skip);
        }
    }
    let left = whole.score().saturating_sub(taken.score());
    let candidates = Selector::parse("main, article, [role='main'], #content, #main").ok();
    let inside = candidates.into_iter().flat_map(|candidates| page.select(&candidates).collect::<Vec<_>>());
    inside
        .filter(|element| worth(element.id()).score() * 100 >= left * ARTICLE_SHARE)
        .min_by_key(|element| worth(element.id()).text)
        .unwrap_or(root)
}

/// The worth of every element, counted without recursion.
fn worths(root: ElementRef<'_>, roles: &Roles) -> HashMap<NodeId, Worth> {
    let mut worths: HashMap<NodeId, Worth> = HashMap::new();
    let mut open: Vec<Worth> = Vec::new();
    let (mut skipped, mut links) = (0_usize, 0_usize);
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    skipped += usize::from(skipped > 0 || UNREAD.contains(&element.name()));
                    links += usize::from(element.name() == "a");
                    let asked = match roles.get(&node.id()) {
                        Some(Role::Question { .. } | Role::Item) => true,
                        _ => ElementRef::wrap(node).is_some_and(heads_asking),
                    };
                    open.push(Worth {
                        questions: usize::from(asked && skipped == 0),
                        links: usize::from(element.name() == "a"),
                        ..Worth::default()
                    });
                }
                Node::Text(text) if skipped == 0 => {
                    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
                    if let Some(last) = open.last_mut() {
                        last.text += chars;
                        last.linked += if links > 0 { chars } else { 0 };
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let Node::Element(element) = node.value() else { continue };
                skipped = skipped.saturating_sub(1);
                links = links.saturating_sub(usize::from(element.name() == "a"));
                let Some(worth) = open.pop() else { continue };
                if let Some(around) = open.last_mut() {
                    around.text += worth.text;
                    around.linked += worth.linked;
                    around.links += worth.links;
                    around.questions += worth.questions;
                }
                worths.insert(node.id(), worth);
            }
        }
    }
    worths
}

/// A heading that asks, or a bold line.
fn heads_asking(element: ElementRef<'_>) -> bool {
    match element.value().name() {
        "b" | "strong" => ends_asking(&flat(element)),
        name => level(name).is_some() && asks(&flat(element)),
    }
}

fn is_furniture(element: ElementRef<'_>, worth: Worth) -> bool {
    let value = element.value();
    let name = value.name();
    if matches!(name, "html" | "body" | "main" | "article") || level(name).is_some() {
        return false;
    }
    if name == "aside" {
        // A note beside an answer is part of it.
        return !is_beside_text(element) || is_named(value) || worth.linked * 2 > worth.text;
    }
    FURNITURE.contains(&name)
        || value.attr("role").is_some_and(|role| ROLES.contains(&role))
        || value.attr("aria-modal").is_some()
        || is_named(value)
        || is_menu(element, worth)
}

fn is_beside_text(aside: ElementRef<'_>) -> bool {
    aside
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|around| matches!(around.value().name(), "article" | "main" | "section"))
}

fn is_named(element: &Element) -> bool {
    let words = element.classes().chain(element.id()).flat_map(|class| class.split(['-', '_', ' ']));
    words.into_iter().any(|word| NAMES.contains(&word.to_ascii_lowercase().as_str()))
}

/// Several links to the site's own pages and nothing else.
fn is_menu(element: ElementRef<'_>, worth: Worth) -> bool {
    if !matches!(element.value().name(), "ul" | "div" | "section" | "p") || worth.links < 3 {
        return false;
    }
    let all_links = worth.linked * 10 >= worth.text * 9;
    all_links
        && worth.questions == 0
        && Selector::parse("a").is_ok_and(|link| {
            element.select(&link).all(|link| {
                let href = link.value().attr("href").unwrap_or_default();
                href.starts_with('/') && !asks(&flat(link))
            })
        })
}

//! The questions that a page pairs with answers itself: accordions, details, definition lists, tables, microdata.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node, Selector};

use super::reader::level;
use super::{Role, Roles, flat};
use crate::faq::import::note::Kind;
use crate::faq::import::outline::asks;
use crate::faq::import::table::columns::{Column, Columns};
use crate::faq::import::{Note, ends_asking};

/// The longest text that opens a panel, in characters: longer ones are text beside a button.
const TITLE_CHARS: usize = 300;

/// What is what on `page`.
pub fn roles(page: &Html, notes: &mut Vec<Note>) -> Roles {
    let mut roles = Roles::new();
    microdata(page, &mut roles);
    details(page, &mut roles);
    accordions(page, &mut roles);
    classes(page, &mut roles);
    tables(page, &mut roles, notes);
    definitions(page, &mut roles);
    items(page, &mut roles);
    roles
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|selector| page.select(&selector).collect()).unwrap_or_default()
}

fn within<'a>(element: ElementRef<'a>, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).ok()?;
    element.select(&selector).next()
}

fn contains(outer: ElementRef<'_>, inner: ElementRef<'_>) -> bool {
    inner.ancestors().any(|ancestor| ancestor.id() == outer.id())
}

fn pair(roles: &mut Roles, question: ElementRef<'_>, answer: ElementRef<'_>, sure: bool) {
    let taken = [question, answer]
        .iter()
        .any(|element| matches!(roles.get(&element.id()), Some(Role::Question { .. } | Role::Answer)));
    let inside =
        question.ancestors().any(|ancestor| matches!(roles.get(&ancestor.id()), Some(Role::Question { .. })));
    if !taken && !inside && question.id() != answer.id() {
        roles.insert(question.id(), Role::Question { also: false, sure });
        roles.insert(answer.id(), Role::Answer);
    }
}

/// `FAQPage` data that stands in the page's own elements.
fn microdata(page: &Html, roles: &mut Roles) {
    for question in select(page, "[itemtype*='schema.org/Question']") {
        let name = within(question, "[itemprop='name']").or_else(|| within(question, "[itemprop='text']"));
        let answer = within(question, "[itemprop='acceptedAnswer'], [itemprop='suggestedAnswer']");
        if let Some((name, answer)) = name.zip(answer).filter(|(name, answer)| !contains(*answer, *name)) {
            pair(roles, name, answer, true);
        }
    }
}

fn details(page: &Html, roles: &mut Roles) {
    for details in select(page, "details") {
        let Some(summary) = within(details, "summary") else { continue };
        // A group of questions behind one summary asks nothing itself.
        let group = within(details, "details").is_some() && !asks(&flat(summary));
        if !group && !flat(summary).is_empty() {
            pair(roles, summary, details, false);
        }
    }
}

/// Buttons, links and headings that open a panel.
fn accordions(page: &Html, roles: &mut Roles) {
    let ids: HashMap<&str, ElementRef<'_>> =
        select(page, "[id]").into_iter().filter_map(|element| Some((element.attr("id")?, element))).collect();
    let mut found: Vec<(ElementRef<'_>, ElementRef<'_>)> = Vec::new();
    for trigger in
        select(page, "[aria-controls], [data-bs-target], [data-target], [data-toggle], a[href^='#']")
    {
        let named = ["aria-controls", "data-bs-target", "data-target", "href"].iter().find_map(|name| {
            let value = trigger.attr(name)?.trim();
            let id = value.strip_prefix('#').or((*name == "aria-controls").then_some(value))?;
            ids.get(id).map(|panel| (*panel, *name == "href"))
        });
        let Some((panel, linked)) = named else { continue };
        let said = flat(panel);
        // A table of contents leads to where its words stand again.
        let repeats =
            linked && (level(panel.value().name()).is_some() || starts_alike(&said, &flat(trigger)));
        if !said.is_empty() && !repeats && panel.id() != trigger.id() && !contains(panel, trigger) {
            found.push((trigger, panel));
        }
    }
    for panel in select(page, "[aria-labelledby]") {
        let Some(trigger) = panel.attr("aria-labelledby").and_then(|id| ids.get(id)) else { continue };
        let known = found.iter().any(|(_, other)| other.id() == panel.id());
        if !known && !contains(panel, *trigger) && !contains(*trigger, panel) && !flat(panel).is_empty() {
            found.push((*trigger, panel));
        }
    }
    let panels = panels_within(&found);
    let asking: Vec<(ElementRef<'_>, ElementRef<'_>, bool)> = found
        .iter()
        .filter_map(|(trigger, panel)| {
            let question = question(*trigger, *panel, &panels)?;
            Some((question, *panel, asks(&flat(question))))
        })
        .collect();
    let kin: HashSet<&str> =
        asking.iter().filter(|(_, _, asked)| *asked).map(|(question, ..)| question.value().name()).collect();
    for (question, panel, asked) in &asking {
        // One of an accordion whose others ask; not the button of a menu, nor one that opens a group of questions.
        let group = panels.contains_key(&panel.id());
        if *asked || (kin.contains(question.value().name()) && !group) {
            pair(roles, *question, *panel, false);
        }
    }
}

/// The panels that something inside of an element opens, by element.
fn panels_within(found: &[(ElementRef<'_>, ElementRef<'_>)]) -> HashMap<NodeId, HashSet<NodeId>> {
    let mut panels: HashMap<NodeId, HashSet<NodeId>> = HashMap::new();
    for (trigger, panel) in found {
        for around in trigger.ancestors() {
            panels.entry(around.id()).or_default().insert(panel.id());
        }
    }
    panels
}

/// What says what a panel answers: the heading around its button, the button, or what else stands beside it.
fn question<'a>(
    trigger: ElementRef<'a>,
    panel: ElementRef<'a>,
    panels: &HashMap<NodeId, HashSet<NodeId>>,
) -> Option<ElementRef<'a>> {
    let around: Vec<ElementRef<'a>> = trigger
        .ancestors()
        .filter_map(ElementRef::wrap)
        .take_while(|ancestor| {
            panels.get(&ancestor.id()).is_none_or(|opened| opened.iter().all(|id| *id == panel.id()))
                && !contains(*ancestor, panel)
                && flat(*ancestor).chars().count() <= TITLE_CHARS
        })
        .collect();
    if let Some(heading) = around.iter().find(|ancestor| level(ancestor.value().name()).is_some()) {
        return Some(*heading);
    }
    if let Some(heading) = within(trigger, "h1, h2, h3, h4, h5, h6").filter(|heading| asks(&flat(*heading))) {
        return Some(heading);
    }
    let own = flat(trigger);
    if asks(&own) {
        return Some(trigger);
    }
    let beside = around.iter().find(|ancestor| asks(&flat(**ancestor))).copied();
    beside.or((!own.is_empty() && own.chars().count() <= TITLE_CHARS).then_some(trigger))
}

fn starts_alike(text: &str, start: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let start = plain(start);
    start.is_empty() || plain(text).starts_with(&start)
}

/// `<div class="faq-question">` before `<div class="faq-answer">`.
fn classes(page: &Html, roles: &mut Roles) {
    let named = |element: &ElementRef<'_>, names: &[&str]| {
        element
            .value()
            .classes()
            .flat_map(|class| class.split(['-', '_']))
            .any(|word| names.contains(&word.to_ascii_lowercase().as_str()))
    };
    let mut open: Option<ElementRef<'_>> = None;
    for element in select(page, "[class]") {
        let question = named(&element, &["question", "ques"]);
        let answer = named(&element, &["answer", "ans"]);
        let inside_open = open.is_some_and(|open| contains(open, element));
        if question && !answer && !inside_open {
            let title = flat(element);
            let fits = !title.is_empty() && title.chars().count() <= TITLE_CHARS;
            let wraps =
                select_within(element, "[class]").iter().any(|inner| named(inner, &["answer", "ans"]));
            if fits && !wraps {
                open = Some(element);
            }
        } else if answer
            && !question
            && !inside_open
            && let Some(question) = open.take().filter(|question| !contains(element, *question))
        {
            pair(roles, question, element, true);
        }
    }
}

fn select_within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

/// Tables with a column of questions and one of answers; others are marked where they only place their cells.
fn tables(page: &Html, roles: &mut Roles, notes: &mut Vec<Note>) {
    for table in select(page, "table") {
        let rows: Vec<Vec<ElementRef<'_>>> = select_within(table, "tr")
            .into_iter()
            .filter(|row| {
                row.ancestors()
                    .find(|node| name_of(node) == "table")
                    .is_some_and(|own| own.id() == table.id())
            })
            .map(|row| {
                row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect()
            })
            .collect();
        let texts: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| flat(*cell)).collect()).collect();
        let columns = Columns::find(&texts).ok().filter(|columns| columns.question < columns.answer);
        let Some(columns) = columns else {
            let placing = within(table, "table, h1, h2, h3, h4, h5, h6, td p + p").is_some()
                || rows.iter().all(|row| row.len() < 2)
                || table.attr("role") == Some("presentation");
            if placing {
                roles.insert(table.id(), Role::Layout);
                rows.iter().flatten().for_each(|cell| {
                    roles.entry(cell.id()).or_insert(Role::Layout);
                });
            }
            continue;
        };
        roles.insert(table.id(), Role::Layout);
        for (at, row) in rows.iter().enumerate() {
            let body = columns.body <= at;
            let cells = (row.get(columns.question), row.get(columns.answer));
            if let (Some(question), Some(answer), true) = (cells.0, cells.1, body) {
                roles.insert(question.id(), Role::Question { also: false, sure: columns.named });
                roles.insert(answer.id(), Role::Answer);
            }
            for (at, cell) in row.iter().enumerate() {
                if !body || (at != columns.question && at != columns.answer) {
                    roles.insert(cell.id(), Role::Skip);
                }
            }
        }
        for (name, _) in
            columns.roles.iter().filter(|(_, column)| !matches!(column, Column::Question | Column::Answer))
        {
            notes.push(Note::new(Kind::Column, "in a table of questions", name.clone()));
        }
    }
}

fn name_of<'a>(node: &ego_tree::NodeRef<'a, Node>) -> &'a str {
    node.value().as_element().map_or("", scraper::node::Element::name)
}

/// Definition lists of which at least one term asks; all, where nothing else on the page does.
fn definitions(page: &Html, roles: &mut Roles) {
    let elsewhere = !roles.is_empty()
        || select(page, "h1, h2, h3, h4, h5, h6").iter().any(|heading| asks(&flat(*heading)));
    for list in select(page, "dl") {
        let terms = select_within(list, "dt");
        if !terms.iter().any(|term| asks(&flat(*term))) && (elsewhere || terms.len() < 2) {
            continue;
        }
        roles.entry(list.id()).or_insert(Role::Answer);
        for term in terms {
            let before = term.prev_siblings().find_map(ElementRef::wrap);
            let also = before.is_some_and(|before| before.value().name() == "dt");
            roles.entry(term.id()).or_insert(Role::Question { also, sure: false });
        }
    }
}

/// Items of lists whose first line asks what the rest of them answers.
fn items(page: &Html, roles: &mut Roles) {
    for item in select(page, "li") {
        let paired =
            item.descendants().any(|node| matches!(roles.get(&node.id()), Some(Role::Question { .. })));
        if paired {
            continue;
        }
        let (mut first, mut rest) = (String::new(), false);
        let mut ended = false;
        for node in item.descendants().skip(1) {
            match node.value() {
                Node::Element(element) => {
                    let breaks = matches!(
                        element.name(),
                        "br" | "p" | "div" | "ul" | "ol" | "pre" | "blockquote" | "table"
                    );
                    ended |= breaks && !first.trim().is_empty();
                }
                Node::Text(text) if ended => rest |= text.chars().any(char::is_alphanumeric),
                Node::Text(text) => {
                    // A line that was broken by hand only.
                    first.push_str(text);
                }
                _ => {}
            }
        }
        if rest && ends_asking(&first) && first.chars().count() <= TITLE_CHARS {
            roles.entry(item.id()).or_insert(Role::Item);
        }
    }
}

//! Links and bold text inside of a line.

use super::super::links::{Address, address};
use super::{Reader, Target};
use crate::faq::import::ends_asking;
use crate::faq::import::note::Kind;

impl Reader<'_> {
    pub(super) fn close_link(&mut self, href: &str) {
        let Some(start) = self.starts.pop() else { return };
        let Some(inside) = self.line.get(start..).map(|inside| inside.trim().to_owned()) else { return };
        if inside.is_empty() {
            return;
        }
        let whole =
            self.line.get(..start).is_none_or(|before| before.trim_matches(['-', ' ', '*']).is_empty());
        let href = href.trim();
        let target = if href.starts_with('#') { Target::Here } else { Target::Elsewhere };
        let lost = match address(href, self.base) {
            Address::Web(address) if self.head.is_none() => {
                if !inside.contains(&address) && inside != href {
                    self.line.extend([" (", &address, ")"]);
                }
                false
            }
            Address::Direct(address) if self.head.is_none() => {
                let plain =
                    |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
                if !plain(&inside).contains(&plain(&address)) {
                    self.line.extend([" (", &address, ")"]);
                }
                false
            }
            Address::Web(_) | Address::Direct(_) | Address::Unknown => true,
            Address::Here => !whole && self.head.is_none(),
        };
        // A heading's link to itself loses nothing.
        if lost && !self.everything && target == Target::Elsewhere && !href.is_empty() {
            self.note(Kind::Link, format!("“{inside}” to {href}"));
        } else if lost && !self.everything && self.head.is_none() && inside.chars().any(char::is_alphabetic) {
            self.note(
                Kind::Link,
                format!("“{inside}” to {}", if href.is_empty() { "nothing" } else { href }),
            );
        }
        self.link = whole.then_some((target, self.line.len()));
    }

    /// `*bold*` as entries write it; a line that is bold as a whole may be a heading, and stays bare.
    pub(super) fn close_bold(&mut self) {
        let Some(start) = self.starts.pop() else { return };
        let Some((before, inside)) = self.line.split_at_checked(start) else { return };
        let bold = inside.trim();
        let opens = before.trim().is_empty() || (self.mark > 0 && before.len() <= self.mark);
        let nested = before.matches('*').count() % 2 == 1 || bold.contains('*');
        if bold.is_empty() || self.head.is_some() {
            return;
        }
        // A bold line may stand in several elements, one beside the other.
        let goes_on =
            self.bold.and_then(|end| self.line.get(end..start)).is_some_and(|gap| gap.trim().is_empty());
        if opens || goes_on {
            self.bold = Some(self.line.len());
            return;
        }
        if nested {
            return;
        }
        let (lead, trail) = (inside.starts_with(' '), inside.ends_with(' '));
        let marked = format!("{}*{bold}*{}", if lead { " " } else { "" }, if trail { " " } else { "" });
        self.line.truncate(start);
        self.line.push_str(&marked);
    }

    /// A bold question that its answer follows on the same line stands on a line of its own.
    pub(super) fn part_bold_question(&mut self) {
        let Some(end) = self.bold else { return };
        let Some((bold, rest)) = self.line.split_at_checked(end) else { return };
        let rest = rest.trim_start_matches([' ', ':', '-', '–', '—']).to_owned();
        if rest.chars().any(char::is_alphanumeric) && ends_asking(bold) && self.head.is_none() {
            self.line.truncate(end);
            self.end_line();
            self.line = rest;
        }
    }
}

//! What an admin wrote, in the form of the answers in `faq/`: bold as `*…*`, the address of a linked text behind it, lists
//! with `-`. So it comes out in every channel.

use crate::channel::telegram::intake::update::Entity;

/// The part of `text` from the byte `from` on, with the formatting that `entities` give it.
pub fn formatted(text: &str, from: usize, entities: &[Entity]) -> String {
    let mut marks = Vec::new();
    for (start, end) in bold(text, entities) {
        marks.extend([(start, "*".to_owned()), (end, "*".to_owned())]);
    }
    for entity in entities {
        let (Some(start), Some(end)) =
            (byte(text, entity.offset), byte(text, entity.offset.saturating_add(entity.length)))
        else {
            continue;
        };
        let shown = text.get(start..end).unwrap_or_default();
        match (entity.kind.as_str(), &entity.url) {
            ("text_link", Some(url)) if url.as_str() != shown => marks.push((end, format!(" ({url})"))),
            ("url", _) if !shown.contains("://") => marks.push((start, "https://".to_owned())),
            _ => {}
        }
    }
    // Stable: a linked text's bold ends before its address.
    marks.sort_by_key(|(at, _)| *at);
    let mut shown = String::with_capacity(text.len());
    let mut at = from;
    for (to, mark) in marks.iter().filter(|(to, _)| *to >= from) {
        shown.extend([text.get(at..*to).unwrap_or_default(), mark]);
        at = *to;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown.trim().lines().map(listed).collect::<Vec<_>>().join("\n")
}

/// The byte at which the UTF-16 code unit `unit` begins.
fn byte(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= unit {
            return Some(at);
        }
        units += c.len_utf16();
    }
    (units >= unit).then_some(text.len())
}

/// The byte ranges that `*…*` can make bold: within a line, whole words, none touching another.
fn bold(text: &str, entities: &[Entity]) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for entity in entities.iter().filter(|entity| entity.kind == "bold") {
        let (start, end) =
            (byte(text, entity.offset), byte(text, entity.offset.saturating_add(entity.length)));
        let (Some(start), Some(end)) = (start, end) else { continue };
        match ranges.last_mut() {
            // Telegram cuts bold where something else begins or ends within it.
            Some(last) if last.1 >= start => last.1 = last.1.max(end),
            _ => ranges.push((start, end)),
        }
    }
    let mut found = Vec::new();
    for (start, end) in ranges {
        let mut at = start;
        for line in text.get(start..end).unwrap_or_default().split_inclusive('\n') {
            let first = at + (line.len() - line.trim_start().len());
            let last = first + line.trim().len();
            at += line.len();
            let before = text.get(..first).and_then(|text| text.chars().next_back());
            let opens = before.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation());
            if last > first && opens && !line.contains('*') {
                found.push((first, last));
            }
        }
    }
    found
}

/// The line, with `-` where it begins with another sign of a list.
fn listed(line: &str) -> String {
    let item = ["• ", "* ", "– ", "— ", "· ", "▪ ", "● "]
        .iter()
        .find_map(|sign| line.trim_start().strip_prefix(sign));
    item.map_or_else(|| line.to_owned(), |item| format!("- {}", item.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(text: &str, kind: &str, part: &str, url: Option<&str>) -> Entity {
        let (before, _) = text.split_once(part).unwrap_or_else(|| unreachable!());
        Entity {
            kind: kind.to_owned(),
            offset: before.encode_utf16().count(),
            length: part.encode_utf16().count(),
            url: url.map(str::to_owned),
            ..Entity::default()
        }
    }

    #[test]
    fn formatting_takes_the_form_of_the_guides_answers() {
        for (text, parts, expected) in [
            ("😀 ফি ৫০০ টাকা", &[("bold", "৫০০ টাকা", None)][..], "😀 ফি *৫০০ টাকা*"),
            (
                "ফর্ম এখানে পাবেন",
                &[("text_link", "এখানে", Some("https://example.org/f")), ("bold", "এখানে", None)],
                "ফর্ম *এখানে* (https://example.org/f) পাবেন",
            ),
            ("দেখুন example.org/a", &[("url", "example.org/a", None)], "দেখুন https://example.org/a"),
            ("https://e.org", &[("url", "https://e.org", None)], "https://e.org"),
            ("এক\nদুই", &[("bold", "এক\nদুই", None)], "*এক*\n*দুই*"),
            ("কবে", &[("bold", "বে", None)], "কবে"),
            ("লাগবে:\n• ছবি\n– ফি", &[], "লাগবে:\n- ছবি\n- ফি"),
        ] {
            let entities: Vec<_> =
                parts.iter().map(|(kind, part, url)| entity(text, kind, part, *url)).collect();
            assert_eq!(formatted(text, 0, &entities), expected);
        }
        let text = "/add মেলা কবে? | প্রতি শুক্রবার";
        let entities = [entity(text, "bot_command", "/add", None), entity(text, "bold", "শুক্রবার", None)];
        assert_eq!(formatted(text, text.find('|').map_or(0, |at| at + 1), &entities), "প্রতি *শুক্রবার*");
    }
}

//! Mentions of the bot in a text: found by the entities' UTF-16 slices, and cut out before the question is read.

use super::intake::update::Entity;

/// The text without mentions of the bot; none when it is not mentioned.
///
/// Where the entities say nothing, as in a text that begins with `@bot`, the text itself is looked at.
pub fn strip(text: &str, entities: &[Entity], name: &str, id: i64) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let handle = format!("@{name}");
    let mut mentions: Vec<(usize, usize)> = entities
        .iter()
        .filter_map(|entity| {
            let end = entity.offset.checked_add(entity.length)?;
            let slice = units.get(entity.offset..end)?;
            let is_us = match entity.kind.as_str() {
                "mention" => String::from_utf16_lossy(slice).eq_ignore_ascii_case(&handle),
                "text_mention" => entity.user == Some(id),
                _ => false,
            };
            is_us.then_some((entity.offset, end))
        })
        .collect();
    if mentions.is_empty() {
        let start = text.trim_start();
        let head = start.get(..handle.len())?;
        let rest = start.get(handle.len()..)?;
        let goes_on = rest.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        return (head.eq_ignore_ascii_case(&handle) && !goes_on).then(|| tidy(rest));
    }
    mentions.sort_unstable();
    let mut kept: Vec<u16> = Vec::with_capacity(units.len());
    let mut from = 0;
    for (start, end) in mentions {
        kept.extend(units.get(from..start).unwrap_or_default());
        from = end.max(from);
    }
    kept.extend(units.get(from..).unwrap_or_default());
    Some(tidy(&String::from_utf16_lossy(&kept)))
}

/// What is left of "@bot, question" and "question @bot ?".
fn tidy(text: &str) -> String {
    text.trim().trim_start_matches([',', ':', ';', '-']).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(kind: &str, offset: usize, length: usize) -> Entity {
        Entity {
            kind: kind.to_owned(),
            offset,
            length,
            user: (kind == "text_mention").then_some(42),
            url: None,
        }
    }

    #[test]
    fn mentions_are_cut_out_by_utf16_units() {
        let strip = |text, entities: &[Entity]| strip(text, entities, "Uttor_Bot", 42);
        assert_eq!(strip("মোবাইল দিয়ে হবে?", &[]), None);
        assert_eq!(strip("@uttor_bot মোবাইল?", &[entity("mention", 0, 10)]).as_deref(), Some("মোবাইল?"));
        // The emoji has two units.
        assert_eq!(strip("😀 @Uttor_Bot, কী?", &[entity("mention", 3, 10)]).as_deref(), Some("😀 , কী?"));
        assert_eq!(strip("ভাই উত্তর, কী?", &[entity("text_mention", 4, 5)]).as_deref(), Some("ভাই , কী?"));
        assert_eq!(strip("@Other_Bot কী?", &[entity("mention", 0, 10)]), None);
        assert_eq!(strip("@uttor_bot: কী?", &[]).as_deref(), Some("কী?"), "no entity at all");
        assert_eq!(strip("@uttor_bots কী?", &[]), None);
        assert_eq!(strip("x", &[entity("mention", 5, usize::MAX)]), None, "out of the text");
    }
}

//! Telegram's HTML, as strict as Telegram reads it.

const TAGS: [&str; 14] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "code",
    "pre",
    "a",
    "blockquote",
    "tg-spoiler",
];

/// The text that people see, or Telegram's complaint.
pub fn visible(html: &str) -> Result<String, String> {
    let complain = |what: String| format!("Bad Request: can't parse entities: {what}");
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, marked) = rest.split_at(at);
        text.push_str(before);
        if let Some(entity) = marked.strip_prefix('&') {
            let known = [("lt;", '<'), ("gt;", '>'), ("amp;", '&'), ("quot;", '"')];
            let found = known.into_iter().find(|(name, _)| entity.starts_with(name));
            let Some((name, sign)) = found else {
                return Err(complain("Unescaped & in text".to_owned()));
            };
            text.push(sign);
            rest = entity.strip_prefix(name).unwrap();
            continue;
        }
        let tag = marked.strip_prefix('<').unwrap();
        let Some((inside, after)) = tag.split_once('>') else {
            return Err(complain("Unclosed start tag".to_owned()));
        };
        let name = inside.trim_start_matches('/').split(' ').next().unwrap_or_default().to_lowercase();
        if !TAGS.contains(&name.as_str()) {
            return Err(complain(format!("Unsupported start tag \"{name}\" at byte offset {at}")));
        }
        if inside.starts_with('/') {
            match open.pop() {
                Some(last) if last == name => {}
                _ => return Err(complain(format!("Unmatched end tag at byte offset {at}"))),
            }
        } else {
            open.push(name);
        }
        rest = after;
    }
    if let Some(name) = open.pop() {
        return Err(complain(format!("Can't find end tag corresponding to start tag \"{name}\"")));
    }
    text.push_str(rest);
    Ok(text)
}

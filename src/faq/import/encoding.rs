//! The bytes of a file in, its text out, with the letters mended that were broken on the way, where that is certain.

use encoding_rs::{Encoding, WINDOWS_1252};

use super::note::Kind;
use super::{ImportError, Note, bijoy};

/// The text of a file; `label` names its encoding where whoever sent it said so.
///
/// # Errors
/// No text, or text whose letters are lost.
pub fn text(bytes: &[u8], label: Option<&str>, notes: &mut Vec<Note>) -> Result<String, ImportError> {
    let text = decode(bytes, label, notes)?;
    if let Some(line) = text.lines().position(|line| line.contains('\0')) {
        return Err(ImportError::NotText(format!("line {} holds a zero byte", line + 1)));
    }
    let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
    let text = match mended_twice(&text) {
        Some(mended) => {
            notes.push(Note::new(
                Kind::Letters,
                "everywhere",
                "UTF-8 that was read as Latin-1 and saved again: mended",
            ));
            mended
        }
        None => text,
    };
    let text = match bijoy::mended(&text) {
        Some(mended) => {
            let what = "letters of Bijoy (SutonnyMJ): converted to Unicode; English words among them may have been, too";
            notes.push(Note::new(Kind::Letters, "everywhere", what));
            mended
        }
        None => text,
    };
    let (all, lost) = lost_words(&text);
    if lost >= 3 && lost * 5 >= all * 2 { Err(ImportError::Lost) } else { Ok(text) }
}

/// UTF-8, or what a byte order mark, a label or the text itself says.
fn decode(bytes: &[u8], label: Option<&str>, notes: &mut Vec<Note>) -> Result<String, ImportError> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode(bytes).0.into_owned());
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let named = label.map(str::as_bytes).and_then(Encoding::for_label).or_else(|| named_inside(bytes));
    if let Some(encoding) = named.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        let text = encoding.decode(bytes).0.into_owned();
        notes.push(Note::new(Kind::Letters, "everywhere", format!("read as {}", encoding.name())));
        return Ok(text);
    }
    let text = WINDOWS_1252.decode(bytes).0;
    let odd = text.chars().filter(|c| !c.is_ascii()).count();
    let western = odd * 20 <= text.chars().count() && !bytes.contains(&0);
    if bijoy::mended(&text).is_some()
        || (western && odd > 0 && text.chars().all(|c| !c.is_control() || c.is_whitespace()))
    {
        notes.push(Note::new(Kind::Letters, "everywhere", "read as Windows-1252, as it is not UTF-8"));
        return Ok(text.into_owned());
    }
    let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
    Err(ImportError::NotText(format!("line {line} is not UTF-8")))
}

/// The encoding that a page's head names.
fn named_inside(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes.iter().take(2_048).map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    let (_, name) = head.split_once("charset=")?;
    let name: String = name
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Encoding::for_label(name.as_bytes())
}

/// Text whose UTF-8 was taken for Latin-1 or Windows-1252 and saved again, once or twice; none where it was not.
fn mended_twice(text: &str) -> Option<String> {
    let mended = mend_once(text)?;
    Some(mend_once(&mended).unwrap_or(mended))
}

fn mend_once(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut mended, mut failed) = (0, 0);
    let mut rest = text.chars().peekable();
    while let Some(&c) = rest.peek() {
        if byte(c).is_none_or(|byte| byte < 0xC2) {
            out.push(c);
            rest.next();
            continue;
        }
        let mut run = String::new();
        let mut bytes = Vec::new();
        while let Some(&c) = rest.peek() {
            // Many programs turn the no-break space that is the last of three bytes into a plain one.
            let blank = c == ' ' && matches!(bytes.as_slice(), [.., 0xE0, 0xA6 | 0xA7]);
            match byte(c).filter(|byte| *byte >= 0x80).or(blank.then_some(0xA0)) {
                Some(byte) => bytes.push(byte),
                None => break,
            }
            run.push(c);
            rest.next();
        }
        let decoded = String::from_utf8_lossy(&bytes);
        let bengali = decoded.chars().filter(|c| ('\u{0980}'..='\u{09FF}').contains(c) || *c == '।').count();
        let quotes = decoded
            .chars()
            .all(|c| ('\u{2010}'..='\u{203A}').contains(&c) || byte(c).is_some_and(|byte| byte >= 0x80));
        if bengali > 0 || (quotes && !decoded.is_empty() && bytes.len() > 2) {
            failed += usize::from(decoded.contains(char::REPLACEMENT_CHARACTER));
            mended += 1;
            out.push_str(&decoded);
        } else {
            out.push_str(&run);
        }
    }
    (mended >= 3 && failed * 4 <= mended).then_some(out)
}

/// The byte that `c` is in Windows-1252, or in Latin-1 where that has none.
fn byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut letter = [0_u8; 4];
    let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut letter));
    bytes.first().copied().filter(|_| !unmappable && bytes.len() == 1)
}

/// How many words there are, and how many of them are nothing but question marks.
fn lost_words(text: &str) -> (usize, usize) {
    let mut words = (0, 0);
    for word in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"'))
        .filter(|word| !word.is_empty())
    {
        words.0 += 1;
        words.1 += usize::from(is_lost_word(word));
    }
    words
}

fn is_lost_word(word: &str) -> bool {
    let word = word.trim_matches(['।', '.', ':', '(', ')', '-', '!', '/']);
    word.chars().count() >= 2 && word.chars().all(|c| c == '?')
}

/// Whether letters of `text` are lost: replaced by a sign that says so, or by question marks inside of it.
pub fn has_lost_letters(text: &str) -> bool {
    let last = text.split_whitespace().next_back();
    text.contains(char::REPLACEMENT_CHARACTER)
        || text.split_whitespace().filter(|word| is_lost_word(word)).count()
            > usize::from(last.is_some_and(is_lost_word))
        || (!text.is_empty()
            && text.contains('?')
            && !text.chars().any(char::is_alphanumeric)
            && text.matches('?').count() >= 2)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, ImportError> {
        text(bytes, None, &mut Vec::new())
    }

    /// As a program does that takes UTF-8 for Windows-1252.
    fn twice(text: &str) -> String {
        WINDOWS_1252.decode(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn letters_that_were_encoded_twice_are_mended() {
        let right = "টব কোথায় পাব?\nনার্সারিতে, “গাছের দোকানে”। Pots – and soil.\n";
        assert_eq!(read(twice(right).as_bytes()).unwrap(), right);
        let latin: String = right.bytes().map(char::from).collect();
        assert_eq!(read(latin.as_bytes()).unwrap(), right);
        assert_eq!(read(twice(&twice(right)).as_bytes()).unwrap(), right);
        // The no-break space of ঠ (E0 A6 A0) is gone.
        let flat = twice("পাঠ পাঠ আর পাঠ কেন?").replace('\u{A0}', " ");
        assert_eq!(read(flat.as_bytes()).unwrap(), "পাঠ পাঠ আর পাঠ কেন?");
        let french = "Où est la bibliothèque ? À côté de l'école.";
        assert_eq!(read(french.as_bytes()).unwrap(), french);
    }

    #[test]
    fn letters_that_are_lost_are_told() {
        assert_eq!(read("question,answer\n???? ?? ???,?? ????\n".as_bytes()), Err(ImportError::Lost));
        assert!(has_lost_letters("???? কি?") && has_lost_letters("ক\u{FFFD}?"));
        assert!(!has_lost_letters("চা কি??") && !has_lost_letters("চা কি ???") && !has_lost_letters(""));
    }

    #[test]
    fn old_encodings_are_read_where_that_is_certain() {
        assert_eq!(
            read(b"It\x92s a pot? Yes, it\x92s one with a hole below.").unwrap(),
            "It’s a pot? Yes, it’s one with a hole below."
        );
        let bijoy = WINDOWS_1252.encode("m`m¨ n‡Z Kx jv‡M?\nKvW© wb‡Z n‡e|").0.into_owned();
        assert!(read(&bijoy).unwrap().starts_with("সদস্য হতে কী লাগে?"));
        assert!(matches!(read(b"a\n\xFF\xFF"), Err(ImportError::NotText(_))));
    }
}

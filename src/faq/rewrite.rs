//! Edits the files of `faq/` to hold other content; what stays keeps its comments and its order.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, RawString, Table, TomlError, Value, value};

use super::{Entry, EntryId, Faq, Smalltalk, Topic};
use crate::text::normalize::compose;

/// A file that cannot be edited, and why.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}")]
pub struct Unreadable {
    /// The file's name.
    file: String,
    /// Why.
    error: TomlError,
}

/// Files as they are read: name without folder, content.
type Files = Vec<(String, String)>;

/// `files` with the entries and counter-examples of `new`, which was parsed from them, extended and edited. The order of
/// related entries and phrasings stays that of the file.
///
/// # Errors
/// A file is not valid TOML.
pub fn rewrite(files: &[(String, String)], new: &Faq) -> Result<Files, Unreadable> {
    let mut edits = Edits { files: files.to_vec() };
    let mut added: Vec<&EntryId> = Vec::new();
    for entry in &new.entries {
        let name = format!("{}.toml", entry.id);
        if edits.has(&name) {
            edits.edit(&name, |document| {
                let table = document.as_table_mut();
                for (key, text) in
                    [("question", &entry.question), ("label", &entry.label), ("answer", &entry.answer)]
                {
                    set(table, key, text);
                }
                let related: Vec<String> = entry.related.iter().map(EntryId::to_string).collect();
                texts(table, "related", &related);
                texts(table, "phrasings", &entry.phrasings);
            })?;
        } else {
            edits.files.push((name, file(entry)));
            added.push(&entry.id);
        }
    }
    if !added.is_empty() {
        edits.edit("guide.toml", |document| {
            let order = document.get_mut("order").and_then(Item::as_array_mut);
            order.into_iter().for_each(|order| added.iter().for_each(|id| append(order, id.as_str())));
        })?;
    }
    if !new.smalltalk.is_empty() {
        edits.edit("smalltalk.toml", |document| {
            let kinds = new.smalltalk.iter().map(|Smalltalk { id, phrasings, .. }| (id, phrasings));
            tables(document, "kind", "phrasings", kinds);
        })?;
    }
    for (name, phrasings) in [
        ("handoff.toml", new.handoff.as_ref().map(|handoff| &handoff.phrasings)),
        ("distress.toml", new.distress.as_ref().map(|distress| &distress.phrasings)),
    ] {
        if let Some(phrasings) = phrasings {
            edits.edit(name, |document| texts(document.as_table_mut(), "phrasings", phrasings))?;
        }
    }
    if !new.topics.is_empty() {
        edits.edit("not-in-guide.toml", |document| {
            let topics = new.topics.iter().map(|Topic { id, examples, .. }| (id, examples));
            tables(document, "topic", "examples", topics);
        })?;
    }
    edits.files.sort();
    Ok(edits.files)
}

struct Edits {
    files: Files,
}

impl Edits {
    fn has(&self, name: &str) -> bool {
        self.files.iter().any(|(other, _)| other == name)
    }

    /// Edits a file, or makes one that is missing. A file whose content does not change stays as it is, byte for byte.
    fn edit(&mut self, name: &str, edit: impl FnOnce(&mut DocumentMut)) -> Result<(), Unreadable> {
        let known = self.files.iter().position(|(other, _)| other == name);
        let text = known.and_then(|at| self.files.get(at)).map_or("", |(_, text)| text.as_str());
        let parsed = text.parse::<DocumentMut>();
        let mut document = parsed.map_err(|error| Unreadable { file: name.to_owned(), error })?;
        edit(&mut document);
        let edited = document.to_string();
        match known.and_then(|at| self.files.get_mut(at)) {
            Some((_, text)) => *text = edited,
            None => self.files.push((name.to_owned(), edited)),
        }
        Ok(())
    }
}

/// The tables named `name`, by their ids, with the texts under `key`; a table that is missing is appended.
fn tables<'a>(
    document: &mut DocumentMut,
    name: &str,
    key: &str,
    wanted: impl Iterator<Item = (&'a EntryId, &'a Vec<String>)>,
) {
    let tables = document.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(tables) = tables.as_array_of_tables_mut() else { return };
    for (id, wanted) in wanted {
        let is_it = |table: &&mut Table| table.get("id").and_then(Item::as_str) == Some(id.as_str());
        if let Some(table) = tables.iter_mut().find(is_it) {
            texts(table, key, wanted);
        } else {
            let mut table = Table::new();
            table.insert("id", value(id.as_str()));
            table.insert(key, value(list(wanted)));
            if !tables.is_empty() {
                table.decor_mut().set_prefix("\n");
            }
            tables.push(table);
        }
    }
}

/// Makes the text under `key` say `wanted`; what already does stays as it is written.
fn set(table: &mut Table, key: &str, wanted: &str) {
    let Some(held) = table.get_mut(key).and_then(Item::as_value_mut) else { return };
    if held.as_str().is_some_and(|text| compose(text.trim()) == wanted) {
        return;
    }
    let decor = held.decor().clone();
    *held = Value::from(wanted);
    *held.decor_mut() = decor;
}

/// Makes the array under `key` hold `wanted`: takes out what is not in it, appends what is missing.
fn texts(table: &mut Table, key: &str, wanted: &[String]) {
    let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) else { return };
    let text = |value: &Value| value.as_str().map(|text| text.trim().to_owned());
    // First, so that they are laid out like those that go.
    for new in wanted {
        if !array.iter().any(|held| text(held).as_ref() == Some(new)) {
            append(array, new);
        }
    }
    let mut at = 0;
    while let Some(held) = array.get(at).map(text) {
        if held.is_some_and(|held| wanted.contains(&held)) {
            at += 1;
        } else {
            remove(array, at);
        }
    }
}

/// Removes an element; a comment before it stays.
fn remove(array: &mut Array, at: usize) {
    let removed = array.remove(at);
    let prefix = raw(removed.decor().prefix());
    let Some((comment, _)) = prefix.rsplit_once('\n').filter(|(comment, _)| comment.contains('#')) else {
        return;
    };
    match array.get_mut(at) {
        Some(next) => {
            let kept = format!("{comment}{}", raw(next.decor().prefix()));
            next.decor_mut().set_prefix(kept);
        }
        None => array.set_trailing(format!("{comment}{}", array.trailing().as_str().unwrap_or_default())),
    }
}

/// Appends a text as the texts before it are laid out; a comment behind the last one stays with it.
fn append(array: &mut Array, text: &str) {
    let mut new = Value::from(text);
    let last = array.len().checked_sub(1).and_then(|at| array.get(at));
    let prefix = last.map(|last| raw(last.decor().prefix()));
    match prefix.as_deref().and_then(|prefix| prefix.rsplit_once('\n')) {
        Some((_, indent)) => {
            let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
            let (comment, end) = trailing.rsplit_once('\n').unwrap_or(("", ""));
            new.decor_mut().set_prefix(format!("{comment}\n{indent}"));
            array.set_trailing(format!("\n{end}"));
            array.set_trailing_comma(true);
        }
        None if last.is_some() => new.decor_mut().set_prefix(" "),
        None => {}
    }
    array.push_formatted(new);
}

fn raw(text: Option<&RawString>) -> String {
    text.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

/// A new file for an entry.
fn file(entry: &Entry) -> String {
    let mut document = DocumentMut::new();
    let texts = [("question", Some(&entry.question)), ("label", Some(&entry.label))];
    let more = [("section", entry.section.as_ref()), ("answer", Some(&entry.answer))];
    for (key, text) in texts.into_iter().chain(more) {
        if let Some(text) = text {
            document.insert(key, value(text.as_str()));
        }
    }
    let related: Array = entry.related.iter().map(EntryId::as_str).collect();
    document.insert("related", value(related));
    document.insert("phrasings", value(list(&entry.phrasings)));
    document.to_string()
}

/// An array with a line for each text.
fn list(texts: &[String]) -> Array {
    let mut array = Array::new();
    for text in texts {
        let mut line = Value::from(text.as_str());
        line.decor_mut().set_prefix("\n  ");
        array.push_formatted(line);
    }
    if !texts.is_empty() {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}

/// The files that `rewrite` changed: name, old text (none where it is new), new text.
pub fn changes<'a>(
    old: &'a [(String, String)],
    new: &'a [(String, String)],
) -> impl Iterator<Item = (&'a str, Option<&'a str>, &'a str)> {
    new.iter().filter_map(|(name, text)| {
        let before = old.iter().find(|(other, _)| other == name).map(|(_, text)| text.as_str());
        (before != Some(text.as_str())).then_some((name.as_str(), before, text.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::{changes, rewrite};
    use crate::faq::format::parse;
    use crate::faq::overlay::Additions;
    use crate::faq::{Entry, EntryId, Faq};

    const GUIDE: &str = "title = \"t\" # the title\nlanguage = \"bn\"\nsubject = \"s\"\ngreeting_words = []\n\
        popular = []\norder = [\"one\", \"two\"]\n";
    const ONE: &str = "# About one.\nquestion = \"ek?\"\nlabel = \"ek\"\nanswer = \"\"\"\nA\n- b\"\"\"\nrelated = []\n\
        phrasings = [\n  \"ek a\", # plain\n  # in haste\n  \"ek b\",\n  \"ek c\", # last\n]\n";
    const TWO: &str = "question = \"dui?\"\nlabel = \"dui\"\nanswer = \"b\"\nrelated = [\"one\"]\n\
        phrasings = [\"dui a\", \"dui b\"]\n";

    fn files() -> Vec<(String, String)> {
        [("guide.toml", GUIDE), ("one.toml", ONE), ("two.toml", TWO)]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec()
    }

    fn faq(files: &[(String, String)]) -> Faq {
        parse(files).unwrap_or_else(|findings| unreachable!("{findings:?}"))
    }

    fn id(text: &str) -> EntryId {
        text.parse().unwrap_or_else(|_| unreachable!())
    }

    fn rewritten(taught: &Additions) -> Vec<(String, String)> {
        let new = faq(&files()).with(taught);
        let files = rewrite(&files(), &new).unwrap_or_else(|error| unreachable!("{error}"));
        assert_eq!(faq(&files), new);
        files
    }

    #[test]
    fn nothing_taught_changes_nothing() {
        assert_eq!(rewritten(&Additions::default()), files());
    }

    #[test]
    fn phrasings_are_appended_and_moved_and_comments_stay() {
        let mut taught = Additions::default();
        taught.phrasing("ek d", Some(id("one")));
        taught.phrasing("ek \"f\"", Some(id("two")));
        taught.phrasing("ek b", Some(id("two")));
        let files = rewritten(&taught);
        let one = ONE.replace("  \"ek b\",\n", "").replace("# last\n", "# last\n  \"ek d\",\n");
        assert_eq!(files[1].1, one);
        let two = TWO.replace("\"dui b\"", "\"dui b\", 'ek \"f\"', \"ek b\"");
        assert_eq!(files[2].1, two);
        assert_eq!(changes(&self::files(), &files).count(), 2);
    }

    #[test]
    fn new_entries_and_counter_examples_get_files() {
        let mut taught = Additions::default();
        taught.phrasing("kal bristi?", None);
        taught.entry(Entry {
            id: id("three"),
            question: "tin?".to_owned(),
            label: "tin".to_owned(),
            section: None,
            answer: "*a*\n- \"b\"\n\\".to_owned(),
            related: vec![id("one"), id("two")],
            phrasings: vec!["tin a".to_owned(), "dui a".to_owned()],
            picture: None,
        });
        let files = rewritten(&taught);
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["guide.toml", "not-in-guide.toml", "one.toml", "three.toml", "two.toml"]);
        assert!(files[0].1.contains("order = [\"one\", \"two\", \"three\"]\n"), "{}", files[0].1);
        assert_eq!(files[1].1, "[[topic]]\nid = \"taught\"\nexamples = [\n  \"kal bristi?\",\n]\n");
    }
}

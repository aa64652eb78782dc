//! What an import did, as a person reads it: `IMPORT.md` of the folder.

use super::note::Kind;
use super::{Draft, Note};

/// One source and what became of it.
pub struct Report<'a> {
    /// The file or address.
    pub source: &'a str,
    /// What was written, each with its id.
    pub entries: Vec<(&'a str, &'a Draft)>,
    /// Questions that the folder had already, each with the id there.
    pub known: Vec<(String, String)>,
    /// What no entry shows.
    pub notes: &'a [Note],
}

impl Report<'_> {
    /// Name and number of everything that is counted, zeros too.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let marked = self.entries.iter().filter(|(_, draft)| !draft.remarks().is_empty()).count();
        let held_back = self.entries.iter().filter(|(_, draft)| draft.is_held_back()).count();
        let mut counts = vec![
            ("questions found", self.entries.len() + self.known.len()),
            ("entries written", self.entries.len()),
            ("in the folder already", self.known.len()),
            ("marked for review", marked),
            ("not in service until reviewed", held_back),
        ];
        counts.extend(
            Kind::ALL.map(|kind| (kind.title(), self.notes.iter().filter(|note| note.kind == kind).count())),
        );
        counts
    }

    /// The notes as lines, by kind.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for kind in Kind::ALL {
            for note in self.notes.iter().filter(|note| note.kind == kind) {
                lines.push(format!("{}: {}", kind.title(), said(note)));
            }
        }
        lines
    }

    /// The section of `IMPORT.md` about this source.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n| what | how many |\n|---|---|\n", flat(self.source));
        for (name, count) in self.counts() {
            text.extend(["| ", name, " | ", &count.to_string(), " |\n"]);
        }
        let marked = self.entries.iter().filter(|(_, draft)| !draft.remarks().is_empty());
        let marked: Vec<String> = marked
            .map(|(id, draft)| {
                let held_back = if draft.is_held_back() { " (not in service until then)" } else { "" };
                format!("`{id}.toml`, {}: {}{held_back}", draft.question, draft.remarks().join("; "))
            })
            .collect();
        list(&mut text, "marked for review", &marked);
        for kind in Kind::ALL {
            let notes: Vec<String> = self.notes.iter().filter(|note| note.kind == kind).map(said).collect();
            list(&mut text, kind.title(), &notes);
        }
        let known: Vec<String> =
            self.known.iter().map(|(id, question)| format!("{question}: `{id}.toml`")).collect();
        list(&mut text, "in the folder already, not written again", &known);
        let written: Vec<String> =
            self.entries.iter().map(|(id, draft)| format!("`{id}`: {}", draft.question)).collect();
        list(&mut text, "entries written", &written);
        text
    }
}

/// What opens `IMPORT.md`.
pub const OPENING: &str = "\
# What was imported

Everything that the sources below held is an entry here, or is named in a list. Entries with a line `# review:` want
a person's eye: mend them and take the line out. Those with `draft = true` are not in service until that line is gone.
An entry's id is its file's name: before the bot is started first you may rename files (and the ids in the `order` of
`guide.toml`); later, links rely on them.

";

fn list(text: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    text.extend(["\n### ", &capital(title), "\n\n"]);
    for item in items {
        text.extend(["- ", &flat(item), "\n"]);
    }
}

fn said(note: &Note) -> String {
    match note.place.trim().trim_end_matches(',') {
        "" => note.text.clone(),
        place => format!("{place}: {}", note.text),
    }
}

/// On one line, and without what Markdown would take for a tag.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "&lt;")
}

fn capital(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

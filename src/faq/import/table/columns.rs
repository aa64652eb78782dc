//! Which column of a table holds what: by the names in its first rows, or by what stands in it.

use crate::faq::import::ends_asking;
use crate::faq::import::outline::asks;
use crate::text::normalize::normalize;

/// How many rows may stand above the one that names the columns: titles, dates, blank ones.
const ABOVE: usize = 10;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What is asked.
    Question,
    /// What is answered.
    Answer,
    /// Other ways to ask.
    Alternate,
    /// The heading of the article.
    Section,
    /// A short form of the question, for a button.
    Label,
    /// The entry's id.
    Id,
    /// Nothing that an entry has.
    Unused,
}

/// Words that name a column, in the order in which they are looked for.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Alternate,
        &[
            "alternate",
            "alternates",
            "alternative",
            "alternatives",
            "variation",
            "variations",
            "variant",
            "variants",
            "phrasing",
            "phrasings",
            "wording",
            "wordings",
            "synonym",
            "synonyms",
            "similar",
            "utterance",
            "utterances",
            "also",
            "other",
            "paraphrase",
            "paraphrases",
            "বিকল্প",
            "অন্যভাবে",
            "সমার্থক",
            "একই",
            "অন্য",
        ],
    ),
    (Column::Id, &["id", "slug", "key", "আইডি"]),
    (Column::Label, &["label", "short", "button", "লেবেল", "সংক্ষেপ", "সংক্ষিপ্ত", "বোতাম"]),
    (
        Column::Unused,
        &[
            "sl",
            "no",
            "number",
            "serial",
            "#",
            "নং",
            "ক্রমিক",
            "ক্রম",
            "date",
            "তারিখ",
            "status",
            "by",
            "author",
            "language",
        ],
    ),
    (
        Column::Answer,
        &["answer", "answers", "ans", "a", "reply", "response", "solution", "উত্তর", "উত্তরসমূহ", "জবাব", "সমাধান"],
    ),
    (
        Column::Question,
        &[
            "question",
            "questions",
            "ques",
            "q",
            "query",
            "queries",
            "ask",
            "প্রশ্ন",
            "প্রশ্নসমূহ",
            "জিজ্ঞাসা",
            "জিজ্ঞাস্য",
        ],
    ),
    (
        Column::Section,
        &[
            "section",
            "category",
            "topic",
            "group",
            "heading",
            "বিভাগ",
            "বিষয়",
            "ক্যাটাগরি",
            "ধরন",
            "অধ্যায়",
            "শিরোনাম",
        ],
    ),
];

/// The columns of a table of questions and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Where the questions stand.
    pub question: usize,
    /// Where the answers stand.
    pub answer: usize,
    /// The first row of questions.
    pub body: usize,
    /// The table itself says which column is which.
    pub named: bool,
    /// Every column by its name and what it holds.
    pub roles: Vec<(String, Column)>,
}

impl Columns {
    /// The columns of a table with these rows.
    ///
    /// # Errors
    /// No column can be taken for the questions, or none for the answers: what is wanted.
    pub fn find<Row: AsRef<[String]>>(rows: &[Row]) -> Result<Self, String> {
        let named =
            rows.iter().map(AsRef::as_ref).take(ABOVE).enumerate().find_map(|(at, row)| by_name(at, row));
        match named {
            Some(columns) => Ok(columns),
            None => by_content(rows),
        }
    }

    /// Every column that holds `column`.
    pub fn of(&self, column: Column) -> impl Iterator<Item = usize> {
        self.roles.iter().enumerate().filter(move |(_, (_, own))| *own == column).map(|(at, _)| at)
    }
}

fn by_name(at: usize, row: &[String]) -> Option<Columns> {
    let mut roles: Vec<(String, Column)> =
        row.iter().map(|cell| (cell.trim().to_owned(), column(cell))).collect();
    let first = |roles: &[(String, Column)], column: Column| roles.iter().position(|(_, own)| *own == column);
    let question = first(&roles, Column::Question)?;
    let answer = first(&roles, Column::Answer)?;
    // A second column of questions is another way to ask; a second one of answers is told of.
    for (at, (_, column)) in roles.iter_mut().enumerate() {
        match column {
            Column::Question if at != question => *column = Column::Alternate,
            Column::Answer if at != answer => *column = Column::Unused,
            _ => {}
        }
    }
    Some(Columns { question, answer, body: at + 1, named: true, roles })
}

/// What a column of this name holds: names are short, and ask nothing.
pub fn column(name: &str) -> Column {
    let normalized = normalize(name);
    let words: Vec<&str> = normalized
        .split([' ', '.', '?'])
        .map(|word| word.trim_matches('s').trim())
        .filter(|word| !word.is_empty())
        .collect();
    let plain: Vec<&str> = normalized.split([' ', '.', '?']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() || plain.len() > 5 || name.trim().ends_with('?') {
        return Column::Unused;
    }
    let named = NAMES.iter().find(|(_, names)| plain.iter().any(|word| names.contains(word)));
    named.map_or(Column::Unused, |(column, _)| *column)
}

/// By what stands in the columns: questions end with their mark, answers are long.
fn by_content<Row: AsRef<[String]>>(rows: &[Row]) -> Result<Columns, String> {
    let wanted = "no column can be told for the questions and another for the answers; write “question” and \
        “answer” (or “প্রশ্ন” and “উত্তর”) into the first row, above them";
    let filled: Vec<(usize, &[String])> = rows
        .iter()
        .map(AsRef::as_ref)
        .enumerate()
        .filter(|(_, row)| row.iter().filter(|cell| !cell.trim().is_empty()).count() >= 2)
        .collect();
    let width = filled.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
    let share = |at: usize, fits: &dyn Fn(&str) -> bool| {
        filled.iter().filter(|(_, row)| row.get(at).is_some_and(|cell| fits(cell.trim()))).count()
    };
    let question = (0..width)
        .map(|at| (share(at, &ends_asking) * 4 + share(at, &asks), width - at, at))
        .max()
        .map(|(_, _, at)| at)
        .filter(|at| share(*at, &asks) * 10 >= filled.len() * 4 && share(*at, &ends_asking) > 0)
        .ok_or(wanted)?;
    let length = |at: usize| -> usize {
        filled
            .iter()
            .filter_map(|(_, row)| row.get(at))
            .filter(|cell| cell.chars().any(char::is_alphabetic))
            .map(|cell| cell.chars().count())
            .sum()
    };
    // A column of the same few words (a category, a date) is none of answers.
    let answer = (0..width)
        .filter(|at| *at != question)
        .map(|at| (length(at), width - at, at))
        .max()
        .filter(|(length, ..)| *length > 0)
        .map(|(_, _, at)| at)
        .ok_or(wanted)?;
    let asked = |row: &&(usize, &[String])| row.1.get(question).is_some_and(|cell| asks(cell));
    // The first row may name the columns in words that are not known here.
    let first = filled.first().filter(|row| asked(row)).or_else(|| filled.get(1).filter(|row| asked(row)));
    let body = first.or_else(|| filled.first()).map_or(0, |(at, _)| *at);
    let head = body.checked_sub(1).and_then(|above| rows.get(above)).map(AsRef::as_ref);
    let roles = (0..width)
        .map(|at| {
            let name = head.and_then(|head| head.get(at)).filter(|name| !name.trim().is_empty());
            let name = name.map_or_else(|| format!("column {}", at + 1), |name| name.trim().to_owned());
            let column = if at == question {
                Column::Question
            } else if at == answer {
                Column::Answer
            } else {
                Column::Unused
            };
            (name, column)
        })
        .collect();
    Ok(Columns { question, answer, body, named: false, roles })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{Column, Columns, column};

    #[test]
    fn columns_are_known_by_many_names() {
        for (name, expected) in [
            ("FAQ Question", Column::Question),
            ("প্রশ্ন", Column::Question),
            ("সাধারণ প্রশ্নসমূহ", Column::Question),
            ("Answer (Bangla)", Column::Answer),
            ("উত্তর:", Column::Answer),
            ("Alternate questions", Column::Alternate),
            ("বিকল্প প্রশ্ন", Column::Alternate),
            ("Question ID", Column::Id),
            ("প্রশ্ন নং", Column::Unused),
            ("SL", Column::Unused),
            ("বিভাগ", Column::Section),
            ("Short label", Column::Label),
            ("টব কি?", Column::Unused),
        ] {
            assert_eq!(column(name), expected, "{name}");
        }
    }

    #[test]
    fn columns_without_names_are_told_by_what_they_hold() {
        let rows = |rows: &[&[&str]]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
        };
        let found = Columns::find(&rows(&[&["১", "পাত্র।", "টব কি?"], &["২", "ধুলা, বালি।", "মাটি কি?"]])).unwrap();
        assert_eq!((found.question, found.answer, found.body), (2, 1, 0));
        let found =
            Columns::find(&rows(&[&["Spalte", "Text"], &["টব কি?", "পাত্র।"], &["মাটি কি?", "ধুলা।"]])).unwrap();
        assert_eq!((found.question, found.answer, found.body), (0, 1, 1));
        assert!(Columns::find(&rows(&[&["a", "b"], &["c", "d"]])).unwrap_err().contains("“question”"));
        assert!(Columns::find(&rows(&[&["টব কি?"], &["মাটি কি?"]])).is_err());
    }
}

//! What a file holds and no entry shows, so that nothing is lost without a word.

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A line that ends with a question mark and heads no entry.
    Question,
    /// A row without question or answer, or one that says what another does.
    Row,
    /// A column, or a key of a JSON object.
    Column,
    /// A sheet of a workbook.
    Sheet,
    /// A link whose address was lost.
    Link,
    /// A picture, a film or a sound.
    Picture,
    /// A table that became lines of text.
    Table,
    /// Text that belongs to no entry.
    Text,
    /// Letters that were mended or are lost.
    Letters,
}

impl Kind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Question,
        Self::Row,
        Self::Column,
        Self::Sheet,
        Self::Link,
        Self::Picture,
        Self::Table,
        Self::Text,
        Self::Letters,
    ];

    /// What a reader is told that these are.
    pub fn title(self) -> &'static str {
        match self {
            Self::Question => "lines that end in “?” and head no entry",
            Self::Row => "rows not used",
            Self::Column => "columns not used",
            Self::Sheet => "sheets not used",
            Self::Link => "links whose address was lost",
            Self::Picture => "pictures, films and sounds",
            Self::Table => "tables, kept as lines",
            Self::Text => "text that belongs to no entry",
            Self::Letters => "letters mended or lost",
        }
    }
}

/// Something found, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in words: `line 3`, `below “…”`.
    pub place: String,
    /// What it says.
    pub text: String,
}

impl Note {
    /// A note.
    pub fn new(kind: Kind, place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind, place: place.into(), text: text.into() }
    }
}

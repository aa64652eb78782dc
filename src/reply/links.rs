//! Links into the article, and to a person.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::faq::Entry;

/// What a text fragment must not hold unescaped: everything but RFC 3986's unreserved characters, `-` included
/// because it separates the parts of a `:~:text=` directive.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// Where the full article lies, and so where "read on" leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    article: String,
    builtin: bool,
    contact: Option<Contact>,
}

/// Whom people reach who want a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// The address of a page or a chat.
    Page(String),
    /// A mail address.
    Mail(String),
}

impl Links {
    /// The built-in guide page below `public_url` (no slash at its end): `PUBLIC_URL/guide`.
    pub fn builtin(public_url: &str) -> Self {
        Self { article: format!("{public_url}/guide"), builtin: true, contact: None }
    }

    /// An article elsewhere.
    pub fn outside(article_url: &str) -> Self {
        Self { article: article_url.to_owned(), builtin: false, contact: None }
    }

    /// The same, with the `contact` of a person.
    pub fn with_contact(self, contact: Option<Contact>) -> Self {
        Self { contact, ..self }
    }

    /// Whom people reach who want a person.
    pub fn contact(&self) -> Option<&Contact> {
        self.contact.as_ref()
    }

    /// Whether the article is the built-in guide page.
    pub fn is_builtin(&self) -> bool {
        self.builtin
    }

    /// The full article.
    pub fn article(&self) -> &str {
        &self.article
    }

    /// The entry's part of the article: `#ID` on the built-in page, a text fragment on an outside one, which
    /// falls back to the plain link where the entry has no section or the address has a fragment already.
    ///
    /// ```
    /// # use uttor::{faq::Entry, reply::links::Links};
    /// # let entry = Entry { id: "mobile".parse().unwrap(), question: String::new(), label: String::new(),
    /// #     section: Some("মোবাইল".into()), answer: String::new(), related: vec![], phrasings: vec![], picture: None };
    /// assert_eq!(Links::builtin("http://127.0.0.1:8080").section(&entry), "http://127.0.0.1:8080/guide#mobile");
    /// assert!(Links::outside("https://example.org/a").section(&entry).starts_with("https://example.org/a#:~:text=%E0%A6%AE"));
    /// ```
    pub fn section(&self, entry: &Entry) -> String {
        if self.builtin {
            return format!("{}#{}", self.article, entry.id);
        }
        match &entry.section {
            Some(section) if !self.article.contains('#') => {
                format!("{}#:~:text={}", self.article, utf8_percent_encode(section, FRAGMENT))
            }
            _ => self.article.clone(),
        }
    }
}

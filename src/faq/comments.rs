//! `comments.toml`: which comments below the Page's posts are answered, and how.
//!
//! ```
//! use uttor::faq::comments::{CommentRules, Reading};
//! let rules = CommentRules { trigger: vec!["লিংক দেন".into()], exclude: vec!["spam".into()], ..CommentRules::default() };
//! let rule = rules.of(Some("1_2")).unwrap();
//! assert_eq!(rule.read("vai link den"), Reading::Triggered);
//! assert_eq!(rule.read("Spam! লিংক দেন"), Reading::Excluded);
//! assert_eq!(rule.read("কীভাবে শুরু করব?"), Reading::Other);
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::text::key::readings_of;
use crate::text::normalize::normalize;
use crate::text::tokens::tokens;

/// The posts below which comments are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Posts {
    /// All but those that are listed as off.
    #[default]
    All,
    /// Those that are listed.
    Listed,
    /// None.
    Off,
}

/// What `comments.toml` says; without the file every post's comments are answered, with the program's own line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentRules {
    /// Which posts.
    pub posts: Posts,
    /// Whether a person gets one answer a post.
    pub once: bool,
    /// How long an answer waits after the comment.
    pub delay: Duration,
    /// Words that get [`CommentRules::private`], whatever else the comment says.
    pub trigger: Vec<String>,
    /// Words that get nothing, whatever else the comment says.
    pub exclude: Vec<String>,
    /// Lines below the comment, taken in turn; without them the program's own.
    pub public: Vec<String>,
    /// The private reply to a trigger.
    pub private: Option<String>,
    /// Posts with rules of their own.
    pub own: Vec<PostRules>,
}

/// What holds for one post in place of what holds for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRules {
    /// The post's id, with or without the Page's before it.
    pub id: String,
    /// Whether its comments get nothing.
    pub off: bool,
    /// As [`CommentRules::trigger`].
    pub trigger: Option<Vec<String>>,
    /// As [`CommentRules::exclude`].
    pub exclude: Option<Vec<String>>,
    /// As [`CommentRules::public`].
    pub public: Option<Vec<String>>,
    /// As [`CommentRules::private`].
    pub private: Option<String>,
}

/// The rules of one post.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    trigger: &'a [String],
    exclude: &'a [String],
    /// Lines below the comment, taken in turn.
    pub public: &'a [String],
    /// The private reply to a trigger.
    pub private: Option<&'a str>,
}

/// How a comment reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It has an excluded word.
    Excluded,
    /// It has a trigger.
    Triggered,
    /// It has neither.
    Other,
}

impl CommentRules {
    /// The rules of `post`; none where its comments get nothing.
    pub fn of(&self, post: Option<&str>) -> Option<Rule<'_>> {
        let is_it = |own: &&PostRules| {
            post.is_some_and(|post| {
                post == own.id || post.rsplit_once('_').is_some_and(|(_, id)| id == own.id)
            })
        };
        let own = self.own.iter().find(is_it);
        let is_answered = match self.posts {
            Posts::All => own.is_none_or(|own| !own.off),
            Posts::Listed => own.is_some_and(|own| !own.off),
            Posts::Off => false,
        };
        is_answered.then(|| Rule {
            trigger: own.and_then(|own| own.trigger.as_deref()).unwrap_or(&self.trigger),
            exclude: own.and_then(|own| own.exclude.as_deref()).unwrap_or(&self.exclude),
            public: own.and_then(|own| own.public.as_deref()).unwrap_or(&self.public),
            private: own.and_then(|own| own.private.as_deref()).or(self.private.as_deref()),
        })
    }

    /// What holds, a line each, in English.
    pub fn describe(&self) -> Vec<String> {
        let words = |what: &str, words: &[String]| format!("{what}: {}", words.join(", "));
        let mut lines = vec![match self.posts {
            Posts::All => "comments below all posts are answered".to_owned(),
            Posts::Listed => "comments below the listed posts are answered".to_owned(),
            Posts::Off => "no comments are answered (posts = \"off\")".to_owned(),
        }];
        if self.once {
            lines.push("each person gets one answer a post".to_owned());
        }
        if !self.delay.is_zero() {
            lines.push(format!("an answer waits {} s after the comment", self.delay.as_secs()));
        }
        for (what, list) in
            [("triggers", &self.trigger), ("excluded", &self.exclude), ("lines below comments", &self.public)]
        {
            if !list.is_empty() {
                lines.push(words(what, list));
            }
        }
        lines.extend(self.private.iter().map(|text| format!("private reply to a trigger: {text}")));
        for own in &self.own {
            let mut parts = Vec::new();
            if own.off {
                parts.push("off".to_owned());
            }
            for (what, list) in
                [("triggers", &own.trigger), ("excluded", &own.exclude), ("lines", &own.public)]
            {
                parts.extend(list.as_ref().map(|list| words(what, list)));
            }
            parts.extend(own.private.iter().map(|text| format!("private reply: {text}")));
            let parts = if parts.is_empty() { "as all".to_owned() } else { parts.join("; ") };
            lines.push(format!("post {}: {parts}", own.id));
        }
        lines
    }
}

impl Rule<'_> {
    /// Whether the comment has a word that excludes it, or else one that triggers.
    pub fn read(&self, comment: &str) -> Reading {
        let has = |list: &[String]| list.iter().any(|words| contains(comment, words));
        if has(self.exclude) {
            Reading::Excluded
        } else if has(self.trigger) {
            Reading::Triggered
        } else {
            Reading::Other
        }
    }
}

/// Whether `text` has these words one after the other, in whatever script they are typed.
fn contains(text: &str, words: &str) -> bool {
    let (text, words) = (normalize(text), normalize(words));
    let (text, words) = (tokens(&text), tokens(&words));
    let sounds = |of: &[crate::text::tokens::Token<'_>]| {
        of.iter().map(|token| readings_of(*token)).collect::<Vec<_>>()
    };
    let (text, words) = (sounds(&text), sounds(&words));
    !words.is_empty()
        && text.windows(words.len()).any(|window| {
            let mut pairs = window.iter().zip(&words);
            pairs.all(|(said, meant)| said.as_slice().iter().any(|key| meant.as_slice().contains(key)))
        })
}

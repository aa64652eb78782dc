//! `comments.toml`: parsed and checked.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::Reader;
use crate::faq::comments::{CommentRules, PostRules, Posts};
use crate::faq::finding::File;

/// A private reply may come at most so long after the comment; this is far less, as nobody waits for it longer.
const MAX_DELAY_SECS: u64 = 600;

/// Characters of a line below a comment.
const MAX_LINE_CHARS: usize = 300;

/// Bytes of a private reply, so that it is one message on Instagram too (1,000 bytes).
const MAX_PRIVATE_BYTES: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawComments {
    posts: Option<Spanned<String>>,
    #[serde(default = "yes")]
    once: bool,
    delay_secs: Option<Spanned<u64>>,
    #[serde(default)]
    trigger: Vec<Spanned<String>>,
    #[serde(default)]
    exclude: Vec<Spanned<String>>,
    #[serde(default)]
    public: Vec<Spanned<String>>,
    private: Option<Spanned<String>>,
    #[serde(default)]
    post: Vec<RawPost>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPost {
    id: Spanned<String>,
    #[serde(default)]
    off: bool,
    trigger: Option<Vec<Spanned<String>>>,
    exclude: Option<Vec<Spanned<String>>>,
    public: Option<Vec<Spanned<String>>>,
    private: Option<Spanned<String>>,
}

fn yes() -> bool {
    true
}

impl Reader {
    pub(super) fn comments(&mut self, file: &File<'_>) -> Option<CommentRules> {
        let raw: RawComments = self.toml(file)?;
        let posts = match raw.posts.as_ref().map(|posts| posts.get_ref().as_str()) {
            None | Some("all") => Posts::All,
            Some("listed") => Posts::Listed,
            Some("off") => Posts::Off,
            Some(other) => {
                let place = raw.posts.as_ref().map_or(0..0, Spanned::span);
                self.error(&file.place(&place), format!("{other:?} is not one of all, listed, off"));
                return None;
            }
        };
        if posts == Posts::Listed && raw.post.is_empty() {
            let place = raw.posts.as_ref().map_or(0..0, Spanned::span);
            self.error(
                &file.place(&place),
                "no post is listed, write a [[post]] with its id, or posts = \"all\"",
            );
        }
        let delay = raw.delay_secs.as_ref().map_or(0, |delay| *delay.get_ref());
        if let Some(raw) = raw.delay_secs.filter(|_| delay > MAX_DELAY_SECS) {
            let message = format!("{delay} seconds are too long, wait at most {MAX_DELAY_SECS}");
            self.error(&file.place(&raw.span()), message);
        }
        let private = raw.private.as_ref().map(|text| self.private(file, text));
        let mut own: Vec<PostRules> = Vec::new();
        for raw in &raw.post {
            let id = raw.id.get_ref().trim().to_owned();
            let place = file.place(&raw.id.span());
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
                self.error(&place, format!("{id:?} is no post's id, it has digits and _ only"));
            }
            if own.iter().any(|other| other.id == id) {
                self.error(&place, format!("the post {id} stands twice, put both in one"));
            }
            let trigger = raw.trigger.as_ref().map(|words| self.words(file, words));
            let own_private = raw.private.as_ref().map(|text| self.private(file, text));
            if trigger.as_ref().is_some_and(|words| !words.is_empty())
                && own_private.is_none()
                && private.is_none()
            {
                self.error(&place, "it has triggers and no private reply, write private = \"…\"");
            }
            own.push(PostRules {
                id,
                off: raw.off,
                trigger,
                exclude: raw.exclude.as_ref().map(|words| self.words(file, words)),
                public: raw.public.as_ref().map(|lines| self.lines(file, lines)),
                private: own_private,
            });
        }
        let trigger = self.words(file, &raw.trigger);
        if let Some(first) = raw.trigger.first().filter(|_| private.is_none()) {
            self.error(
                &file.place(&first.span()),
                "there are triggers and no private reply, write private = \"…\"",
            );
        }
        Some(CommentRules {
            posts,
            once: raw.once,
            delay: Duration::from_secs(delay),
            trigger,
            exclude: self.words(file, &raw.exclude),
            public: self.lines(file, &raw.public),
            private,
            own,
        })
    }

    fn words(&mut self, file: &File<'_>, raw: &[Spanned<String>]) -> Vec<String> {
        raw.iter().map(|words| self.text(file, "word", words)).collect()
    }

    fn lines(&mut self, file: &File<'_>, raw: &[Spanned<String>]) -> Vec<String> {
        raw.iter()
            .map(|line| {
                let text = self.text(file, "line", line);
                let chars = text.chars().count();
                if chars > MAX_LINE_CHARS {
                    let message = format!("the line is {chars} characters, at most {MAX_LINE_CHARS}");
                    self.error(&file.place(&line.span()), message);
                }
                text
            })
            .collect()
    }

    fn private(&mut self, file: &File<'_>, raw: &Spanned<String>) -> String {
        let text = self.text(file, "private reply", raw);
        if text.len() > MAX_PRIVATE_BYTES {
            let message = format!(
                "the private reply is {} bytes, at most {MAX_PRIVATE_BYTES}: it has to be one message",
                text.len()
            );
            self.error(&file.place(&raw.span()), message);
        }
        text
    }
}

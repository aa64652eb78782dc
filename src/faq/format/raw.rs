//! The files of `faq/` as TOML has them, before anything in them is looked at.

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGuide {
    pub title: Spanned<String>,
    pub language: Spanned<String>,
    pub subject: Spanned<RawSubject>,
    #[serde(default)]
    pub greeting_words: Vec<Spanned<String>>,
    pub popular: Option<Vec<Spanned<String>>>,
    pub order: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub examples: Vec<Spanned<String>>,
    pub timezone: Option<Spanned<String>>,
    pub contact: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum RawSubject {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawEntry {
    pub question: Spanned<String>,
    pub label: Spanned<String>,
    pub section: Option<Spanned<String>>,
    pub answer: Spanned<String>,
    pub related: Vec<Spanned<String>>,
    pub phrasings: Vec<Spanned<String>>,
    #[serde(default)]
    pub draft: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSmalltalkFile {
    pub kind: Vec<RawSmalltalk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSmalltalk {
    pub id: Spanned<String>,
    pub reply: Spanned<String>,
    pub phrasings: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTopicFile {
    pub topic: Vec<RawTopic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTopic {
    pub id: Spanned<String>,
    #[serde(default)]
    pub statement: bool,
    pub reply: Option<Spanned<String>>,
    pub examples: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFit {
    pub calibration: RawCalibration,
    pub private: RawThreshold,
    pub addressed: RawThreshold,
    pub overheard: RawThreshold,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawThreshold {
    pub accept: Spanned<f32>,
    #[serde(default = "never")]
    pub suggest: Spanned<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCalibration {
    pub bias: f32,
    pub logit: f32,
}

fn never() -> Spanned<f32> {
    Spanned::new(0..0, 1.0)
}

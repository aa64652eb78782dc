//! Text as people type it, made comparable: raw text in, normalized text, words and phonetic keys out.
//!
//! ```
//! use uttor::text::{key, normalize::normalize};
//! assert_eq!(normalize("ভাই, ফ্রিল্যান্সিং কি??"), "ভাই ফ্রিল্যান্সিং কি?");
//! ```

pub mod asks;
pub mod concept;
pub mod dictionary;
mod emoji;
pub mod key;
pub mod lexicon;
mod marks;
pub mod mask;
pub mod normalize;
pub mod stem;
pub mod tokens;

//! What a Page's set-up lacks, in words, each with its remedy.

//! `uttor check`: every kind of finding with its place, and the exit codes.

use crate::support::content::{Copy, tea};
use crate::support::diff::assert_same;
use crate::support::program::{stderr, stdout, uttor, uttor_with};

/// The findings for a spoiled copy, without its folder's name, and the exit code.
/// How the line begins that says what the bot will answer.
const SHARE: &str = "expected share answered";

fn check(spoil: impl FnOnce(&Copy)) -> (String, Option<i32>) {
    let copy = Copy::new();
    spoil(&copy);
    let output = uttor_with(copy.path(), "check").output().unwrap();
    assert_eq!(stderr(&output), "");
    (stdout(&output).replace(&format!("{}/", copy.path().display()), ""), output.status.code())
}

#[test]
fn sound_content_passes_with_a_word_about_few_wordings() {
    let output = uttor_with(&tea(), "check").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stdout = stdout(&output);
    assert_eq!(stdout.lines().last(), Some("3 entries, 10 phrasings, 0 errors, 3 warnings"), "{stdout}");
    assert_eq!(stdout.matches("so the bot will mostly offer this").count(), 3, "{stdout}");
}

#[test]
fn findings_say_place_value_and_remedy() {
    let long = "ক".repeat(901);
    for (file, old, new, expected) in [
        (
            "what.toml",
            "label",
            "labell",
            "what.toml:2: error: unknown field `labell`, expected one of `question`",
        ),
        ("what.toml", "related = [\"make\"]\n", "", "what.toml:1: error: missing field `related`"),
        ("what.toml", "\"make\"", "\"mak\"", "what.toml:5: error: there is no entry mak; did you mean make?"),
        ("what.toml", "\"make\"", "\"biscuits\"", "what.toml:5: error: there is no entry biscuits\n"),
        ("what.toml", "\"make\"", "\"what\"", "what.toml:5: error: an entry is not related to itself"),
        ("what.toml", "\"make\"", "\"Make!\"", "what.toml:5: error: \"Make!\" is no id"),
        (
            "what.toml",
            "চা কি\"",
            "চা আসলে কি জিনিস বলুন তো\"",
            "what.toml:2: error: label is 24 characters, at most 20",
        ),
        ("price.toml", "এক কাপ", &long, "price.toml:3: error: answer is 910 characters, at most 900"),
        ("price.toml", "\"tea price\"", "\" \"", "price.toml:8: error: the phrasing is empty"),
        (
            "price.toml",
            "\"tea price\"",
            "\"What is TEA?\"",
            "what.toml:10: error: “what is tea” stands in price already",
        ),
        (
            "price.toml",
            "\"tea price\"",
            "\"coffee  kivabe banabo\"",
            "price.toml:8: error: “coffee  kivabe banabo” stands in coffee",
        ),
        (
            "price.toml",
            "\"tea price\"",
            "\"Cha er dam, koto\"",
            "price.toml:8: warning: “Cha er dam, koto” stands on line 7 already",
        ),
        ("price.toml", "চায়ের দাম\"", "চা কি\"", "price.toml:2: warning: label “চা কি” is that of what too"),
        ("price.toml", "question", "question = 3 #", "price.toml:1: error: invalid type: integer `3`"),
        ("price.toml", "]\n", "", "price.toml:"),
        ("make.toml", "#price", "#prices", "make.toml:3: error: the link #prices leads to no entry"),
        ("what.toml", "what is tea", "চা কি পান করে", "3 entries, 10 phrasings, 0 errors, 3 warnings"),
        (
            "guide.toml",
            "\"make\", ",
            "",
            "make.toml:1: error: make does not stand in the order of guide.toml",
        ),
        ("guide.toml", "\"make\", ", "\"what\", ", "guide.toml:6: error: \"what\" stands twice in the order"),
        (
            "guide.toml",
            "[\"what\", \"price\"]",
            "[\"what\", \"prise\"]",
            "guide.toml:5: error: there is no entry prise; did you mean price?",
        ),
        (
            "smalltalk.toml",
            "hello",
            "salam, vai",
            "smalltalk.toml:4: warning: “salam vai” stands on line 4 already",
        ),
        (
            "not-in-guide.toml",
            "\"coffee\"",
            "\"coffee\"\nreply2 = 1",
            "not-in-guide.toml:3: error: unknown field `reply2`",
        ),
    ] {
        let (found, code) = check(|copy| copy.replace(file, old, new));
        let errors = found.contains(": error: ");
        assert!(found.contains(expected), "{file}: {old} -> {new}\nexpected {expected}\nfound\n{found}");
        assert_eq!(code, Some(i32::from(errors)), "{found}");
        let last = found.lines().last().unwrap_or_default();
        assert!(last.ends_with(" warnings") && last.contains(" errors, "), "{found}");
        assert!(
            found
                .lines()
                .rev()
                .skip(1)
                .filter(|line| !line.starts_with(SHARE))
                .all(|line| line.splitn(3, ':').count() == 3),
            "{found}"
        );
    }
}

#[test]
fn entries_without_latin_phrasings_and_unusual_spellings_are_warned_of() {
    let (found, code) = check(|copy| {
        copy.replace("price.toml", "cha er dam koto", "চা খেতে কত লাগে");
        copy.replace("price.toml", "tea price", "কাপের দ\u{9be}ম প\u{9a1}\u{9bc}ে কত");
        // The article is written as it is written, and a joiner or an emoji's selector is part of the word.
        copy.replace("what.toml", "\"চা কি ?\"", "\"প\u{9a1}\u{9bc}া চা কি ?\"");
        copy.replace("what.toml", "what is tea", "tea র\u{200d}্যাংক \u{2764}\u{fe0f}");
    });
    let expected = "\
price.toml:2: warning: no phrasing in Latin letters, though most people type them: add some
price.toml:8: warning: text is not normalised, write “প\u{9dc}ে” for “প\u{9a1}\u{9bc}ে”
3 entries, 10 phrasings, 0 errors, 5 warnings
";
    let found: String = found
        .split_inclusive('\n')
        .filter(|line| {
            !line.contains(" is taken for ")
                && !line.contains(" will mostly offer ")
                && !line.starts_with(SHARE)
        })
        .collect();
    assert_same(&found, expected, "findings");
    assert_eq!(code, Some(0));
}

#[test]
fn files_that_are_not_content_are_passed_over_or_refused() {
    let (found, code) = check(|copy| {
        copy.write("README.md", "not content");
        copy.write(".what.toml.swp", b"\xFF");
    });
    assert_eq!(code, Some(0), "{found}");
    let (found, code) = check(|copy| copy.write("what.toml", b"question = \"\n\xFF\""));
    assert!(found.starts_with("what.toml:2: error: not valid UTF-8"), "{found}");
    assert_eq!(code, Some(1));
    let (found, code) = check(|copy| copy.write("Was ist Tee.toml", ""));
    assert!(found.contains("Was ist Tee.toml:1: error: the file's name is the entry's id"), "{found}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_missing_folder_is_wrong_usage() {
    for output in [
        uttor_with("no-such-folder".as_ref(), "check").output().unwrap(),
        uttor_with(&tea().join("what.toml"), "check").output().unwrap(),
        uttor().arg("check").output().unwrap(),
        uttor().arg("check").env("FAQ_DIR", "no-such-folder").output().unwrap(),
    ] {
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains("there is no such folder"), "{}", stderr(&output));
    }
    let empty = tempfile::TempDir::new().unwrap();
    let output = uttor_with(empty.path(), "check").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).ends_with("0 entries, 0 phrasings, 1 errors, 0 warnings\n"),
        "{}",
        stdout(&output)
    );
}

/// The content that the program ships with.
#[test]
fn the_guide_passes() {
    let faq = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("faq");
    let output = uttor_with(&faq, "check").output().unwrap();
    let stdout = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.lines().last().is_some_and(|last| last.starts_with("28 entries, ")), "{stdout}");
}

#[test]
fn marks_and_drafts_that_an_import_left_are_warned_of() {
    let (found, code) = check(|copy| {
        let price = std::fs::read_to_string(copy.path().join("price.toml")).unwrap();
        copy.write("extra.toml", format!("# review: the heading asks nothing\ndraft = true\n{price}"));
    });
    assert!(found.contains("extra.toml:1: warning: to be reviewed: the heading asks nothing"), "{found}");
    assert!(found.contains("extra.toml:3: warning: it is a draft and answers nothing"), "{found}");
    assert!(found.ends_with("\n3 entries, 10 phrasings, 0 errors, 5 warnings\n"), "{found}");
    assert_eq!(code, Some(0));
}

#[test]
fn sentences_of_ones_own_are_checked_with_their_lines() {
    let (found, code) = check(|copy| {
        copy.write(
            "wording.toml",
            "did_you_meen = \"?\"\nall_topics = \"every single topic there is\"\nwelcome = \"Ask about {subjekt}\"\n\
             page_of = { 1 = \"{page}\" }\nask = \"Ask {name}\"\n",
        );
    });
    for line in [
        "wording.toml:1: error: the bot has no sentence did_you_meen; did you mean did_you_mean?",
        "wording.toml:2: error: all_topics: it is 27 characters, at most 20",
        "wording.toml:3: error: welcome: {subjekt} is filled with nothing; use {subject}",
        "wording.toml:3: warning: welcome: {subject} does not stand in it, so people are not told that",
        "wording.toml:4: error: page_of: the form \"other\" is missing; it is said of every other number",
    ] {
        assert!(found.contains(line), "{line}: {found}");
    }
    assert!(!found.contains("wording.toml:5"), "{found}");
    assert_eq!(code, Some(1));
    let (found, code) = check(|copy| {
        copy.replace("guide.toml", "\"bn\"", "\"fr\"");
        copy.write("wording.toml", "did_you_mean = \"Voulez-vous savoir :\"\n");
    });
    assert!(found.contains("wording.toml:1: warning: "), "{found}");
    assert!(found.contains(" sentences are missing and are said in English: "), "{found}");
    assert!(found.contains(" all_topics, ") && !found.contains(" did_you_mean,"), "{found}");
    assert_eq!(code, Some(0));
}

#[test]
fn guides_may_say_less_and_more() {
    let (found, code) = check(|copy| {
        let guide = "title = \"Tea\"\nlanguage = \"bn\"\nsubject = [\"চা\", \"tea\"]\nexamples = [\"চা কি?\"]\n\
            timezone = \"+06:00\"\ncontact = \"@tea\"\n";
        copy.write("guide.toml", guide);
        copy.write("wording.toml", "did_you_mean = \"Voulez-vous savoir :\"\n");
    });
    assert_eq!(code, Some(0), "{found}");
    let (found, _) = check(|copy| copy.replace("guide.toml", "\"bn\"", "\"fr\""));
    assert!(
        found.contains("guide.toml:1: warning: the bot has no sentences of its own in \"fr\""),
        "{found}"
    );
    let (found, code) = check(|copy| {
        copy.write(
            "guide.toml",
            "title = \"Tea\"\nlanguage = \"bn\"\nsubject = []\ntimezone = \"Dhaka\"\ncontact = \"me\"\n",
        );
    });
    for error in [
        "guide.toml:3: error: the subject is empty",
        "guide.toml:4: error: \"Dhaka\" is no time zone",
        "guide.toml:5: error: \"me\" reaches nobody",
    ] {
        assert!(found.contains(error), "{error}: {found}");
    }
    assert_eq!(code, Some(1));
}

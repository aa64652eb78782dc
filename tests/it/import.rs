//! `uttor import`: articles of every kind, hostile files, and a folder in which nothing is written over.

mod cases;
mod families;
mod shapes;

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;
use uttor::faq::format;
use uttor::faq::import::{Draft, ImportError, Origin, draft, read};

use crate::support::diff::assert_same;
use crate::support::program::{stderr, uttor};

/// Drafts as a reader would sketch them: `# question`, `!` for review, the answer, `~ left out`.
fn sketch(drafts: &[Draft]) -> String {
    let mut text = String::new();
    for draft in drafts {
        let mark = if draft.review.is_empty() { "#" } else { "#!" };
        text.extend([mark, " ", &draft.question, "\n", &draft.answer, "\n"]);
        draft.left_out.iter().for_each(|line| text.extend(["~ ", line, "\n"]));
    }
    text
}

fn drafts(name: &str, bytes: &[u8]) -> Result<Vec<Draft>, ImportError> {
    read(&Origin::file(name), bytes).map(|found| found.drafts)
}

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/it/import").join(name)).expect("the test's own article")
}

fn sketch_of(name: &str) -> String {
    sketch(&drafts(name, &file(name)).expect("questions"))
}

#[test]
fn plain_text_is_read_by_its_looks() {
    let expected = "\
#! ভূমিকা
ছাদবাগান এখন শহরের অনেক বাড়িতেই দেখা যায়। এই লেখায় শুরুর কথাগুলো আছে।
# ছাদবাগান কি?
ছাদে টবে বা ড্রামে গাছ লাগানোকে ছাদবাগান বলে।
এতে বাড়ি ঠান্ডা থাকে,
আর ঘরেই মেলে তাজা সবজি।
# ছাদবাগান করতে কি কি লাগে?
যা যা লাগবে…
- টব
- মাটি
- রোদ
~ ছাদের সেরা মাটি – কিভাবে মাটি বানাবেন ?
~ ৫ রকম সারের কথা
# শুধু রোদ কম হলেও কি গাছ হয়?
হয়, তবে সব গাছ নয়। পুঁই আর পুদিনা কম রোদেও ভালো থাকে।
# ছাদবাগানের লাভ কি?
কেন আপনি এত কষ্ট করে ছাদে বাগান করবেন, এতে লাভ কি জানেন?
টাটকা খাবার।
নিজের গাছের সবজিতে বিষ থাকে না।
~ ছাদের যত্ন – কোন গাছ ছাদ নষ্ট করে! বিস্তারিত জানুন
# টব কোথায় পাব?
নার্সারিতে।
#! শেষ কথা
তাড়াহুড়ো করবেন না, একটি টব দিয়েই শুরু করুন।]
~ 7 thoughts on “ছাদবাগান কি? 2021”
";
    assert_same(&sketch_of("garden.txt"), expected, "garden.txt");
}

#[test]
fn markdown_is_read_by_its_headings() {
    let expected = "\
#! ছাদবাগানের কথা
শুরুর কথাগুলো
এক জায়গায়।
# ছাদবাগান কি?
ছাদে *টবে* গাছ লাগানো।

*শহরে ও গ্রামে*

- শহরে
- গ্রামে (https://example.org/village)

1. প্রথমে টব
2. তারপর মাটি
# কিভাবে শুরু করবেন
একটি টব দিয়ে।
#! শেষ কথা
ধৈর্য ধরুন।
~ অন্য লেখা
";
    assert_same(&sketch_of("garden.md"), expected, "garden.md");
}

#[test]
fn html_is_read_without_its_furniture() {
    let expected = "\
# ছাদবাগান কি? 2021
ছাদে গাছ লাগানো *মানে ছাদবাগান*, আর *টবেই* তার শুরু।
# টব কোথায় পাব?
নার্সারিতে & এই দোকানে (https://example.org/tub)।
দরদাম করুন।

1. মাটির টব
- ছোট
- বড়
2. ড্রাম
# মাটি কেমন হবে?
মাটি | ভাগ
দোআঁশ | ২
#! শেষ কথা
ধৈর্য ধরুন।
~ সারের ৫ রকম
";
    assert_same(&sketch_of("garden.html"), expected, "garden.html");
}

#[test]
fn tables_are_read_by_their_columns() {
    let expected = "\
# ছাদবাগান কি?
ছাদে টবে গাছ লাগানো,
মানে ছাদবাগান।
# টব কোথায় পাব?
নার্সারিতে।
";
    assert_same(&sketch_of("garden.csv"), expected, "garden.csv");
}

#[test]
fn questions_are_told_from_what_only_looks_like_them() {
    for (article, expected) in [
        // numbered questions, and numbered steps below them
        ("১। ছাদবাগান কি?\nবাগান।\n২। কি লাগে?\n১. টব\n২. মাটি\n", "# ছাদবাগান কি?\nবাগান।\n# কি লাগে?\n১. টব\n২. মাটি\n"),
        // a table of contents
        (
            "টব কি?\nমাটি কি?\n\nটব কি?\nপাত্র।\nমাটি কি?\nধুলা।\n",
            "# টব কি?\nপাত্র।\n~ টব কি?\n~ মাটি কি?\n# মাটি কি?\nধুলা।\n",
        ),
        // short lines without a full stop are an answer, and names in a row are a list
        (
            "টব হবে?\nহ্যাঁ\nকি কি লাগে?\nটব\nমাটি\nরোদ\nশেষ?\nনা।\n",
            "# টব হবে?\nহ্যাঁ\n# কি কি লাগে?\nটব\nমাটি\nরোদ\n# শেষ?\nনা।\n",
        ),
        ("কি লাগে?\nলাগবে এগুলো:\nটব\nমাটি\nকত?\nদুই।\n", "# কি লাগে?\nলাগবে এগুলো:\nটব\nমাটি\n# কত?\nদুই।\n"),
        // headings inside an answer
        (
            "লাভ কি?\nখাবার\nনিজের সবজি খেতে পারবেন।\nআনন্দ\nমন ভালো থাকে।\nক্ষতি কি?\nনেই।\n",
            "# লাভ কি?\nখাবার\nনিজের সবজি খেতে পারবেন।\nআনন্দ\nমন ভালো থাকে।\n# ক্ষতি কি?\nনেই।\n",
        ),
        // a question inside a paragraph, a last word to the reader, a bullet
        (
            "লাভ কি?\nঅনেক লাভ। কে না চায়?\n- খাবার কে না চায়?\nআপনি কি পারবেন?\n",
            "# লাভ কি?\nঅনেক লাভ। কে না চায়?\n- খাবার কে না চায়?\nআপনি কি পারবেন?\n",
        ),
        // two questions in one heading, quotes around one
        ("ছাদবাগান কি? কেন করবেন?\nবাগান।\n“কত খরচ?”\nকম।\n", "# ছাদবাগান কি? কেন করবেন?\nবাগান।\n# “কত খরচ?”\nকম।\n"),
        // wrapped English
        (
            "What is it?\nA garden that\nlies on a\nroof, as the\nname says\n\nIs it hard?\nNo.\n",
            "# What is it?\nA garden that\nlies on a\nroof, as the\nname says\n# Is it hard?\nNo.\n",
        ),
    ] {
        let found = drafts("a.txt", article.as_bytes()).expect("questions");
        assert_same(&sketch(&found), expected, article);
    }
}

#[test]
fn marked_pages_are_read_whatever_marks_their_questions() {
    for (name, page, expected) in [
        // bold paragraphs below a title that asks
        (
            "a.html",
            "<h1>ছাদবাগান কি? 2021</h1><p>শুরু।</p><p><b>টব কি?</b></p><p>পাত্র।</p><p><b>মাটি কি?</b></p><p>ধুলা।</p>",
            "# ছাদবাগান কি? 2021\nশুরু।\n# টব কি?\nপাত্র।\n# মাটি কি?\nধুলা।\n",
        ),
        // headings that ask nothing at all
        ("a.md", "# বাগান\n## লাভ\nখাবার।\n## খরচ\nকম।\n", "#! লাভ\nখাবার।\n~ বাগান\n#! খরচ\nকম।\n"),
        // a question without an answer is not lost
        ("a.md", "## টব কি?\n## মাটি কি?\nধুলা।\n", "# টব কি?\n\n# মাটি কি?\nধুলা।\n"),
        (
            "a.md",
            "টব কি?\n======\nপাত্র।\n\nমাটি কি?\n------\n```\nধুলা\n  বালি\n```\n",
            "# টব কি?\nপাত্র।\n# মাটি কি?\nধুলা\n  বালি\n",
        ),
        ("a.html", "<p>টব কি?<p>পাত্র।<p>মাটি কি?<p>ধুলা<!-- কি? -->।", "# টব কি?\nপাত্র।\n# মাটি কি?\nধুলা।\n"),
    ] {
        let found = drafts(name, page.as_bytes()).expect("questions");
        assert_same(&sketch(&found), expected, page);
    }
}

/// What was made can be put into `faq/` once a person has looked at it.
#[test]
fn what_was_made_is_an_faq_after_review() {
    let drafts = drafts("garden.txt", &file("garden.txt")).expect("questions");
    let files = draft::files(&drafts, 1, &[]);
    let ids: Vec<String> = files.iter().map(|file| format!("{:?}", file.id)).collect();
    let mut files: Vec<(String, String)> =
        files.into_iter().map(|file| (format!("{}.toml", file.id), file.text)).collect();
    let guide = format!(
        "title = \"t\"\nlanguage = \"bn\"\nsubject = \"s\"\ngreeting_words = []\npopular = []\norder = [{}]\n",
        ids.join(", ")
    );
    files.push(("guide.toml".to_owned(), guide));
    let faq = format::parse(&files).unwrap_or_else(|findings| panic!("{}", findings[0]));
    assert_eq!(faq.entries[1].question, "ছাদবাগান কি?");
    assert_eq!(faq.entries[2].section.as_deref(), Some("ছাদবাগান করতে কি কি লাগে ?"));
    assert_eq!(faq.entries[2].phrasings, ["ছাদবাগান করতে কি কি লাগে?"]);
    assert!(faq.entries.iter().all(|entry| entry.label.chars().count() <= 20));
}

#[test]
fn drafts_are_written_in_order_and_never_over_a_file() {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("new/drafts");
    let first = import("garden.txt".as_ref(), &to);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let stdout = String::from_utf8(first.stdout).unwrap();
    assert!(stdout.contains("02-chhadbagan-ki.toml: ছাদবাগান কি?\n"), "{stdout}");
    assert!(stdout.ends_with("\n7 entries, 2 marked “# review:”\n"), "{stdout}");
    let names = names(&to);
    let entries: Vec<&String> = names.iter().filter(|name| name.starts_with('0')).collect();
    assert_eq!(entries.len(), 7);
    assert!(entries[0].starts_with("01-") && entries[6].starts_with("07-"), "{names:?}");
    for completed in ["guide.toml", "smalltalk.toml", "not-in-guide.toml", "README.md", "IMPORT.md"] {
        assert!(names.iter().any(|name| name == completed), "{completed}: {names:?}");
    }
    let reviewed = fs::read_to_string(to.join(entries[6])).unwrap();
    assert!(reviewed.starts_with("# review: the heading asks nothing"), "{reviewed}");

    // What is there is known again, and an edit of it is kept.
    let edited = fs::read_to_string(to.join(entries[1])).unwrap().replace("label = ", "# mine\nlabel = ");
    fs::write(to.join(entries[1]), &edited).unwrap();
    let guide = fs::read_to_string(to.join("guide.toml")).unwrap();
    let second = import("garden.txt".as_ref(), &to);
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    assert!(stdout_of(&second).ends_with("\n0 entries, 0 marked “# review:”\n"), "{}", stdout_of(&second));
    assert_eq!(fs::read_to_string(to.join("guide.toml")).unwrap(), guide);
    assert_eq!(fs::read_to_string(to.join(entries[1])).unwrap(), edited);

    // Others are added behind it.
    let more = folder.path().join("more.txt");
    fs::write(&more, "ছাদে কত টব রাখা যায়?\nদশটি।\nছাদবাগান কি?\nঅন্য উত্তর।\n").unwrap();
    let third = import(&more, &to);
    assert_eq!(third.status.code(), Some(0), "{}", stderr(&third));
    let guide = fs::read_to_string(to.join("guide.toml")).unwrap();
    assert!(guide.contains("\"08-chhade-kot-tob-rakha-jay\""), "{guide}");
    let other = fs::read_to_string(to.join("09-chhadbagan-ki.toml")).unwrap();
    assert!(
        other.starts_with("# review: 02-chhadbagan-ki.toml asks the same") && other.contains("draft = true")
    );

    fs::write(to.join(entries[3]), "mine").unwrap();
    let broken = import(&more, &to);
    assert_eq!(broken.status.code(), Some(2));
    assert!(stderr(&broken).contains("does not load"), "{}", stderr(&broken));
    assert_eq!(fs::read_to_string(to.join(entries[3])).unwrap(), "mine");
}

#[test]
fn files_that_make_no_entries_are_refused_in_one_line() {
    let folder = TempDir::new().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let to = folder.path().join("drafts");
    let deep = "<div>".repeat(100_000);
    for (file, message) in [
        (put("lost.csv", b"question,answer\n???? ?? ???,?? ????\n"), "CSV UTF-8"),
        (put("columns.csv", b"a,b\nc,d\n"), "write \u{201c}question\u{201d} and"),
        (put("photo.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF"), "it is no text"),
        (put("deep.html", deep.as_bytes()), "more than 2000 deep"),
        (put("deep.md", format!("{} ক?\n", "> ".repeat(3_000)).as_bytes()), "more than 2000 deep"),
        (put("open.csv", "question,answer\nক?,\"খ\n".as_bytes()), "line 2: a quote is opened here"),
        (put("big.txt", &vec![b'a'; 17 << 20]), "at most 16777216"),
        (folder.path().to_owned(), "it is a folder"),
        #[cfg(unix)]
        ("/dev/zero".into(), "at most 16777216"),
        (folder.path().join("absent.txt"), "No such file"),
    ] {
        let output = import(&file, &to);
        assert_eq!(output.status.code(), Some(2), "{}", file.display());
        let stderr = stderr(&output);
        assert!(stderr.contains(message) && stderr.lines().count() == 1, "{}: {stderr}", file.display());
        assert!(output.stdout.is_empty() && !to.exists());
    }
    for (file, message) in [
        (put("empty.txt", b""), "it is empty"),
        (put("statement.txt", "শুধু লেখা।\n".repeat(100_000).as_bytes()), "no heading in it asks anything"),
        (put("page.html", b"<p>no</p><script>what?</script>"), "no heading in it asks anything"),
        (put("header.csv", b"question,answer\n"), "line 1: no question stands below it"),
    ] {
        let output = import(&file, &to);
        assert_eq!(output.status.code(), Some(1), "{}", file.display());
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        assert!(output.stdout.is_empty() && !to.exists());
    }
    let output = import("garden.txt".as_ref(), &put("file", b""));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot be made"), "{}", stderr(&output));
}

#[test]
fn ten_megabytes_are_read() {
    let text = format!("টব কি?\n{}\n", "পাত্র বা টব যেকোনো কিছু।\n".repeat(160_000));
    assert!(text.len() > 9 << 20);
    assert_eq!(drafts("a.txt", text.as_bytes()).expect("a question").len(), 1);
    assert_eq!(drafts("a.md", text.as_bytes()).expect("a question").len(), 1);
}

/// The guide that the program's own content is written from; its words stay outside the project.
#[test]
fn the_guide_comes_out_as_its_questions() {
    let Some(guide) = std::env::var_os("UTTOR_GUIDE_ARTICLE") else {
        crate::support::skipped("UTTOR_GUIDE_ARTICLE names no article");
        return;
    };
    let text = fs::read_to_string(guide).expect("UTTOR_GUIDE_ARTICLE");
    let drafts = drafts("guide.txt", text.as_bytes()).expect("questions");
    let reviewed: Vec<bool> = drafts.iter().map(|draft| !draft.review.is_empty()).collect();
    assert_eq!(reviewed.iter().filter(|reviewed| !**reviewed).count(), 26);
    assert!(reviewed.len() == 28 && reviewed[0] && reviewed[27]);
    assert_eq!(drafts.iter().map(|draft| draft.left_out.len()).sum::<usize>(), 4);
    let library = fs::read_dir("faq").expect("faq/").map(|file| file.expect("a file").path());
    let files: Vec<(String, String)> = library
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    let faq = format::parse(&files).unwrap_or_else(|findings| panic!("{}", findings[0]));
    for (draft, entry) in drafts.iter().zip(&faq.entries).skip(1) {
        assert_eq!(draft.section, entry.section, "{}", entry.id);
    }
}

fn import(file: &Path, to: &Path) -> Output {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import").join(file);
    uttor().arg("import").arg(file).arg("--to").arg(to).output().unwrap()
}

fn stdout_of(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

//! What a reader relies on: the layers, the file headers, the words, and documents that say what is true.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use uttor::library::source::Source;
use uttor::text::normalize::{compose, normalize};

use crate::support::program::{stdout, uttor};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is made by building and running, or is somebody's own.
const NOT_OURS: [&str; 5] = ["target", "data", ".git", ".env", "Cargo.lock"];

/// Every text file of the project, by its path from the root.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            if NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.insert(name, text);
            }
        }
    }
    files
}

/// Every file with this extension, by its path from the root.
fn files_of(extension: &str) -> impl Iterator<Item = (String, String)> {
    files()
        .into_iter()
        .filter(move |(name, _)| Path::new(name).extension().is_some_and(|own| own == extension))
}

/// Every Rust file of the program.
fn sources() -> impl Iterator<Item = (String, String)> {
    files_of("rs").filter(|(name, _)| name.starts_with("src/"))
}

/// The top-level modules in the order of `lib.rs`, and how many of them are pure.
fn layers() -> (Vec<String>, usize) {
    let lib = read("src/lib.rs");
    let (pure, effects) = lib.split_once("// effects").expect("lib.rs parts the pure half from the effects");
    let modules = |half: &str| {
        half.lines()
            .filter_map(|line| Some(line.strip_prefix("pub mod ")?.split_once(';')?.0.to_owned()))
            .collect::<Vec<_>>()
    };
    let pure = modules(pure);
    let count = pure.len();
    (pure.into_iter().chain(modules(effects)).collect(), count)
}

/// The module a file belongs to: `src/matcher/index.rs` to `matcher`.
fn module(file: &str) -> &str {
    let inside = file.trim_start_matches("src/");
    inside.split(['/', '.']).next().unwrap_or(inside)
}

/// The code of a file, without comments and without its tests.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_name_only_what_stands_above_them() {
    let (layers, _) = layers();
    let place = |module: &str| layers.iter().position(|layer| layer == module);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some(own) = place(module(&file)) else { continue };
        let code = code(&text);
        // Lists and long climbs would get past the line below.
        if code.contains("crate::{") || code.contains(&"super::".repeat(file.matches('/').count())) {
            wrong.push(format!("{file} names several modules of crate:: at once, or climbs out of its own"));
        }
        for named in code.split("crate::").skip(1) {
            let named: String =
                named.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if place(&named).is_some_and(|named| named > own) {
                wrong.push(format!("{file} names crate::{named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pure_half_has_no_effects() {
    let (layers, pure) = layers();
    let pure: HashSet<&str> = layers.iter().take(pure).map(String::as_str).collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if pure.contains(module(&file)) {
            let code = code(&text);
            for effect in ["tokio", "sqlx", "std::fs", "std::env", "SystemTime", "Instant::now", "std::net"] {
                if code.contains(effect) {
                    wrong.push(format!("{file} says {effect}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_say_what_they_are_and_are_short() {
    let mut wrong = Vec::new();
    for (file, text) in files_of("rs") {
        if !text.starts_with("//!") {
            wrong.push(format!("{file} does not begin with //!"));
        }
        if file.starts_with("src/") && text.lines().count() > 400 {
            wrong.push(format!("{file} has {} lines, at most 400", text.lines().count()));
        }
        for name in ["util", "helper", "common", "manager", "misc"] {
            if file.contains(name) {
                wrong.push(format!("{file}: a name that says nothing"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_shows_the_usage_that_help_shows() {
    let readme = read("README.md");
    let help = stdout(&uttor().arg("--help").output().unwrap());
    let usage = help.split("Options:").next().unwrap().trim();
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(folded(&readme).contains(&folded(usage)), "README.md lacks:\n{usage}");
    assert!(readme.lines().count() <= 150, "README.md has {} lines, at most 150", readme.lines().count());
}

#[test]
fn the_readme_shows_what_the_program_answers() {
    let readme = read("README.md");
    let transcript = readme.split("```text").nth(1).unwrap().split("```").next().unwrap();
    let folded = |text: &str| compose(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut asked = 0;
    for exchange in transcript.split("\n> ").skip(1) {
        let (question, shown) = exchange.split_once('\n').unwrap();
        let output = uttor().args(["--faq", "faq", "ask", question]).current_dir(root()).output().unwrap();
        let reply = folded(&stdout(&output));
        for line in shown.lines().map(|line| folded(line.trim_end_matches('…'))) {
            assert!(reply.contains(&line), "README.md: “{question}” does not get “{line}” but\n{reply}");
        }
        asked += 1;
    }
    assert!(asked >= 3, "a transcript of {asked} questions");
}

/// Where a document leads to a file of the project, the file is there.
#[test]
fn documents_lead_somewhere() {
    let mut wrong = Vec::new();
    for (name, text) in files_of("md") {
        let folder = Path::new(&name).parent().unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !target.is_empty() && !target.contains("://") && !root().join(folder).join(target).exists() {
                wrong.push(format!("{name} leads to {target}, which is not there"));
            }
            if target.contains("..") && name == "README.md" {
                wrong.push(format!("{name} leads out of the project: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The project is the same on every machine.
#[test]
fn no_file_names_the_machine_it_was_written_on() {
    // Put together, so that this file does not name them either.
    let places = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/Use", "rs/"),
        concat!("crates", ".io"),
    ];
    let mut wrong = Vec::new();
    for (name, text) in files() {
        for (number, line) in text.lines().enumerate() {
            if let Some(place) = places.iter().find(|place| line.contains(**place)) {
                wrong.push(format!("{name}:{}: {place}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The field's words, which CONTRIBUTING's glossary explains, in place of private ones.
#[test]
fn the_sources_use_the_words_of_the_glossary() {
    // Parts of names and of comments: each with what is said instead.
    const OLD: [(&str, &str); 26] = [
        ("PATIENCE", "what it limits: REQUEST_TIMEOUT, …"),
        ("patiently", "with retries"),
        ("const KEPT", "…_TTL"),
        ("const AGAIN", "RETRY_DELAY"),
        ("_AGAIN: Duration", "…_RETRY_DELAY"),
        ("const MOST", "MAX_…"),
        ("_AT_MOST: Duration", "MAX_…"),
        ("LONGEST_WAIT", "MAX_BACKOFF"),
        ("FIRST_WAIT", "MIN_BACKOFF"),
        ("tireless", "supervise, restart"),
        ("anew", "again, restart"),
        ("struct Gate", "circuit breaker"),
        ("mod gate", "circuit breaker"),
        ("Shut::", "circuit breaker"),
        ("struct Pace", "rate limit"),
        ("mod pace", "rate limit"),
        ("ledger", "pending items"),
        ("Ledger", "pending items"),
        ("mod lead;", "leader"),
        ("mod above", "repeated"),
        ("mod seal", "encrypt"),
        ("sealed", "encrypted"),
        ("in vain", "unanswered"),
        ("As [`Error`] says", "the conditions"),
        ("goes on coming", "retry"),
        ("mistake in the program", "panic"),
    ];
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            for (old, new) in OLD.iter().filter(|(old, _)| line.contains(old)) {
                wrong.push(format!("{file}:{}: “{old}”; write: {new}", number + 1));
            }
            // A guard has to live on; any other result is handled, logged, or explained in a comment.
            let value = line.trim_start().strip_prefix("let _").and_then(|rest| rest.split_once(" = "));
            let is_guard = |value: &str| {
                [".lock()", ".read()", ".write()", ".acquire"].iter().any(|taken| value.contains(taken))
                    || value.trim_end_matches(';').chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            };
            if value.is_some_and(|(_, value)| !is_guard(value)) {
                wrong.push(format!("{file}:{}: a result is discarded", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// য়, ড় and ঢ় are one code point each, as [`compose`] writes them; where the other form is meant, an escape says so.
#[test]
fn bengali_stands_in_single_code_points() {
    let mut wrong = Vec::new();
    for (file, text) in files().into_iter().filter(|(name, _)| name.starts_with("src/")) {
        for (number, line) in text.lines().enumerate() {
            if ["\u{9af}\u{9bc}", "\u{9a1}\u{9bc}", "\u{9a2}\u{9bc}"].iter().any(|two| line.contains(two)) {
                wrong.push(format!("{file}:{}: a letter of two code points", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words in Bengali script of a file: in Rust those of its string literals, without its tests and doctests.
fn bengali_words(file: &str, text: &str) -> Vec<String> {
    let is_bengali = |c: char| ('\u{980}'..='\u{9ff}').contains(&c);
    let is_rust = Path::new(file).extension().is_some_and(|own| own == "rs");
    // A quote that is a character or escaped opens no literal.
    let code = if is_rust { code(text).replace(r#"'"'"#, "").replace(r#"\""#, "") } else { text.to_owned() };
    let literals = code.split('"').skip(usize::from(is_rust)).step_by(if is_rust { 2 } else { 1 });
    let words = literals.flat_map(str::split_whitespace);
    words.filter(|word| word.chars().any(is_bengali)).map(str::to_owned).collect()
}

/// A word of a table that is not as normalized text has it never matches anything.
#[test]
fn every_word_of_the_word_tables_is_normalized() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (file, text) in files() {
        if file.starts_with("src/text/") || file.starts_with("src/matcher/") {
            for word in bengali_words(&file, &text) {
                seen += 1;
                if normalize(&word) != word {
                    wrong.push(format!("{file}: {word} is {} when normalized", normalize(&word)));
                }
            }
        }
    }
    assert!(seen > 150, "only {seen} words");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_measured_question_is_learned_from() {
    let words = |text: &str| normalize(text).chars().filter(|c| !matches!(c, '.' | '?')).collect::<String>();
    let mut measured = HashSet::new();
    for file in
        ["dev.tsv", "dev_search.tsv", "dev_group.tsv", "people.tsv", "wild.tsv", "frames.tsv", "group.tsv"]
    {
        let text = read(&format!("tests/eval/{file}"));
        let mut lines = text.lines().map(|line| line.split('\t'));
        let column = lines.next().unwrap().position(|name| name == "query" || name == "text").unwrap();
        measured
            .extend(lines.filter_map(|mut line| line.nth(column)).map(words).filter(|text| !text.is_empty()));
    }
    let faq = Source::Builtin.load().unwrap();
    let learned = (faq.entries.iter().flat_map(|entry| &entry.phrasings))
        .chain(faq.smalltalk.iter().flat_map(|kind| &kind.phrasings))
        .chain(faq.topics.iter().flat_map(|topic| &topic.examples));
    let both: Vec<_> = learned.filter(|text| measured.contains(&words(text))).cloned().collect();
    assert!(both.is_empty(), "{}", both.join("\n"));
}

/// The ids are a contract with whoever links or scripts.
#[test]
fn the_entries_bear_their_ids_in_the_guides_order() {
    const IDS: &str = "online-income what-is-freelancing freelancing-work requirements mobile hard-or-easy how-to-do \
        kinds-of-work how-to-learn future can-earn from-bangladesh benefits harms everyone how-much-to-learn \
        where-to-learn skilled-freelancer become-skilled learning-cost learning-time where-paid where-find-work \
        where-to-work what-is-marketplace where-account money-withdraw institute-warning";
    let faq = Source::Builtin.load().unwrap();
    let ids: Vec<_> = faq.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, IDS.split_whitespace().collect::<Vec<_>>());
}

/// The files of the program that import each other in a circle would have to be read all at once. That the head of a
/// folder assembles the files below it is no circle, whatever they import of it.
#[test]
fn no_files_import_each_other_in_a_circle() {
    let files: BTreeMap<Vec<String>, String> = sources()
        .map(|(file, text)| {
            let path = file.trim_start_matches("src/").trim_end_matches(".rs");
            (path.split('/').map(str::to_owned).collect(), code(&text))
        })
        .collect();
    let mut imports: BTreeMap<&Vec<String>, HashSet<Vec<String>>> = BTreeMap::new();
    for (own, code) in &files {
        let named = paths(code).into_iter().filter_map(|path| file_of(own, &path, &files));
        imports.insert(own, named.filter(|file| !file.starts_with(own)).collect());
    }
    // A file that imports none of the rest, or that none of the rest imports, is in no circle.
    loop {
        let all: HashSet<&Vec<String>> = imports.keys().copied().collect();
        let imported: HashSet<Vec<String>> = imports.values().flatten().cloned().collect();
        imports.retain(|file, named| {
            named.retain(|file| all.contains(file));
            !named.is_empty() && imported.contains(*file)
        });
        if imports.len() == all.len() {
            break;
        }
    }
    let circle: Vec<String> = imports
        .iter()
        .map(|(file, named)| {
            let named: Vec<_> = named.iter().map(|file| file.join("/")).collect();
            format!("{} imports {}", file.join("/"), named.join(", "))
        })
        .collect();
    assert!(circle.is_empty(), "in a circle:\n{}", circle.join("\n"));
}

/// The file that `path`, as it stands in the file `own`, leads to.
fn file_of(own: &[String], path: &str, files: &BTreeMap<Vec<String>, String>) -> Option<Vec<String>> {
    let mut at = own.to_vec();
    for part in path.split("::") {
        match part {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            _ => {
                at.push(part.to_owned());
                if !files.contains_key(&at) {
                    at.pop();
                    break;
                }
            }
        }
    }
    files.contains_key(&at).then_some(at)
}

/// Every path of `code` that begins at the crate or beside the file, those of nested `use` lists written out.
fn paths(code: &str) -> Vec<String> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for root in ["crate::", "self::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let (before, from_here) = code.split_at(at);
            if before.ends_with(is_path) {
                continue;
            }
            let end = from_here.find(|c| !is_path(c)).unwrap_or(from_here.len());
            let (path, rest) = from_here.split_at(end);
            match rest.strip_prefix('{') {
                Some(list) if path.ends_with("::") => list_paths(path, list, &mut found),
                _ => found.push(path.to_owned()),
            }
        }
    }
    found
}

/// The paths of a `use` list that begins behind its brace; `prefix` stands before the brace.
fn list_paths(prefix: &str, list: &str, found: &mut Vec<String>) {
    let mut prefixes = vec![prefix.to_owned()];
    let mut name = String::new();
    for c in list.chars() {
        let prefix = prefixes.last().cloned().unwrap_or_default();
        match c {
            '{' => prefixes.push(format!("{prefix}{}", std::mem::take(&mut name).trim())),
            ',' | '}' => {
                let name = std::mem::take(&mut name);
                if !name.trim().is_empty() {
                    found.push(format!("{prefix}{}", name.trim().trim_end_matches("self")));
                }
                if c == '}' {
                    prefixes.pop();
                    if prefixes.is_empty() {
                        return;
                    }
                }
            }
            _ => name.push(c),
        }
    }
}

//! A stranger's way from what he has to a bot that answers, without editing a file: `docs/your-own-guide.md` as it is
//! written, and other beginnings.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::support::program::{stderr, stdout, uttor};
use crate::support::serving::{signal, started, uttor as program};
use crate::support::telegram::{TOKEN, Telegram, private};

const PAGE: &str = include_str!("../../docs/your-own-guide.md");

/// The boxes of one kind in the page.
fn boxes(kind: &str) -> Vec<&'static str> {
    PAGE.split(&format!("```{kind}\n")).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Runs a line of the page in `folder`.
fn run(folder: &Path, line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[0], "uttor");
    let output = uttor().args(&words[1..]).current_dir(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{line}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Whether `shown` is what was printed: `…` stands for anything, in a line or for lines.
fn fits(printed: &str, shown: &str) -> bool {
    let mut rest = printed;
    shown.split('…').all(|part| match rest.split_once(part.trim()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_does_what_it_says() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("faq.md"), boxes("markdown")[0]).unwrap();
    for session in boxes("console") {
        for command in session.split("$ ").skip(1) {
            let (line, shown) = command.split_once('\n').unwrap();
            let printed = run(folder.path(), line);
            assert!(fits(&printed, shown), "{line} prints\n{printed}\nnot\n{shown}");
        }
    }
    let report = fs::read_to_string(folder.path().join("library/IMPORT.md")).unwrap();
    assert!(report.contains("আরও জানতে চান?"), "{report}");
    answers(folder.path(), "library", "বই হারিয়ে গেলে কী করব?", "বইটির দাম দিতে হয়").await;
}

/// The chat page and Telegram answer from the folder `faq`.
async fn answers(folder: &Path, faq: &str, question: &str, expected: &str) {
    let telegram = Telegram::start().await;
    fs::write(folder.join(".env"), format!("TELOXIDE_TOKEN={TOKEN}\n")).unwrap();
    let mut command = program(folder);
    command.args(["serve", "--faq", faq]);
    command.env("TELOXIDE_API_URL", &telegram.url).env("TELEGRAM_LIMITS", "off");
    command.env("DATABASE_URL", format!("sqlite://data/{faq}.db"));
    let (mut child, address) = started(&mut command);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asked =
        client.post(format!("http://{address}/api/ask")).json(&json!({ "text": question })).send().await;
    let reply: Value = asked.unwrap().json().await.unwrap();
    assert!(reply["reply"].as_str().is_some_and(|reply| reply.contains(expected)), "{reply}");
    private(&telegram, 1);
    telegram.says(1, 1, question);
    let posted = telegram.wait("an answer", |world| world.sent(1).first().cloned()).await;
    assert!(posted.text.contains(expected), "{}", posted.text);
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}

/// Questions and answers about things that differ.
fn pairs(count: usize) -> Vec<(String, String)> {
    const THINGS: [&str; 10] =
        ["সেলাই মেশিন", "নৌকা", "বাইসাইকেল", "ক্যামেরা", "হারমোনিয়াম", "তাঁবু", "মই", "ফুটবল", "প্রজেক্টর", "গিটার"];
    const FRAMES: [&str; 6] = [
        "{} ভাড়া নিতে কত টাকা লাগে?",
        "{} কতদিন রাখা যায়?",
        "{} নষ্ট হলে কী হবে?",
        "{} কোথা থেকে নেব?",
        "{} কে চালাতে শেখায়?",
        "{} কি বাড়িতে পৌঁছে দেন?",
    ];
    let all = THINGS.iter().flat_map(|thing| FRAMES.iter().map(move |frame| frame.replace("{}", thing)));
    all.enumerate().take(count).map(|(at, question)| (question, format!("কাউন্টার {at}-এ জানুন।"))).collect()
}

/// As a page shows them: an accordion between what pages have.
fn page(pairs: &[(String, String)]) -> String {
    let items: Vec<String> = pairs
        .iter()
        .enumerate()
        .map(|(at, (question, answer))| {
            format!(
                "<div class=item><h3><button aria-controls=a{at}>{question}</button></h3>\
                 <div id=a{at} hidden><p>{answer}</p></div></div>"
            )
        })
        .collect();
    let items = items.concat();
    format!(
        "<!DOCTYPE html><title>ভাড়া</title><nav><a href=/>মূল পাতা</a></nav><div class=cookie-bar>কুকি নিবেন?</div>\
         <main><h1>ভাড়ার দোকান</h1>{items}</main><footer>আর কিছু?</footer>"
    )
}

/// A workbook with one sheet, as small as programs read it.
fn workbook(pairs: &[(String, String)]) -> Vec<u8> {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let head = ("প্রশ্ন".to_owned(), "উত্তর".to_owned());
    let rows: Vec<String> = std::iter::once(&head)
        .chain(pairs)
        .enumerate()
        .map(|(at, (question, answer))| {
            format!("<row r=\"{}\">{}{}</row>", at + 1, cell(question), cell(answer))
        })
        .collect();
    let rows = rows.concat();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    archive(&[
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{types}\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{sheet}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{sheet}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"FAQ\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ])
}

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Imports and checks; every question is an entry.
fn imported(folder: &Path, file: &str, content: &[u8], count: usize) {
    fs::write(folder.join(file), content).unwrap();
    let printed = run(folder, &format!("uttor import {file} --to mine"));
    assert!(printed.ends_with(&format!("\n{count} entries, 0 marked “# review:”\n")), "{printed}");
    let checked = run(folder, "uttor check --faq mine");
    assert!(checked.lines().last().unwrap().starts_with(&format!("{count} entries, ")), "{checked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_25_questions_answers() {
    let folder = TempDir::new().unwrap();
    let pairs = pairs(25);
    imported(folder.path(), "faq.html", page(&pairs).as_bytes(), 25);
    answers(folder.path(), "mine", &pairs[7].0, &pairs[7].1).await;
}

/// The FAQ of a project's README between what else stands in one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_readme_answers() {
    let folder = TempDir::new().unwrap();
    let readme = "# rain-gauge\n\n[![build](https://example.org/b.svg)](https://example.org/b)\n\n## FAQ\n\n\
        ### How often must the gauge be emptied?\n\nOnce a day, at nine.\n\n\
        ### Does frost harm it?\n\nTake the glass in when it freezes:\n\n- the glass\n- the funnel\n\n\
        <details><summary>Where do I send the numbers?</summary>\n\nTo the [office](https://example.org/office).\n\n</details>\n";
    fs::write(folder.path().join("README.md"), readme).unwrap();
    let printed = run(folder.path(), "uttor new mine --from README.md");
    assert!(printed.contains("mine is a guide now"), "{printed}");
    let checked = run(folder.path(), "uttor check --faq mine");
    assert!(checked.lines().last().unwrap().contains(" 0 errors, "), "{checked}");
    answers(folder.path(), "mine", "Does frost harm it?", "Take the glass in").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_of_60_questions_answers() {
    let folder = TempDir::new().unwrap();
    let pairs = pairs(60);
    imported(folder.path(), "faq.xlsx", &workbook(&pairs), 60);
    answers(folder.path(), "mine", &pairs[41].0, &pairs[41].1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_folder_answers_in_bengali_and_english() {
    let folder = TempDir::new().unwrap();
    let asked = uttor()
        .args(["new", "typed"])
        .current_dir(folder.path())
        .write_stdin("Boat club\n\nboat, নৌকা\n\n@club\n")
        .output()
        .unwrap();
    assert_eq!(asked.status.code(), Some(0), "{}", stderr(&asked));
    let guide = fs::read_to_string(folder.path().join("typed/guide.toml")).unwrap();
    assert!(guide.contains("title = \"Boat club\"") && guide.contains("contact = \"@club\""), "{guide}");
    run(folder.path(), "uttor new flags --title পাঠাগার");
    for (faq, question, expected) in [
        ("typed", "what can I ask here?", "This is an example."),
        ("flags", "কী নিয়ে প্রশ্ন করা যাবে?", "নমুনা উত্তর"),
    ] {
        let checked = run(folder.path(), &format!("uttor check --faq {faq}"));
        assert!(checked.ends_with(" 0 errors, 0 warnings\n"), "{checked}");
        answers(folder.path(), faq, question, expected).await;
    }
    let again = uttor().args(["new", "flags", "--title", "x"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("holds a guide already"), "{}", stderr(&again));
}

/// A page that a server on this machine shows, at the end of a redirect.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_fetched_within_limits() {
    use axum::response::{Html, Redirect};
    use axum::routing::get;
    let html = page(&pairs(3)).replace("কাউন্টার 0-এ জানুন।", "<a href=\"form\">ফর্ম</a>");
    let router = axum::Router::new()
        .route("/old", get(|| async { Redirect::temporary("/help/faq") }))
        .route("/help/faq", get(|| async { Html(html) }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/huge", get(|| async { vec![b'a'; 17 << 20] }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = TempDir::new().unwrap();
    let import = |path: &str, flags: &[&str]| {
        let url = format!("http://{address}{path}");
        let mut command = uttor();
        command.args(["import", &url, "--to", "mine"]).args(flags).current_dir(folder.path());
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    for (path, flags, message) in [
        ("/old", &[][..], "--allow-private"),
        ("/loop", &["--allow-private"], "more than 5 times"),
        ("/huge", &["--allow-private"], "more than 16777216 bytes"),
        ("/absent", &["--allow-private"], "answers 404"),
    ] {
        let output = import(path, flags).await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert!(stderr(&output).contains(message), "{path}: {}", stderr(&output));
    }
    let output = import("/old", &["--allow-private"]).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("of text/html from http://"), "{}", stderr(&output));
    let entry = fs::read_dir(folder.path().join("mine")).unwrap().map(|file| file.unwrap().path());
    let first = entry.into_iter().find(|path| path.display().to_string().contains("/01-")).unwrap();
    let first = fs::read_to_string(first).unwrap();
    assert!(first.contains(&format!("ফর্ম (http://{address}/help/form)")), "{first}");
}

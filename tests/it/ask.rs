//! `uttor ask` and `uttor chat`: what the command line promises to scripts.

use serde_json::Value;

use crate::support::program::{stderr, stdout, uttor};

/// The guide, from the repository: the working folder of the program is another.
fn ask(arguments: &[&str], input: &[u8]) -> std::process::Output {
    let faq = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");
    uttor().args(["--faq", faq, "ask"]).args(arguments).write_stdin(input).output().unwrap()
}

fn records(arguments: &[&str], input: &[u8]) -> Vec<Value> {
    let output = ask(arguments, input);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn words_are_one_question() {
    let output = ask(&["mobile", "diye", "hobe?"], b"");
    assert!(output.status.success());
    assert!(stdout(&output).contains("৪০%"), "{}", stdout(&output));
}

#[test]
fn every_line_gets_an_object_in_order() {
    let input = "kaj kothay pabo vai\r\n\nআসসালামু আলাইকুম\nপাসপোর্ট করতে কত লাগে".as_bytes();
    let records = records(&["--json"], input);
    let outcomes: Vec<_> = records.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["answer", "fallback", "smalltalk", "fallback"]);
    let first = &records[0];
    assert_eq!(first["query"], "kaj kothay pabo vai");
    assert_eq!(first["entry"], "where-find-work");
    assert_eq!(first["entries"], serde_json::json!(["where-find-work"]));
    assert_eq!(first["suggestions"], serde_json::json!([]));
    assert_eq!(first["score"], first["candidates"][0]["score"]);
    assert!(first["candidates"].as_array().unwrap().len() <= 5);
    assert_eq!(records[1]["query"], "");
    assert_eq!(records[1]["entry"], Value::Null);
    assert_eq!(records[1]["score"].as_f64(), Some(0.0));
}

#[test]
fn in_a_group_only_a_sure_answer_is_said() {
    let input = "ফ্রিল্যান্সিং শিখতে কত টাকা লাগে?\nhello\n\nashole amar mon valo na\n".as_bytes();
    let records = records(&["--json", "--in", "group"], input);
    let outcomes: Vec<_> = records.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["answer", "silent", "silent", "silent"]);
    assert!(records[1..].iter().all(|record| record["reply"] == ""));
}

#[test]
fn a_suggestion_names_two_or_three() {
    let records = records(&["--json"], "কত টাকা লাগে".as_bytes());
    assert_eq!(records[0]["outcome"], "suggest");
    assert!((2..=3).contains(&records[0]["suggestions"].as_array().unwrap().len()));
}

#[test]
fn two_questions_have_the_first_in_entry() {
    let input = b"freelancing shikhte koto taka lage? ar koto din lage shikhte?";
    let records = records(&["--json"], input);
    assert_eq!(records[0]["entry"], "learning-cost");
    assert_eq!(records[0]["entries"], serde_json::json!(["learning-cost", "learning-time"]));
}

#[test]
fn a_session_remembers_the_line_before() {
    let input = "ফ্রিল্যান্সিং শিখতে কত টাকা লাগে?\nআর কতদিন লাগবে?\n".as_bytes();
    assert_eq!(records(&["--json", "--session"], input)[1]["entry"], "learning-time");
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_long_lines_cut() {
    let mut input = vec![b'a'; 5_000];
    input.extend(b"\n\xFF\xFEfreelancing ki\n");
    let records = records(&["--json"], &input);
    assert_eq!(records[0]["query"].as_str().unwrap().chars().count(), 1_000);
    assert_eq!(records[1]["entry"], "what-is-freelancing");
}

#[test]
fn explaining_shows_what_went_in() {
    let records = records(&["--json", "--explain"], b"mobile diye ki freelancing hobe");
    let explain = &records[0]["explain"];
    assert_eq!(explain["normalized"], "mobile diye ki freelancing hobe");
    assert_eq!(explain["candidates"][0]["entry"], "mobile");
    assert!(explain["phrasing"].is_string() && explain["thresholds"].as_array().unwrap().len() == 3);
}

#[test]
fn wrong_usage_and_broken_content_end_with_2() {
    assert_eq!(ask(&["--in", "church"], b"").status.code(), Some(2));
    let output = uttor().args(["--faq", "no/such/folder", "ask", "ki"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no/such/folder"), "{}", stderr(&output));
}

#[test]
fn a_chat_is_one_conversation_whose_buttons_are_numbers() {
    let faq = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");
    let input = "কত টাকা লাগে\n1\n\nআর কতদিন লাগবে?\n";
    let output = uttor().args(["--faq", faq, "chat"]).write_stdin(input).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("১০০/৫০০") && said.contains("৩ মাস"), "{said}");
}

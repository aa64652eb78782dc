//! `uttor ask` and `uttor chat`: what the command line promises to scripts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

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

/// The second start reads what the first has learned, and throws it away where it does not fit.
#[test]
fn what_was_learned_is_kept_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let faq = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faq");
    let run = || {
        let output = uttor()
            .args(["--faq", faq, "ask", "--json"])
            .write_stdin("gach e koto pani dibo\nkobe pani dibo?\n")
            .current_dir(&folder)
            .output()
            .unwrap();
        (stdout(&output), stderr(&output))
    };
    let kept = || -> Vec<std::path::PathBuf> {
        let mut files: Vec<_> = std::fs::read_dir(folder.path().join("data/learned"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        files
    };
    let (first, _) = run();
    assert_eq!(kept().len(), 2, "{:?}", kept());
    assert_eq!(run(), (first.clone(), String::new()));
    for file in kept() {
        let mut damaged = std::fs::read(&file).unwrap();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(&file, damaged).unwrap();
    }
    let (again, logged) = run();
    assert_eq!(again, first);
    assert_eq!(logged.matches("is damaged and is learned again").count(), 2, "{logged}");
    assert_eq!(run(), (first, String::new()));
}

/// What was taught for all is asked too, unless it is left out.
#[test]
fn what_was_taught_is_asked_too() {
    let folder = tempfile::tempdir().unwrap();
    let faq = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faq");
    let run = |arguments: &[&str], input: &str| {
        let mut program = uttor();
        let output =
            program.args(["--faq", faq]).args(arguments).write_stdin(input).current_dir(&folder).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    run(&["teach", "phrasing", "watering", "zibro blonk wattle"], "");
    let asked = "zibro blonk wattle\nexit\n";
    assert!(run(&["ask", "--json"], asked).contains(r#""entry":"watering""#));
    assert!(!run(&["ask", "--json", "--no-store"], asked).contains(r#""entry":"watering""#));
    let with = run(&["chat"], asked);
    assert_ne!(with, run(&["chat", "--no-store"], asked));
    assert_eq!(
        with,
        run(&["chat"], &format!("{asked}zibro blonk wattle\n")),
        "exit does not end the conversation"
    );
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
    let records = records(&["--json"], "কত লাগে".as_bytes());
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
fn explaining_a_follow_up_explains_the_score_it_got() {
    let input = "ফ্রিল্যান্সিং শিখতে কত টাকা লাগে?\nar koto din lagbe\n".as_bytes();
    let records = records(&["--json", "--session", "--explain"], input);
    for (record, read) in records.iter().zip(["whole", "followed"]) {
        let explain = &record["explain"];
        assert_eq!(explain["read"], read);
        assert_eq!(explain["candidates"][0]["entry"], record["entry"]);
        let scores =
            [&record["score"], &explain["candidates"][0]["score"]].map(|score| score.as_f64().unwrap());
        assert!((scores[0] - scores[1]).abs() < 1e-4, "{scores:?}");
    }
}

#[test]
fn explaining_words_and_silence_shows_a_table() {
    let output = ask(&["--explain", "--in", "group"], b"hello\nfreelancing ki\n\n");
    let said = stdout(&output);
    let blocks: Vec<&str> = said.split("\nnormalized ").collect();
    assert_eq!(blocks.len(), 3, "{said}");
    assert!(said.starts_with("normalized  hello\n"), "{said}");
    assert!(said.contains("threshold   group: answer from"), "{said}");
}

#[test]
fn addressed_the_bot_is_never_silent() {
    let input = "hello\n\nকত লাগে\nashole amar mon valo na\n🙂\n".as_bytes();
    let records = records(&["--json", "--in", "addressed"], input);
    let outcomes: Vec<_> = records.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["smalltalk", "fallback", "suggest", "fallback", "fallback"]);
    assert!(records.iter().all(|record| record["reply"] != ""));
}

#[test]
fn nothing_asked_is_nothing_said() {
    for arguments in [&[][..], &["--json"], &["--session"], &["--explain"]] {
        let output = ask(arguments, b"");
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    let output = ask(&["--in", "group"], "hello\n\nআজকে অনেক গরম\n".as_bytes());
    assert!(output.status.success());
    assert_eq!(stdout(&output), "");
}

#[test]
fn who_reads_one_line_only_is_no_failure() {
    let faq = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");
    for command in ["ask", "chat"] {
        let mut program = std::process::Command::new(assert_cmd::cargo::cargo_bin("uttor"))
            .args(["--faq", faq, command])
            .env_clear()
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = program.stdin.take().unwrap();
        let mut output = BufReader::new(program.stdout.take().unwrap());
        input.write_all(b"freelancing ki\n").unwrap();
        // Each line is answered before the next one is read, so that a program can ask line by line.
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty());
        drop(output);
        // It may have ended already, and then nobody reads.
        while input.write_all(b"freelancing ki\n").is_ok() {}
        let ended = program.wait_with_output().unwrap();
        assert!(ended.status.success(), "{command}: {:?}", ended.status);
        assert_eq!(stderr(&ended), "", "{command}");
    }
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

//! `uttor serve` as a process: its one line, its signals, and how it refuses to start.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::app::{garden, garden_copy};
use crate::support::serving::{signal, started, uttor};

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Standard error's lines.
fn complaints(output: &Output) -> Vec<String> {
    String::from_utf8(output.stderr.clone()).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn it_prints_one_line_serves_and_stops_on_either_signal() {
    let folder = TempDir::new().unwrap();
    for name in ["-INT", "-TERM"] {
        let (mut child, address) =
            started(uttor(folder.path()).args(["--faq".as_ref(), garden().as_os_str()]));
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        std::io::Write::write_all(&mut stream, b"GET /readyz HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{name}");
        let mut rest = String::new();
        child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "nothing else on standard output");
    }
}

#[test]
fn it_runs_with_no_configuration_and_no_folder() {
    let folder = TempDir::new().unwrap();
    let (mut child, _) = started(uttor(folder.path()).arg("serve"));
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["data"], "it leaves nothing behind but its store");
}

#[test]
fn a_held_connection_does_not_keep_it_from_stopping() {
    let folder = TempDir::new().unwrap();
    let (mut child, address) = started(uttor(folder.path()).args(["--faq".as_ref(), garden().as_os_str()]));
    let mut held = std::net::TcpStream::connect(&address).unwrap();
    std::io::Write::write_all(&mut held, b"POST /api/ask HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{")
        .unwrap();
    let start = std::time::Instant::now();
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(start.elapsed().as_secs() < 15, "{:?}", start.elapsed());
}

#[test]
fn an_address_in_use_is_one_clear_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = TempDir::new().unwrap();
    let output = run(uttor(folder.path()).env("LISTEN", &address).env("RUST_LOG", "warn"));
    assert_eq!(output.status.code(), Some(2));
    let expected =
        format!("LISTEN: {address} is in use by another program; stop it or set LISTEN to another port");
    assert_eq!(complaints(&output), [expected]);
    assert!(output.stdout.is_empty());
}

#[test]
fn broken_content_is_told_finding_by_finding_and_not_served() {
    let copy = garden_copy();
    fs::write(copy.path().join("seeds.toml"), b"question = \"\xff\"\n").unwrap();
    let output = run(uttor(copy.path()).env("FAQ_DIR", copy.path()).env("RUST_LOG", "warn"));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let seeds = copy.path().join("seeds.toml").display().to_string();
    assert_eq!(complaints(&output), [format!("{seeds}:1: error: not valid UTF-8; save the file as UTF-8")]);

    fs::write(copy.path().join("seeds.toml"), "question = 3\n").unwrap();
    fs::write(copy.path().join("tools.toml"), "questoin = \"?\"\n").unwrap();
    let lines = complaints(&run(uttor(copy.path()).env("FAQ_DIR", copy.path()).env("RUST_LOG", "warn")));
    for file in ["seeds.toml", "tools.toml"] {
        let start = format!("{}:1: error: ", copy.path().join(file).display());
        assert!(lines.iter().any(|line| line.starts_with(&start)), "{start} is missing in {lines:#?}");
    }
    assert!(lines.iter().all(|line| line.contains(": error: ")), "{lines:#?}");
}

#[test]
fn folders_that_hold_nothing_to_read_are_told() {
    let folder = TempDir::new().unwrap();
    let lines =
        |faq: &str| complaints(&run(uttor(folder.path()).args(["--faq", faq]).env("RUST_LOG", "warn")));
    assert_eq!(lines("."), [".:1: error: holds no *.toml file"]);
    assert!(lines("gone")[0].starts_with("gone:1: error: cannot be read"));
    fs::write(folder.path().join("faq"), "").unwrap();
    let output = run(uttor(folder.path()).env("RUST_LOG", "warn"));
    assert_eq!(output.status.code(), Some(2), "a file named faq is not silently passed over");
}

#[test]
fn a_bad_setting_is_one_clear_line() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".env"), "TELEGRAM_TOKEN=1:sesame\n").unwrap();
    let output = run(&mut uttor(folder.path()));
    assert_eq!(output.status.code(), Some(2));
    let lines = complaints(&output);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with(".env: TELEGRAM_TOKEN is not a variable that uttor reads"), "{}", lines[0]);
}

#[test]
fn messengers_secrets_are_in_no_log() {
    let folder = TempDir::new().unwrap();
    let mut command = uttor(folder.path());
    command
        .args(["--faq".as_ref(), garden().as_os_str()])
        .env("MESSENGER_PAGE_ID", "1")
        .env("MESSENGER_PAGE_TOKEN", "sesame-1")
        .env("MESSENGER_APP_SECRET", "sesame-2")
        .env("MESSENGER_VERIFY_TOKEN", "sesame-3")
        .env("MESSENGER_GRAPH_URL", "http://127.0.0.1:1")
        .env("LOG_FORMAT", "json");
    let (child, _) = started(&mut command);
    signal(&child, "-TERM");
    let output = child.wait_with_output().unwrap();
    let lines = complaints(&output);
    assert!(lines.iter().any(|line| line.contains("have no links")), "{lines:#?}");
    for line in &lines {
        assert!(!line.contains("sesame"), "{line}");
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn help_and_version_are_there_and_a_wrong_word_is_not() {
    let folder = TempDir::new().unwrap();
    for flag in ["--help", "--version"] {
        let output = run(uttor(folder.path()).arg(flag));
        assert!(output.status.success() && !output.stdout.is_empty(), "{flag}");
    }
    assert_eq!(run(uttor(folder.path()).arg("sevre")).status.code(), Some(2));
}

#[test]
fn after_a_restart_with_broken_content_the_last_good_one_is_served() {
    let copy = garden_copy();
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let serve = || {
        let mut command = uttor(copy.path());
        command.env("FAQ_DIR", copy.path()).env("DATABASE_URL", &database).env("RUST_LOG", "error");
        command
    };
    for content in [None, Some("question = 3\n")] {
        if let Some(content) = content {
            fs::write(copy.path().join("seeds.toml"), content).unwrap();
        }
        let (mut child, _) = started(&mut serve());
        signal(&child, "-TERM");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    fs::remove_file(data.path().join("last-good-faq.json")).unwrap();
    assert_eq!(run(&mut serve()).status.code(), Some(2), "with neither it does not start");
}

//! A load run through the stand-in Graph API: so many questions with duplicates, reordered deliveries and 5 % of the
//! sends failing, one program; prints a line, and fails when something is answered twice or not at all.
//!
//! ```text
//! load_messenger QUESTIONS PROGRAM [ARGUMENT]...
//! ```

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, dead_code, reason = "a tool")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

mod app {
    //! What the stand-in takes from the tests.

    /// How long anything may take.
    pub const PATIENCE: std::time::Duration = std::time::Duration::from_mins(20);
}

#[path = "../tests/it/support/graph/mod.rs"]
mod graph;

use graph::Graph;

/// What people ask.
const QUESTIONS: [&str; 4] = [
    "মোবাইল দিয়ে কি ফ্রিল্যান্সিং করা যায়?",
    "freelancing shikhte koto din lage",
    "kaj kothay pabo vai",
    "where do I get paid",
];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [questions, program, rest @ ..] = arguments.as_slice() else {
        panic!("load_messenger QUESTIONS PROGRAM [ARGUMENT]...");
    };
    let graph = Graph::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::fs::canonicalize(program).unwrap())
        .args(rest)
        .current_dir(folder.path())
        .envs(graph.settings())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().trim_end_matches('/').to_owned();
    let outcome = graph::run::run(&graph, &url, questions.parse().unwrap(), &QUESTIONS).await;
    let memory = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let memory = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().to_owned();
    println!(
        "{} events with {} questions: {} answered once, {} of unknown outcome not answered, none twice; {:.1} s, {:.0} a \
         second; slowest acknowledgement {} ms; memory {memory}",
        outcome.delivered,
        outcome.questions,
        outcome.once,
        outcome.unknown,
        outcome.took.as_secs_f64(),
        outcome.questions as f64 / outcome.took.as_secs_f64(),
        outcome.slowest.as_millis(),
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

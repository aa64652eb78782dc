//! A load run through the stand-in Bot API server: so many chats, so many messages, one program; prints a line.
//!
//! ```text
//! load NAME CHATS MESSAGES PROGRAM [ARGUMENT]...
//! ```

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a tool")]

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

mod app {
    //! What the stand-in takes from the tests.

    /// How long anything may take.
    pub const PATIENCE: std::time::Duration = std::time::Duration::from_mins(3);
}

#[path = "../tests/it/support/telegram/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use more of it")]
mod telegram;

use telegram::{Telegram, private};

/// What people ask, one after the other.
const QUESTIONS: [&str; 4] = [
    "মোবাইল দিয়ে কি ফ্রিল্যান্সিং করা যায়?",
    "freelancing shikhte koto din lage",
    "kaj kothay pabo vai",
    "where do I get paid",
];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, chats, messages, program, rest @ ..] = arguments.as_slice() else {
        panic!("load NAME CHATS MESSAGES PROGRAM [ARGUMENT]...");
    };
    let (chats, messages): (i64, usize) = (chats.parse().unwrap(), messages.parse().unwrap());
    let telegram = Telegram::start().await;
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(std::fs::canonicalize(program).unwrap())
        .args(rest)
        .current_dir(folder.path())
        .envs(telegram.settings())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let child = Measured(child);
    // Ready once it has answered.
    private(&telegram, 1);
    telegram.says(1, 1, "/help");
    telegram.wait("the first answer", |world| world.sent(1).first().map(|_| ())).await;
    let start = Instant::now();
    let mut said = HashMap::new();
    for turn in 0..messages {
        for chat in 1_000..1_000 + chats {
            private(&telegram, chat);
            telegram.says(chat, chat, QUESTIONS[turn % QUESTIONS.len()]);
            said.entry(chat).or_insert_with(Vec::new).push(Instant::now());
        }
        // As many as the window holds at once: what is measured is the way through the program, not the wait at
        // Telegram's door.
        let due = (turn + 1) * usize::try_from(chats).unwrap();
        telegram.wait("the answers", |world| (world.answered() > due).then_some(())).await;
    }
    let took = start.elapsed();
    let mut waits: Vec<Duration> = telegram.world(|world| {
        let mut waits = Vec::new();
        for (chat, said) in &said {
            let answered = world.posted(*chat).map(|posted| posted.at);
            waits.extend(said.iter().zip(answered).map(|(said, answered)| answered.duration_since(*said)));
        }
        waits
    });
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let memory = std::fs::read_to_string(format!("/proc/{}/status", child.0.id())).unwrap();
    let memory = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().to_owned();
    let all = waits.len();
    println!(
        "{name}: {all} answers in {:.1} s, {:.0} a second; p50 {:.1} ms, p99 {:.1} ms; memory {memory}; over the limit {}",
        took.as_secs_f64(),
        all as f64 / took.as_secs_f64(),
        at(0.50),
        at(0.99),
        telegram.world(|world| world.over_limit),
    );
}

/// Goes with this program, also when an answer does not come.
struct Measured(Child);

impl Drop for Measured {
    fn drop(&mut self) {
        let _over = self.0.kill().and_then(|()| self.0.wait());
    }
}

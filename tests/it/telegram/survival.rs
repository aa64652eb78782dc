//! Kills, floods and long silence: nothing is lost.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Mode, Rig, SECRET};
use crate::support::app::garden;
use crate::support::database::Database;
use crate::support::serving::signal;
use crate::support::telegram::{Fault, TOKEN, Telegram, Webhook, World, Wrong, private};

/// The program as a process of its own, on the store in `folder`.
pub struct Victim {
    child: Child,
    pub url: String,
}

impl Victim {
    pub fn start(telegram: &Telegram, folder: &Path, mode: Mode, limits: &str) -> Self {
        Self::start_on(telegram, folder, mode, limits, "sqlite://data/uttor.db")
    }

    pub fn start_on(telegram: &Telegram, folder: &Path, mode: Mode, limits: &str, database: &str) -> Self {
        Self::start_with_log(telegram, folder, mode, limits, database, "off")
    }

    pub fn start_with_log(
        telegram: &Telegram,
        folder: &Path,
        mode: Mode,
        limits: &str,
        database: &str,
        log: &str,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_uttor"));
        command
            .current_dir(folder)
            .env_clear()
            .args(["--faq".as_ref(), garden().as_os_str()])
            .envs(telegram.settings())
            .env("LISTEN", "127.0.0.1:0")
            .env("TELEGRAM_LIMITS", limits)
            .env("DATABASE_URL", database)
            .stdin(Stdio::null())
            .env("RUST_LOG", log)
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("log")).unwrap());
        if mode == Mode::Webhook {
            command.env("TELEGRAM_MODE", "webhook").env("TELEGRAM_WEBHOOK_SECRET", SECRET);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().trim_end_matches('/').to_owned();
        if mode == Mode::Webhook {
            telegram.world(|world| {
                let url = format!("{url}/telegram/webhook");
                let secret = Some(SECRET.to_owned());
                world.webhook = Some(Webhook { url, secret, max_connections: 40, last_error: None });
            });
            telegram.deliver();
        }
        Self { child, url }
    }

    /// `kill -9`.
    pub fn kill(self) {
        drop(self);
    }

    /// `kill -TERM`, without waiting for the end.
    pub fn stop(&self) {
        self.signal("-TERM");
    }

    /// `-TERM`, `-INT`, …
    pub fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Whether it has ended well; none while it runs.
    pub fn ended(&mut self) -> Option<bool> {
        self.child.try_wait().unwrap().map(|status| status.success())
    }

    /// What it has used of the processors.
    fn busy(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks: Vec<u64> = fields.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        // Fields 14 and 15, in hundredths of a second; the first two here are no numbers or one.
        Duration::from_millis((ticks[10] + ticks[11]) * 10)
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Two processes on one PostgreSQL, behind a webhook.
pub struct Pair {
    pub telegram: Telegram,
    pub database: Database,
    pub first: Victim,
    pub second: Victim,
    _folder: TempDir,
}

impl Pair {
    /// Both of them, once they take updates; none without PostgreSQL.
    pub async fn start(limits: &str) -> Option<Self> {
        let database = Database::postgres().await?;
        let telegram = Telegram::start().await;
        let folder = TempDir::new().unwrap();
        let start = || Victim::start_on(&telegram, folder.path(), Mode::Webhook, limits, &database.url);
        let (first, second) = (start(), start());
        telegram
            .wait("both to take updates", |world| {
                (world.calls_of("getWebhookInfo").count() >= 2).then_some(())
            })
            .await;
        Some(Self { telegram, database, first, second, _folder: folder })
    }
}

pub fn answers(world: &World, chats: i64) -> usize {
    (1..=chats).map(|chat| world.posted(1_000 + chat).count()).sum()
}

/// Kills the program in the middle of `chats` × `each` questions; afterwards every question has its answer.
async fn killed(mode: Mode, limits: &str, chats: i64, each: usize) {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    for _ in 0..each {
        for chat in 1..=chats {
            private(&telegram, 1_000 + chat);
            telegram.says(1_000 + chat, 1_000 + chat, "/privacy");
        }
    }
    let all = usize::try_from(chats).unwrap() * each;
    for part in [all / 4, all / 2] {
        let victim = Victim::start(&telegram, folder.path(), mode, limits);
        telegram.wait("a part of the answers", |world| (answers(world, chats) >= part).then_some(())).await;
        victim.kill();
    }
    let victim = Victim::start(&telegram, folder.path(), mode, limits);
    telegram
        .wait("every answer", |world| {
            // What came twice in one chat stands for none of another.
            let each_is_answered = (1..=chats).all(|chat| world.posted(1_000 + chat).count() >= each);
            (world.updates.is_empty() && each_is_answered).then_some(())
        })
        .await;
    victim.kill();
    let mut spare = HashMap::new();
    telegram.world(|world| {
        for chat in 1..=chats {
            let sent = world.posted(1_000 + chat).filter(|sent| sent.text.starts_with("গোপনীয়তা")).count();
            assert!(sent >= each, "{mode:?}: chat {chat} got {sent} answers to {each} questions");
            *spare.entry(sent - each).or_insert(0) += 1;
        }
    });
    // Killed twice: for each kill at most the one answer that was on its way, which is one a chat.
    assert!(spare.keys().all(|more| *more <= 2), "{mode:?}: duplicates by number of chats: {spare:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_a_thousand_messages_loses_none() {
    for mode in [Mode::Polling, Mode::Webhook] {
        killed(mode, "off", 100, 10).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_a_kill_while_answers_wait_for_the_rate_limit() {
    killed(Mode::Polling, "on", 15, 5).await;
}

#[tokio::test]
async fn a_rate_limited_chat_does_not_fill_the_window() {
    let telegram = Telegram::start().await;
    let stuck = private(&telegram, 5);
    telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Flood(200)).chat(stuck)));
    telegram.says(stuck, 5, "/privacy");
    for _ in 0..5 {
        for chat in 1..=50 {
            private(&telegram, 1_000 + chat);
            telegram.says(1_000 + chat, 1_000 + chat, "/privacy");
        }
    }
    let rig = Rig::at(telegram.clone(), Mode::Polling, &[("TELEGRAM_LIMITS", "off")]).await;
    telegram.wait("all others", |world| (answers(world, 50) == 250).then_some(())).await;
    assert!(rig.metrics().await.contains("uttor_telegram_updates_total{what=\"stored\"}"));
    drop(rig);
}

/// How long the silence is, in seconds: `UTTOR_TEST_IDLE_SECS`, or 5.
fn idle() -> u64 {
    std::env::var("UTTOR_TEST_IDLE_SECS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(5)
}

/// `UTTOR_TEST_IDLE_SECS=600 cargo test --test it silence` measures ten minutes of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_messages_use_no_rate_limit() {
    tokio::join!(silence(Mode::Polling), silence(Mode::Webhook));
}

async fn silence(mode: Mode) {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let victim = Victim::start(&telegram, folder.path(), mode, "on");
    private(&telegram, 5);
    telegram.says(5, 5, "/help");
    telegram.wait("an answer", |world| world.sent(5).first().map(|_| ())).await;
    telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
    let time = Duration::from_secs(idle());
    let before = victim.busy();
    // What is measured is the time that passes.
    tokio::time::sleep(time).await;
    let busy = victim.busy().saturating_sub(before);
    let _unread = writeln!(std::io::stderr(), "{mode:?}: {busy:?} of {time:?} in silence");
    assert!(busy < time / 100, "{mode:?}: {busy:?} of {time:?}");
    victim.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_replicas_one_polls_and_the_other_takes_over() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let start = || Victim::start_on(&telegram, folder.path(), Mode::Polling, "on", &database.url);
    let chat = private(&telegram, 5);
    let answered =
        |number: usize| telegram.wait("an answer", move |world| world.sent(chat).get(number).map(|_| ()));
    let first = start();
    telegram.says(chat, 5, "/help");
    answered(0).await;
    let second = start();
    telegram.wait("both there", |world| (world.calls_of("getMe").count() == 2).then_some(())).await;
    telegram.says(chat, 5, "/privacy");
    answered(1).await;
    // Else it may be killed between the answer and its claim.
    telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
    let conflicts =
        || telegram.world(|world| world.calls_of("getUpdates").filter(|call| call.answer.is_err()).count());
    assert_eq!(conflicts(), 0, "they never asked at the same time");
    first.kill();
    telegram.says(chat, 5, "/topics");
    let since = Instant::now();
    answered(2).await;
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    // The stand-in may not have noticed by then that nobody waits for the dead one's poll any more.
    assert!(conflicts() <= 1, "{}", conflicts());
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 3);
    second.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_behind_a_webhook_answer_an_update_once() {
    let Some(pair) = Pair::start("on").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    let chat = private(telegram, 5);
    telegram.says(chat, 5, "/help");
    telegram.wait("an answer", |world| world.sent(chat).first().map(|_| ())).await;
    telegram.wait("taken", |world| world.updates.is_empty().then_some(())).await;
    let id = telegram.world(|world| *world.confirmed.last().unwrap());
    let update = serde_json::json!({ "update_id": id, "message": telegram.message(chat, 5, &serde_json::json!({ "text": "/help" })) });
    for url in [&first.url, &second.url] {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let post =
            client.post(format!("{url}/telegram/webhook")).header("X-Telegram-Bot-Api-Secret-Token", SECRET);
        assert!(post.json(&update).send().await.unwrap().status().is_success());
    }
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 1);
}

#[tokio::test]
async fn not_even_the_most_talkative_log_holds_the_token_or_what_was_said() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let telegram = Telegram::start().await;
        let folder = TempDir::new().unwrap();
        for wrong in [Wrong::Drop, Wrong::BadGateway, Wrong::Error(401, "Unauthorized")] {
            telegram.world(|world| world.faults.push(Fault::new("getMe", wrong)));
        }
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Drop)));
        let database = "sqlite://data/uttor.db";
        let victim = Victim::start_with_log(&telegram, folder.path(), mode, "off", database, "trace");
        let chat = private(&telegram, 7_001);
        telegram.says(chat, chat, "/start rooftop");
        telegram.says(chat, chat, "কেঁচো-জাতীয়-অদ্ভুত-কথা");
        telegram.wait("the answers", |world| (world.sent(chat).len() == 2).then_some(())).await;
        victim.kill();
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(log.contains("Telegram"), "something is logged at all");
        for secret in [TOKEN, SECRET, "অদ্ভুত"] {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{mode:?}");
        }
    }
}

//! `uttor serve` with its store, and the commands that look after it: stats, backup, restore, doctor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::app::{PATIENCE, eventually, garden};
use crate::support::database::Database;
use crate::support::program::{stderr, stdout, uttor_with};
use crate::support::serving::{signal, started, uttor};

/// A store, and everything that is done with it.
struct Store {
    database: Database,
}

impl Store {
    fn new() -> Self {
        Self { database: Database::sqlite() }
    }

    fn command(&self, arguments: &[&str]) -> Output {
        let mut command = uttor_with(&garden(), arguments[0]);
        command.env("DATABASE_URL", &self.database.url).args(&arguments[1..]);
        command.output().unwrap()
    }

    /// What it prints; it must end with `code`.
    fn run(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
        if code == 2 { stderr(&output) } else { stdout(&output) }
    }

    fn statistics(&self) -> Value {
        serde_json::from_str(&self.run(0, &["stats", "--json"])).unwrap()
    }

    fn serve(&self, folder: &Path, levels: &str) -> Serving {
        let log = folder.join("log");
        let mut command = uttor(folder);
        command
            .args(["--faq".as_ref(), garden().as_os_str()])
            .env("DATABASE_URL", &self.database.url)
            .env("RUST_LOG", levels)
            .stderr(fs::File::create(&log).unwrap());
        let (child, address) = started(&mut command);
        let client = Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Serving { child, url: format!("http://{address}"), client, log }
    }
}

/// The running program.
struct Serving {
    child: Child,
    url: String,
    client: Client,
    log: PathBuf,
}

impl Serving {
    async fn post(&self, path: &str, body: &Value) -> Value {
        let sent = self.client.post(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        sent.json().await.unwrap()
    }

    async fn ask(&self, text: &str, session: &str) -> Value {
        self.post("/api/ask", &json!({ "text": text, "session": session })).await
    }

    /// Stops it; what it logged.
    fn stop(mut self) -> String {
        signal(&self.child, "-TERM");
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        fs::read_to_string(self.log).unwrap()
    }
}

#[tokio::test]
async fn what_people_press_and_ask_in_vain_shows_in_the_statistics() {
    let (store, folder) = (Store::new(), TempDir::new().unwrap());
    let serving = store.serve(folder.path(), "warn");
    for session in ["a", "b", "c"] {
        let answer = serving.ask("chade ki bagan kora jay", session).await;
        assert_eq!(answer["entry"], "rooftop");
        // As the page does it: the payload of the button below the answer.
        let buttons = answer["buttons"].as_array().unwrap();
        let unhelpful = buttons.iter().find(|button| button["label"] == "👎").unwrap();
        serving.ask(unhelpful["payload"].as_str().unwrap(), session).await;
    }
    serving.post("/api/feedback", &json!({ "entry": "rooftop", "helpful": true, "session": "d" })).await;
    for (session, text) in [("a", "passport korte koto lage"), ("d", "Passport korte koto lage?")] {
        assert_eq!(serving.ask(text, session).await["outcome"], "fallback");
    }
    serving.ask("good morning", "e").await;

    // While it runs.
    let statistics = eventually("the statistics", async || {
        let statistics = store.statistics();
        (statistics["messages"]["total"] == 6 && statistics["unanswered"]["groups"] == 2)
            .then_some(statistics)
    });
    let statistics = statistics.await;
    assert_eq!(statistics["messages"]["answer"], 3);
    assert_eq!(statistics["messages"]["smalltalk"], 1);
    assert_eq!(statistics["messages"]["share_answered"], 0.6);
    assert_eq!(statistics["channels"][0]["channel"], "web");
    assert_eq!(
        statistics["entries"],
        json!([{ "entry": "rooftop", "answers": 3, "helpful": 1, "unhelpful": 3 }])
    );
    assert_eq!(statistics["feedback"], json!({ "helpful": 1, "unhelpful": 3 }));
    let disliked = &statistics["disliked"][0];
    assert_eq!((&disliked["entry"], &disliked["unhelpful"]), (&json!("rooftop"), &json!(3)));
    assert_eq!(disliked["questions"][0]["text"], "chade ki bagan kora jay");
    assert_eq!(disliked["questions"][0]["asked"], 3);
    let unanswered = statistics["unanswered"]["questions"].as_array().unwrap();
    let passport = unanswered.iter().find(|one| one["text"].as_str().unwrap().contains("assport")).unwrap();
    assert_eq!(passport["asked"], 2, "{unanswered:?}");

    let table = store.run(0, &["stats", "--days", "1"]);
    for part in ["6 messages, 60 % answered", "1 👍, 3 👎", "| rooftop | 3 ", "many 👎: rooftop", "2 open"]
    {
        assert!(table.contains(part), "{part} is missing in\n{table}");
    }
    let rows = store.run(0, &["stats", "--csv"]);
    assert!(rows.starts_with("measure,day,channel,outcome,entry,count\n"), "{rows}");
    for row in [",web,answer,rooftop,3\n", "\nunhelpful,,,,rooftop,3\n", "\nopen,,,,,2\n"] {
        assert!(rows.contains(row), "{row} is missing in\n{rows}");
    }
    // A phrasing that is taught beside the running program is in force in it, and leaves the list.
    store.run(0, &["teach", "phrasing", "watering", "passport korte koto lage"]);
    eventually("the teaching", async || {
        (serving.ask("passport korte koto lage", "f").await["entry"] == "watering").then_some(())
    })
    .await;
    eventually("the shorter list", async || (store.statistics()["unanswered"]["groups"] == 1).then_some(()))
        .await;
    serving.stop();
}

#[tokio::test]
async fn neither_logs_nor_metrics_hold_a_text_or_an_id() {
    let (store, folder) = (Store::new(), TempDir::new().unwrap());
    let serving = store.serve(folder.path(), "trace");
    let private =
        ["sesame-session", "chade ki bagan", "passport-secret", "গোপন কথা", "01712345678", "me@example.org"];
    for n in 0..5 {
        let session = format!("sesame-session-{n}");
        serving.ask("chade ki bagan kora jay", &session).await;
        serving.ask("unhelpful:rooftop", &session).await;
        serving.ask("none-of-these", &session).await;
        serving.ask("passport-secret গোপন কথা 01712345678 me@example.org", &session).await;
    }
    let too_much = json!({ "text": "chade ki bagan", "session": "sesame-session".repeat(10) });
    let refused =
        serving.client.post(format!("{}/api/ask", serving.url)).json(&too_much).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    eventually("the counts", async || (store.statistics()["messages"]["total"] == 15).then_some(())).await;
    let metrics = serving.client.get(format!("{}/metrics", serving.url)).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("uttor_answers_total{entry=\"rooftop\"} 5"), "{metrics}");
    assert!(metrics.contains("uttor_store_up 1"), "{metrics}");
    let log = serving.stop();
    assert!(log.lines().count() > 1, "{log}");
    for private in private {
        assert!(!log.contains(private), "{private} is in the log:\n{log}");
        assert!(!metrics.contains(private), "{private} is in the metrics:\n{metrics}");
    }
}

#[tokio::test]
async fn a_backup_is_made_and_restored_while_the_program_runs() {
    let (store, folder) = (Store::new(), TempDir::new().unwrap());
    let file = folder.path().join("backup.jsonl");
    let file = file.to_str().unwrap();
    store.run(0, &["teach", "phrasing", "watering", "passport korte koto lage"]);
    let serving = store.serve(folder.path(), "warn");
    assert_eq!(serving.ask("passport korte koto lage", "a").await["entry"], "watering");
    assert!(store.run(0, &["backup", file]).contains(" rows in "));
    store.run(0, &["undo", "1"]);
    eventually("the undoing", async || {
        (serving.ask("passport korte koto lage", "a").await["entry"] != "watering").then_some(())
    })
    .await;
    let refused = store.run(2, &["restore", file]);
    assert!(refused.contains("newer data") && refused.contains("--force"), "{refused}");
    assert!(store.run(0, &["restore", file, "--force"]).contains("backed up"));
    eventually("the restored teaching", async || {
        (serving.ask("passport korte koto lage", "a").await["entry"] == "watering").then_some(())
    })
    .await;
    serving.stop();
    assert!(store.run(2, &["restore", "no-such-file"]).contains("no-such-file"));
    assert!(store.run(0, &["doctor"]).ends_with("all is well\n"));
}

#[tokio::test]
async fn the_doctor_says_in_words_what_is_wrong() {
    let store = Store::new();
    let healthy = store.run(0, &["doctor"]);
    assert!(healthy.contains("none yet") && healthy.ends_with("all is well\n"), "{healthy}");
    assert!(!uttor::store::Store::is_there(&store.database.url).unwrap(), "looking makes nothing");

    store.database.open().await.close().await;
    assert!(store.run(0, &["doctor"]).contains(&format!("schema {}", uttor::store::VERSION)));
    let mut connection = store.database.connect().await;
    let sql = "INSERT INTO clusters (id, state) VALUES (7, 'lost'); DELETE FROM secrets";
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    let broken = store.run(1, &["doctor"]);
    for part in
        ["clusters are in no known state", "clusters are newer than their counter", "things are wrong"]
    {
        assert!(broken.contains(part), "{part} is missing in\n{broken}");
    }
    sqlx::raw_sql("INSERT INTO migrations (version) VALUES (99)").execute(&mut connection).await.unwrap();
    let newer = store.run(1, &["doctor"]);
    assert!(newer.contains("schema is version 99"), "{newer}");
    let refused = store.command(&["serve"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("DATABASE_URL: ") && stderr(&refused).contains("version 99"));
}

#[test]
fn the_doctor_looks_at_settings_and_content() {
    let folder = TempDir::new().unwrap();
    let doctor = |variables: &[(&str, &str)]| -> (Option<i32>, String) {
        let mut command: Command = uttor(folder.path());
        let output = command.arg("doctor").envs(variables.iter().copied()).output().unwrap();
        (output.status.code(), stdout(&output))
    };
    let (code, told) = doctor(&[("TELOXIDE_TOKEN", "1:sesame")]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("careful: PUBLIC_URL") && !told.contains("sesame"), "{told}");
    let (code, told) = doctor(&[("LISTEN", "here"), ("TELEGRAM_MODUS", "x")]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("wrong: environment: LISTEN") && told.contains("TELEGRAM_MODE"), "{told}");
    let (code, told) = doctor(&[("DATABASE_URL", "postgres://127.0.0.1:1/uttor"), ("FAQ_DIR", "gone")]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("wrong: gone:1: error: cannot be read"), "{told}");
    assert!(told.contains("wrong: the store cannot be reached"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking makes nothing");
}

#[test]
fn asking_makes_no_store() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["ask", "hi"][..], &["chat"], &["check"], &["ask", "--json", "hi"]] {
        let mut command = uttor(folder.path());
        command.args(["--faq".as_ref(), garden().as_os_str()]).args(arguments);
        assert_eq!(command.output().unwrap().status.code(), Some(0), "{arguments:?}");
    }
    // What was learned is kept where the database would be.
    let left: Vec<_> =
        fs::read_dir(folder.path().join("data")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["learned"]);
}

#[test]
fn killed_again_and_again_it_loses_no_teaching() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The program refuses the variables that name files for the tests.
    let others = std::env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("UTTOR_"));
    let output = Command::new("bash")
        .arg("scripts/kill-loop.sh")
        .current_dir(root)
        .env_clear()
        .envs(others)
        .envs([("KILLS", "6"), ("SECONDS_AT_MOST", "120"), ("UTTOR", env!("CARGO_BIN_EXE_uttor"))])
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).ends_with("all is well\n"), "{}", stdout(&output));
}

//! `uttor unanswered`, `teach`, `teachings`, `undo` and `export`, as a person uses them.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use uttor::store::Scope;

use crate::support::content::Copy;
use crate::support::database::Database;
use crate::support::program::{stderr, stdout, uttor_with};

/// A folder of content and a store.
struct Desk {
    content: Copy,
    database: Database,
}

impl Desk {
    fn new() -> Self {
        Self { content: Copy::new(), database: Database::sqlite() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = uttor_with(self.content.path(), arguments[0]);
        command.env("DATABASE_URL", &self.database.url).env("RUST_LOG", "warn").args(&arguments[1..]);
        command
    }

    /// What it prints; it must end with `code`.
    fn run(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
        if code == 2 { stderr(&output) } else { stdout(&output) }
    }

    async fn asked(&self, texts: &[&str]) {
        let store = self.database.open().await;
        for text in texts {
            crate::store::keep(&store, text, None, 1_700_000_000).await;
        }
        store.close().await;
    }

    fn unanswered(&self) -> Vec<Value> {
        let lines = self.run(0, &["unanswered", "--json"]);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn check(folder: &Path) {
    let output = uttor_with(folder, "check").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_listed_and_taught_and_undone() {
    let desk = Desk::new();
    assert_eq!(desk.run(0, &["unanswered"]), "there are no unanswered questions\n");
    assert_eq!(desk.run(0, &["teachings"]), "nothing was taught\n");
    desk.asked(&["cha patar rong kemon, phone 01711223344", "asdf qwer"]).await;
    let open = desk.unanswered();
    assert_eq!(open.len(), 2);
    let number = |text: &str| {
        let found = open.iter().find(|one| one["text"].as_str().unwrap().contains(text)).unwrap();
        found["number"].to_string()
    };
    let table = desk.run(0, &["unanswered"]);
    assert!(table.contains("cha patar rong kemon phone [number]"), "{table}");
    assert!(table.contains("once") && table.contains("days ago"), "{table}");

    // The question's own words become the phrasing, what was masked does not.
    let taught = desk.run(0, &["teach", "phrasing", "what", "--unanswered", &number("rong")]);
    assert!(taught.contains("phrasing of what: “cha patar rong kemon phone”"), "{taught}");
    let ignored = desk.run(0, &["teach", "ignore", &number("asdf")]);
    assert!(ignored.contains("ignored: “asdf qwer”"), "{ignored}");
    assert!(desk.unanswered().is_empty());
    assert_eq!(desk.run(0, &["unanswered", "--all"]).lines().count(), 4);
    let lines = desk.run(0, &["teachings", "--json"]);
    let last: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((last["kind"].as_str(), last["by"].as_str()), (Some("ignore"), Some("terminal")));

    let id = last["number"].to_string();
    assert_eq!(desk.run(0, &["undo", &id]), format!("teaching {id} is undone\n"));
    assert_eq!(desk.run(0, &["undo", &id]), format!("teaching {id} was undone before\n"));
    assert_eq!(desk.unanswered().len(), 1);
    assert_eq!(desk.run(0, &["teachings"]).lines().count(), 3);
    assert_eq!(desk.run(0, &["teachings", "--all"]).lines().count(), 4);
}

#[test]
fn mistakes_are_told_with_their_remedy() {
    let desk = Desk::new();
    for (arguments, complaint) in [
        (&["undo", "7"][..], "7: there is no such teaching; `uttor teachings --all` lists them"),
        (&["teach", "phrasing", "whta", "cha"], "there is no entry whta"),
        (&["teach", "phrasing", "what"], "<TEXT>"),
        (&["teach", "phrasing", "what", "--unanswered", "3"], "3: there is no such unanswered question"),
        (&["teach", "phrasing", "what", "x", "--group", "club"], "such as telegram:-1001234"),
        (&["teach", "entry", "milk.toml"], "milk.toml"),
        (&["teach", "entry", "--id", "milk"], "--question"),
        (&["teach", "promote", "3"], "3: there is no such teaching"),
    ] {
        let said = desk.run(2, arguments);
        assert!(said.contains(complaint), "{arguments:?}: {said}");
    }
    let wrong = desk.database.file("milk.toml");
    fs::write(&wrong, "question = \"দুধ?\"\nlable = \"দুধ\"\n").unwrap();
    let said = desk.run(2, &["teach", "entry", wrong.to_str().unwrap()]);
    assert!(said.contains("milk.toml:2: error: unknown field `lable`"), "{said}");
}

#[test]
fn a_conflict_is_shown_and_can_be_accepted() {
    let desk = Desk::new();
    let teach = ["teach", "phrasing", "make", "cha er dam koto?"];
    let said = desk.run(1, &teach);
    assert!(said.contains("conflict: “cha er dam koto” is price's, and would get make"), "{said}");
    assert!(said.contains("nothing was taught"), "{said}");
    assert_eq!(desk.run(0, &["teachings"]), "nothing was taught\n");
    desk.run(0, &[&teach[..], &["--force"]].concat());
    let folder = desk.database.file("review");
    let diff = desk.run(0, &["export", "--to", folder.to_str().unwrap()]);
    assert!(
        diff.contains("-  \"cha er dam koto\",\n") && diff.contains("+  \"cha er dam koto?\",\n"),
        "{diff}"
    );
    check(&folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taught_is_exported_with_comments_kept() {
    let desk = Desk::new();
    desk.content.replace("make.toml", "phrasings = [\n", "phrasings = [ # as people ask\n  # politely\n");
    let milk = desk.database.file("milk.toml");
    let entry = "question = \"দুধ চা কি ভালো?\"\nlabel = \"দুধ চা\"\nanswer = \"\"\"\n*হ্যাঁ*\n- কম চিনি দিন\"\"\"\n\
        related = [\"make\"]\nphrasings = [\"dudh cha ki bhalo\", \"দুধ চা খাওয়া কি ঠিক\"]\n";
    fs::write(&milk, entry).unwrap();
    desk.run(0, &["teach", "entry", milk.to_str().unwrap()]);
    desk.run(0, &["teach", "phrasing", "make", "gorom panite pata koto khon"]);
    desk.run(0, &["teach", "counter-example", "ajker khelar score koto"]);
    let own = ["teach", "phrasing", "make", "club er cha ke banay", "--group", "telegram:-1"];
    let own = desk.run(0, &own);
    assert!(own.contains("for telegram:-1"), "{own}");

    let folder = desk.database.file("review");
    let folder = folder.to_str().unwrap();
    let diff = desk.run(0, &["export", "--to", folder]);
    for part in [
        "--- a/guide.toml\n+++ b/guide.toml\n",
        "+order = [\"what\", \"make\", \"price\", \"milk\"]\n",
        "--- /dev/null\n+++ b/milk.toml\n",
        "+*হ্যাঁ*\n+- কম চিনি দিন\"\"\"\n",
        "+  \"gorom panite pata koto khon\",\n",
        "+id = \"taught\"\n",
    ] {
        assert!(diff.contains(part), "{part}is missing in\n{diff}");
    }
    let make = fs::read_to_string(Path::new(folder).join("make.toml")).unwrap();
    assert!(make.contains("phrasings = [ # as people ask\n  # politely\n"), "{make}");
    assert!(!diff.contains("club") && !diff.contains("price.toml"), "{diff}");
    check(Path::new(folder));
    let said = desk.run(2, &["export", "--to", folder]);
    assert!(said.contains("the folder is not empty"), "{said}");

    // Promoted, it is everybody's.
    let store = desk.database.open().await;
    let scope = Scope::Group(uttor::store::GroupId::new("telegram", "-1"));
    let id = store.teachings_of(&scope).await.unwrap()[0].id.0.to_string();
    let promoted = desk.run(0, &["teach", "promote", &id]);
    assert!(promoted.contains("for all: phrasing of make"), "{promoted}");
    let other = desk.database.file("other");
    let diff = desk.run(0, &["export", "--to", other.to_str().unwrap()]);
    assert!(diff.contains("+  \"club er cha ke banay\",\n"), "{diff}");
    check(&other);
}

#[test]
fn help_shows_examples() {
    for command in ["unanswered", "teach", "teachings", "undo", "export"] {
        let output = Command::cargo_bin("uttor").unwrap().args([command, "--help"]).output().unwrap();
        assert!(stdout(&output).contains("Example"), "{command}");
    }
}

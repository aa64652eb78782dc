//! What is done in the console, on either database, and seen by another replica.

use reqwest::Method;
use uttor::store::{ClusterId, GroupId, Lesson, Question, Role, Scope};
use uttor::text::mask::Masked;

use super::{Desk, PUBLIC, TOKEN, location, now};
use crate::support::database::Database;

const SETTINGS: [(&str, &str); 2] = [("ADMIN_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC)];

impl Desk {
    async fn unanswered(&self, text: &str, scope: &Scope, at: i64) -> ClusterId {
        let question = Question { text: &Masked::new(text), channel: "web", scope, entry: None };
        self.store().await.keep_question(&question, None, at).await.unwrap()
    }
}

/// The same story on a database of each kind.
macro_rules! on_both {
    ($($story:ident)*) => {
        $(mod $story {
            #[tokio::test]
            async fn on_sqlite() {
                super::$story(crate::support::database::Database::sqlite()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(database) = crate::support::database::Database::postgres().await {
                    super::$story(database).await;
                }
            }
        })*
    };
}

on_both!(unanswered_questions_are_taught_left_out_and_undone);

async fn unanswered_questions_are_taught_left_out_and_undone(database: Database) {
    let desk = Desk::start_with(database, &SETTINGS).await;
    let editor = desk.enter(Role::Editor).await;
    assert!(desk.get("/admin", &editor).await.contains("সব প্রশ্নের উত্তর হয়েছে"));
    let group = Scope::Group(GroupId::new("telegram", "-1001"));
    let watering = desk.unanswered("গাছে দিনে কতবার জল দিতে হয়", &Scope::Base, now()).await;
    let old = now() - 30 * 24 * 3_600;
    for text in ["আজকের খেলা কে জিতেছে", "<script>alert(1)</script>"] {
        for _ in 0..5 {
            desk.unanswered(text, &group, old).await;
        }
    }
    let list = desk.get("/admin/unanswered", &editor).await;
    let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text} is missing in {list}"));
    assert!(at("কতবার জল") < at("আজকের খেলা"), "what rises comes first");
    assert!(!list.contains("<script>alert"), "{list}");
    let often = desk.get("/admin/unanswered?order=often", &editor).await;
    assert!(often.find("আজকের খেলা") < often.find("কতবার জল"));
    let filtered = desk.get("/admin/unanswered?group=telegram%3A-1001&channel=web&q=খেলা", &editor).await;
    assert!(
        filtered.contains("আজকের খেলা") && !filtered.contains("কতবার জল") && !filtered.contains("alert(1)")
    );
    assert!(desk.get("/admin/unanswered?q=100%25", &editor).await.contains("এমন কোনো প্রশ্ন নেই"));

    let act = format!("belongs:{}:watering", watering.0);
    let taught =
        desk.post("/admin/unanswered", &editor, &[("act", &act), ("back", "/admin/unanswered")]).await;
    let to = location(&taught).to_owned();
    assert!(to.starts_with("/admin/unanswered?done="), "{to}");
    let shown = desk.get(&to, &editor).await;
    assert!(!shown.contains("কতবার জল") && shown.contains("/admin/undo"), "{shown}");
    assert_eq!(desk.app.ask("গাছে দিনে কতবার জল দিতে হয়").await["entry"], "watering");

    let id = to.rsplit_once('=').unwrap().1.to_owned();
    let undone = desk.post("/admin/undo", &editor, &[("teaching", &id), ("back", "/admin/unanswered")]).await;
    assert!(desk.get(location(&undone), &editor).await.contains("কতবার জল"));
    let foreign = desk.post("/admin/undo", &editor, &[("back", "https://evil.example/admin")]).await;
    assert!(location(&foreign).starts_with("/admin?"), "{}", location(&foreign));

    // Several at once.
    let list = desk.store().await;
    let open = |list: &str| list.matches("name=\"cluster\"").count();
    assert_eq!(open(&desk.get("/admin/unanswered", &editor).await), 3);
    let clusters: Vec<String> = (1..=3).map(|id| id.to_string()).collect();
    let form: Vec<(&str, &str)> =
        clusters.iter().skip(1).map(|id| ("cluster", id.as_str())).chain([("act", "none")]).collect();
    desk.post("/admin/unanswered", &editor, &form).await;
    assert_eq!(open(&desk.get("/admin/unanswered", &editor).await), 1);
    let left_out = desk.get("/admin/unanswered?state=ignored", &editor).await;
    assert!(left_out.contains("আজকের খেলা"), "{left_out}");
    let taught = list.teachings(Some(&Scope::Base), None, 10).await.unwrap();
    assert!(
        taught
            .iter()
            .any(|one| matches!(&one.lesson, Lesson::CounterExample { text } if text.contains("খেলা")))
    );
    assert!(taught.iter().all(|one| one.author.starts_with("console:")), "{taught:?}");

    // Any entry by search, in the page of one question.
    let one = desk.get(&format!("/admin/unanswered/{}?q=কম্পোস্ট", watering.0), &editor).await;
    assert!(one.contains(&format!("belongs:{}:compost", watering.0)), "{one}");
    assert_eq!(desk.send(Method::GET, "/admin/unanswered/999", &editor, &[]).await.status(), 404);
    let unknown = [("act", "belong"), ("entry", "nowhere"), ("cluster", "1")];
    let refused = desk.post("/admin/unanswered", &editor, &unknown).await;
    assert!(refused.text().await.unwrap().contains("nowhere"));
    let english = format!("{editor}; uttor_console_language=en");
    assert!(desk.get("/admin/log", &english).await.contains("taught no."));

    // A viewer looks and is offered no button.
    let viewer = desk.enter(Role::Viewer).await;
    let list = desk.get("/admin/unanswered", &viewer).await;
    assert!(list.contains("কতবার জল") && !list.contains("name=\"act\""), "{list}");

    if desk.database.is_postgres() {
        let url = desk.database.url.clone();
        let settings = [SETTINGS.as_slice(), &[("DATABASE_URL", url.as_str())]].concat();
        let other = crate::support::app::TestApp::start_with(&crate::support::app::garden(), &settings).await;
        let elsewhere =
            desk.client.get(format!("{}/admin", other.url)).header("cookie", &editor).send().await;
        assert_eq!(elsewhere.unwrap().status(), 200, "replicas share sessions");
        other.stop().await.unwrap();
    }
}

on_both!(an_entry_is_edited_undone_and_exported);

async fn an_entry_is_edited_undone_and_exported(database: Database) {
    let desk = Desk::start_with(database, &SETTINGS).await;
    let editor = desk.enter(Role::Editor).await;
    let list = desk.get("/admin/entries?q=ছাদে", &editor).await;
    assert!(list.contains("/admin/entries/rooftop") && !list.contains("/admin/entries/compost"), "{list}");
    let page = desk.get("/admin/entries/rooftop", &editor).await;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = |answer: &'static str, seen: &str| {
        [
            ("question", "ছাদে বাগান কেমন করে করব?".to_owned()),
            ("label", "ছাদে বাগান".to_owned()),
            ("answer", answer.to_owned()),
            (
                "phrasings",
                "ছাদে কি বাগান করা যায়\r\nchade ki bagan kora jay\r\nchader bagan er jhamela ki".to_owned(),
            ),
            ("related", "watering\r\ntools".to_owned()),
            ("seen", seen.to_owned()),
        ]
    };
    let post = async |path: &str, form: &[(&str, String)]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        desk.post(path, &editor, &form).await
    };
    // The preview keeps nothing.
    let mut shown = form("*নতুন* <b>উত্তর</b>", &seen).to_vec();
    shown.push(("preview", "1".to_owned()));
    let preview = post("/admin/entries/rooftop", &shown).await.text().await.unwrap();
    assert!(preview.contains("<strong>নতুন</strong> &lt;b&gt;") && preview.contains("<b>নতুন</b> &lt;b&gt;"));
    assert!(desk.app.ask("entry:rooftop").await["reply"].as_str().unwrap().contains("৬ ঘণ্টা"));

    let saved = post("/admin/entries/rooftop", &form("ছাদে টবে করুন।", &seen)).await;
    let to = location(&saved).to_owned();
    assert!(to.starts_with("/admin/entries/rooftop?done="), "{}", saved.text().await.unwrap());
    let reply = desk.app.ask("chader bagan er jhamela ki").await;
    assert_eq!(
        (reply["entry"].as_str(), reply["reply"].as_str().unwrap().contains("টবে করুন")),
        (Some("rooftop"), true)
    );
    // The second of two people is told, and nothing is lost.
    let late = post("/admin/entries/rooftop", &form("ছাদে ড্রামে করুন।", &seen)).await.text().await.unwrap();
    assert!(late.contains("আরেকজন") && late.contains("টবে করুন") && late.contains("ড্রামে করুন"), "{late}");

    let diff = desk.get("/admin/export.diff", &editor).await;
    assert!(diff.contains("+answer = \"ছাদে টবে করুন।\"") && diff.contains("-  \"basar chade tob"), "{diff}");
    assert!(desk.get("/admin/export", &editor).await.contains("/admin/export.zip"));
    let zip = desk.send(Method::GET, "/admin/export.zip", &editor, &[]).await;
    let zip = zip::ZipArchive::new(std::io::Cursor::new(zip.bytes().await.unwrap())).unwrap();
    assert_eq!(zip.len(), std::fs::read_dir(crate::support::app::garden()).unwrap().count());

    let taught = desk.get("/admin/taught", &editor).await;
    assert!(taught.contains("/admin/entries/rooftop"), "{taught}");
    let id = to.rsplit_once('=').unwrap().1;
    desk.post("/admin/undo", &editor, &[("teaching", id)]).await;
    assert!(desk.app.ask("entry:rooftop").await["reply"].as_str().unwrap().contains("৬ ঘণ্টা"));
    assert_eq!(desk.get("/admin/export.diff", &editor).await, "");

    // A new entry answers the question that gave rise to it; what is wrong is told.
    let cluster = desk.unanswered("টবের মাটি কোথায় কিনব", &Scope::Base, now()).await.0.to_string();
    let blank = desk.get(&format!("/admin/entries/new?cluster={cluster}"), &editor).await;
    assert!(blank.contains("টবের মাটি কোথায় কিনব"), "{blank}");
    let new = |label: &'static str| {
        [
            ("question", "টবের মাটি কোথায় কিনব".to_owned()),
            ("label", label.to_owned()),
            ("answer", "নার্সারি থেকে কিনুন।".to_owned()),
            ("id", "soil".to_owned()),
            ("cluster", cluster.clone()),
        ]
    };
    let long = post("/admin/entries/new", &new("অনেক লম্বা একটি বোতামের লেখা")).await.text().await.unwrap();
    assert!(long.contains("২০ অক্ষরের বেশি"), "{long}");
    let created = post("/admin/entries/new", &new("মাটি")).await;
    assert!(location(&created).starts_with("/admin/entries/soil"), "{}", created.text().await.unwrap());
    assert!(!desk.get("/admin", &editor).await.contains("টবের মাটি"));
    assert_eq!(desk.app.ask("টবের মাটি কোথায় কিনব").await["entry"], "soil");
}

#[tokio::test]
async fn an_entry_is_saved_in_its_file_which_keeps_its_comments() {
    let folder = crate::support::app::garden_copy();
    let file = folder.path().join("tools.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("# Tools, as sold here.\n{text}")).unwrap();
    let app = crate::support::app::TestApp::start_with(folder.path(), &[]).await;
    let ready = async || app.get("/readyz").await.status().is_success().then_some(());
    crate::support::app::eventually("the store", ready).await;
    let page = app.get("/admin/entries/tools").await.text().await.unwrap();
    let value = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (seen, question, label) = (value("seen"), value("question"), value("label"));
    let form = [
        ("seen", seen.as_str()),
        ("question", &question),
        ("label", &label),
        ("answer", "একটি কোদাল লাগে।"),
        ("phrasings", "কোদাল লাগবে নাকি"),
        ("save", "folder"),
    ];
    let saved = app.client.post(format!("{}/admin/entries/tools", app.url)).form(&form).send().await.unwrap();
    let saved = saved.text().await.unwrap();
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("# Tools, as sold here.\n"), "{written}\n{saved}");
    assert!(written.contains("answer = \"একটি কোদাল লাগে।\"") && written.contains("  \"কোদাল লাগবে নাকি\",\n"));
    assert!(app.ask("entry:tools").await["reply"].as_str().unwrap().contains("কোদাল লাগে"));
    assert!(app.get("/admin/log").await.text().await.unwrap().contains("tools.toml"));
    app.stop().await.unwrap();
}

#[tokio::test]
async fn a_message_is_tried_and_taught() {
    let desk = Desk::start().await;
    let editor = desk.enter(Role::Editor).await;
    let text = "ছাদে কি বাগান করা যায়";
    let page = desk.get(&format!("/admin/try?text={text}"), &editor).await;
    for shown in [
        "ব্যক্তিগত চ্যাটে",
        "গ্রুপে, বটকে না বললে",
        "উত্তর দেবে",
        "name=\"entry\" value=\"rooftop\"",
        "/admin/entries/rooftop",
    ] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    let hostile =
        desk.get("/admin/try?text=%3Cscript%3Ealert(1)%3C/script%3E&group=%22%3E%3Cb%3E:1", &editor).await;
    assert!(!hostile.contains("<script>alert") && !hostile.contains("\"><b>"), "{hostile}");
    // Only a trial: nothing is kept.
    assert!(!desk.get("/admin", &editor).await.contains("name=\"cluster\""));
    let taught =
        desk.post("/admin/teach", &editor, &[("text", "kodal lagbe naki"), ("entry", "tools")]).await;
    assert!(location(&taught).starts_with("/admin/taught?done="), "{}", taught.text().await.unwrap());
    assert_eq!(desk.app.ask("kodal lagbe naki").await["entry"], "tools");
    let never = desk.post("/admin/teach", &editor, &[("text", "kodal lagbe naki"), ("never", "1")]).await;
    let shown = never.text().await.unwrap();
    if !shown.is_empty() {
        assert!(shown.contains("accepted"), "{shown}");
        let form = [("text", "kodal lagbe naki"), ("never", "1"), ("accepted", "1")];
        desk.post("/admin/teach", &editor, &form).await;
    }
    assert_ne!(desk.app.ask("kodal lagbe naki").await["entry"], "tools");
}

#[tokio::test]
async fn a_groups_lesson_is_made_to_hold_for_all() {
    let desk = Desk::start().await;
    let editor = desk.enter(Role::Editor).await;
    let form = [("text", "kodal lagbe naki"), ("entry", "tools"), ("group", "telegram:-1001")];
    let taught = desk.post("/admin/teach", &editor, &form).await;
    let id = location(&taught).rsplit_once('=').unwrap().1.to_owned();
    assert!(desk.get("/admin/taught", &editor).await.contains("telegram:-1001"));
    let promoted =
        desk.post("/admin/promote", &editor, &[("teaching", &id), ("back", "/admin/taught")]).await;
    assert!(location(&promoted).starts_with("/admin/taught?done="), "{}", promoted.text().await.unwrap());
    assert_eq!(desk.app.ask("kodal lagbe naki").await["entry"], "tools");
    let again = desk.post("/admin/promote", &editor, &[("teaching", &id)]).await;
    assert_eq!(again.status(), 404);
}

#[tokio::test]
async fn a_test_set_is_run_and_compared_with_the_run_before() {
    let desk = Desk::start().await;
    let editor = desk.enter(Role::Editor).await;
    let rows = "expect\tquery\nrooftop\tছাদে কি বাগান করা যায়\ntools\tlohar jinis gula kon ghore rakhe\n";
    let run = async |rows: &str, before: &str| {
        let form = [("rows", rows), ("place", "private"), ("before", before)];
        let ran = desk.post("/admin/tests", &editor, &form).await;
        ran.text().await.unwrap()
    };
    let first = run(rows, "").await;
    let verdicts = first.split("name=\"before\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(first.contains("lohar") && ["rw", "ro"].contains(&verdicts), "{first}");
    desk.post("/admin/teach", &editor, &[("text", "lohar jinis gula kon ghore rakhe"), ("entry", "tools")])
        .await;
    let second = run(rows, verdicts).await;
    assert!(second.contains("সব ঠিক হয়েছে") && second.contains("আগেরবার"), "{second}");
    assert!(run("nowhere\tx", "").await.contains("nowhere"));
    assert!(run("", "").await.contains("role=\"alert\""));
}

#[tokio::test]
async fn numbers_and_channels_are_shown() {
    let desk = Desk::start().await;
    let (operator, viewer) = (desk.enter(Role::Operator).await, desk.enter(Role::Viewer).await);
    for page in ["/admin/numbers", "/admin/channels", "/admin/tests", "/admin/taught"] {
        assert!(desk.get(page, &viewer).await.contains("<h1>"), "{page}");
    }
    desk.app.ask("entry:rooftop").await;
    let counted = async || {
        let page = desk.get("/admin/numbers?days=7", &viewer).await;
        (page.contains("<svg") && page.contains("<caption>")).then_some(page)
    };
    let page = crate::support::app::eventually("the counts", counted).await;
    assert!(page.contains("/admin/entries/rooftop"), "{page}");
    assert!(
        desk.get("/admin/numbers.csv", &viewer)
            .await
            .starts_with("measure,day,channel,outcome,entry,count\nmessages,")
    );
    desk.post("/admin/channels", &operator, &[("contact", "@garden_help")]).await;
    let page = desk.get("/admin/channels", &operator).await;
    assert!(page.contains("@garden_help"), "{page}");
    let wrong = desk.post("/admin/channels", &operator, &[("contact", "no name!")]).await;
    assert!(wrong.text().await.unwrap().contains("@name"));
    let log = desk.get("/admin/log", &operator).await;
    assert!(log.contains("contact = garden_help"), "{log}");
}

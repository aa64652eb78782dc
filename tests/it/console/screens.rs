//! The console in a real browser: on every screen, by every reader, inside Telegram.

use serde_json::Value;
use uttor::store::{Question, Role, Scope, Store};
use uttor::text::mask::Masked;

use super::now;
use crate::support::app::{TestApp, eventually, garden};
use crate::support::browser::{Browser, Person};
use crate::support::database::Database;

const PAGES: [&str; 13] = [
    "/admin",
    "/admin/unanswered/1",
    "/admin/try?text=ছাদে%20কি%20বাগান%20করা%20যায়",
    "/admin/entries",
    "/admin/entries/rooftop",
    "/admin/entries/new?cluster=1",
    "/admin/taught",
    "/admin/export",
    "/admin/tests",
    "/admin/numbers",
    "/admin/channels",
    "/admin/log",
    "/admin/sessions",
];

/// Names the file of axe, <https://github.com/dequelabs/axe-core>, which looks for what people with disabilities cannot use.
const AXE: &str = "UTTOR_AXE";

async fn seeded() -> (Database, TestApp) {
    let database = Database::sqlite();
    let app = TestApp::start_with(&garden(), &[("DATABASE_URL", database.url.as_str())]).await;
    eventually("the store", async || app.get("/readyz").await.status().is_success().then_some(())).await;
    let store = Store::open(&database.url).await.unwrap();
    for text in
        ["গাছে দিনে কতবার জল দিতে হয়", "gach er pata holud hoye jay keno vai bolen to ektu", "কাল খেলা কার"]
    {
        let masked = Masked::new(text);
        let question = Question { text: &masked, channel: "web", scope: &Scope::Base, entry: None };
        store.keep_question(&question, None, now()).await.unwrap();
    }
    store.begin_session(Role::Editor, None, "link", now()).await.unwrap();
    app.ask("entry:rooftop").await;
    (database, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_every_screen_and_everybody_can_use_it() {
    let axe = std::env::var(AXE).ok().and_then(|file| std::fs::read_to_string(file).ok());
    if axe.is_none() {
        crate::support::skipped("the pages were not looked at by axe: UTTOR_AXE names no axe.min.js");
    }
    let (database, app) = seeded().await;
    for (screen, dark) in [((360, 740), false), ((360, 740), true), ((1280, 800), false), ((1280, 800), true)]
    {
        let Some(browser) = Browser::start(Person { screen, dark }).await else { return };
        for page in PAGES {
            browser.client.goto(&format!("{}{page}", app.url)).await.unwrap();
            browser.find("h1").await;
            assert!(!browser.scrolls_sideways().await, "{page} at {screen:?}");
            assert_eq!(browser.complaints().await, [""; 0], "{page}");
            if let Some(axe) = &axe {
                browser.js(axe).await;
                let script = "const [done] = [...arguments].slice(-1);
                    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
                       .then((found) => done(found.violations.map((one) => [one.id, one.nodes[0].html])))";
                let found = browser.client.execute_async(script, Vec::new()).await.unwrap();
                assert_eq!(found, Value::Array(Vec::new()), "{page} at {screen:?}, dark: {dark}");
            }
        }
        browser.close().await;
    }
    drop(database);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_by_the_keyboard_alone() {
    let Some(browser) = Browser::start(Person { screen: (360, 740), dark: false }).await else { return };
    let (_database, app) = seeded().await;
    browser.client.goto(&format!("{}/admin", app.url)).await.unwrap();
    browser.js("document.querySelector('button.choice[value$=\":watering\"]').focus()").await;
    browser.press(&fantoccini::key::Key::Enter.to_string()).await;
    let undo = browser.find(".flash button").await;
    assert!(app.ask("গাছে দিনে কতবার জল দিতে হয়").await["entry"] == "watering");
    undo.click().await.unwrap();
    eventually("it is listed again", async || {
        let page = browser.client.source().await.unwrap();
        page.contains("কতবার জল").then_some(())
    })
    .await;
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_opens_the_console_for_an_operator() {
    let Some(browser) = Browser::start(Person { screen: (360, 740), dark: false }).await else { return };
    let bot = "123456:bot-token";
    let settings = [
        ("TELOXIDE_TOKEN", bot),
        ("TELOXIDE_API_URL", "http://127.0.0.1:9/"),
        ("OPERATORS", "42"),
        ("ADMIN_TOKEN", super::TOKEN),
    ];
    let app = TestApp::start_with(&garden(), &settings).await;
    let data = super::doors::init_data(42, bot, now());
    let fragment = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("tgWebAppData", &data)
        .append_pair("tgWebAppVersion", "9.1")
        .finish();
    browser.client.goto(&format!("{}/admin/login#{fragment}", app.url)).await.unwrap();
    browser.find(".console nav").await;
    let landed = browser.client.current_url().await.unwrap();
    assert_eq!((landed.path(), landed.fragment()), ("/admin", None));
    browser.close().await;
}

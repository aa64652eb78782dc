//! `uttor messenger setup` and `check`: what is installed, and set-ups that are broken.

use std::process::Output;

use axum::Router;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use super::Rig;
use crate::support::app::garden;
use crate::support::graph::{Fault, Graph, SECRET, TOKEN, VERIFY, World, Wrong, says};
use crate::support::program::{stderr, stdout, uttor_with};

pub async fn run(graph: &Graph, what: &'static str, more: &[(&str, &str)]) -> Output {
    let own = graph.settings();
    let settings: Vec<(String, String)> =
        own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let run = move || {
        let mut command = uttor_with(&garden(), "messenger");
        command
            .arg(what)
            .env("DATABASE_URL", "sqlite://no-such-folder/uttor.db")
            .envs(settings)
            .output()
            .unwrap()
    };
    let output = spawn_blocking(run).await.unwrap();
    for secret in [TOKEN, SECRET, VERIFY] {
        let told = stdout(&output) + &stderr(&output);
        assert!(!told.contains(secret), "{told}");
    }
    output
}

pub fn webhooks(callback: &str, fields: &[&str]) -> Value {
    let fields: Vec<Value> = fields.iter().map(|name| json!({ "name": name, "version": "v25.0" })).collect();
    json!([{ "object": "page", "callback_url": callback, "active": true, "fields": fields }])
}

pub const FIELDS: [&str; 5] =
    ["messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "messaging_handovers"];

/// A set-up in which all is well.
pub async fn sound() -> (Rig, String) {
    let rig = Rig::start().await;
    let callback = format!("{}/messenger/webhook", rig.app.url);
    rig.graph.world(|world| world.subscriptions = webhooks(&callback, &FIELDS));
    let output = run(&rig.graph, "setup", &[]).await;
    assert!(output.status.success(), "{}", stderr(&output));
    (rig, callback)
}

#[tokio::test]
async fn setup_installs_profile_and_subscription_and_check_is_content() {
    let (rig, _) = sound().await;
    let (profile, fields) = rig.graph.world(|world| (world.profile.clone(), world.page_fields.clone()));
    assert_eq!(profile["get_started"]["payload"], "start");
    let breakers = profile["ice_breakers"][0]["call_to_actions"].as_array().unwrap().clone();
    assert_eq!(breakers.len(), 4);
    assert_eq!(breakers[0], json!({ "question": "ছাদে কি বাগান করা যায়?", "payload": "entry:rooftop" }));
    let english = &profile["ice_breakers"][1];
    assert_eq!(english["locale"], "en_US");
    assert_eq!(english["call_to_actions"][0]["payload"], "entry:rooftop");
    assert_eq!(profile["greeting"][1]["locale"], "en_US");
    assert!(profile["greeting"][1]["text"].as_str().unwrap().is_ascii());
    assert_eq!(profile["persistent_menu"][0]["call_to_actions"].as_array().unwrap().len(), 3);
    assert_eq!(fields.unwrap(), FIELDS);
    let output = run(&rig.graph, "check", &[("PUBLIC_URL", &rig.app.url)]).await;
    let told = stdout(&output);
    // All that is wrong is that a test's server is on this machine.
    let wrong: Vec<&str> = told.lines().filter(|line| line.starts_with("wrong: ")).collect();
    assert_eq!(wrong.len(), 1, "{told}");
    assert!(wrong[0].contains("this machine only"), "{told}");
    assert!(told.contains("App Review"), "{told}");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn setup_has_the_app_tell_this_server_unless_it_tells_another() {
    let rig = Rig::start().await;
    let callback = format!("{}/messenger/webhook", rig.app.url);
    let here = [("PUBLIC_URL", rig.app.url.as_str())];
    let webhook = || {
        let webhooks = rig.graph.world(|world| world.subscriptions.clone());
        let names = webhooks[0]["fields"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> =
            names.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        (webhooks[0]["callback_url"].as_str().map(str::to_owned), names)
    };
    // Without an address there is nothing to tell.
    let told = stdout(&run(&rig.graph, "setup", &[]).await);
    assert!(told.contains("PUBLIC_URL is unset; set it and run this again"), "{told}");
    assert_eq!(webhook(), (None, Vec::new()));
    let told = stdout(&run(&rig.graph, "setup", &here).await);
    assert!(told.contains(&format!("the app's webhook leads to {callback}\n")), "{told}");
    let mut all: Vec<String> = FIELDS.map(str::to_owned).to_vec();
    all.sort_unstable();
    assert_eq!(webhook(), (Some(callback.clone()), all.clone()));
    // What it hears for somebody else it hears on, also when it was switched off.
    rig.graph.world(|world| {
        world.subscriptions = webhooks(&callback, &["messages", "message_reads"]);
        world.subscriptions[0]["active"] = false.into();
    });
    assert!(run(&rig.graph, "setup", &here).await.status.success());
    all.push("message_reads".to_owned());
    all.sort_unstable();
    assert_eq!(webhook(), (Some(callback.clone()), all));
    assert_eq!(rig.graph.world(|world| world.subscriptions[0]["active"].clone()), true);
    // Another program's is left alone.
    let other = "https://other.example.org/hook";
    rig.graph.world(|world| world.subscriptions = webhooks(other, &["messages"]));
    let told = stdout(&run(&rig.graph, "setup", &here).await);
    assert!(told.contains(&format!("it leads to {other}")) && told.contains(&callback), "{told}");
    // What is switched off too: `check` says the same.
    rig.graph.world(|world| world.subscriptions[0]["active"] = false.into());
    let line = format!("leads to {other} and is switched off, this server is at {callback}; enter that in");
    for what in ["setup", "check"] {
        let told = stdout(&run(&rig.graph, what, &here).await);
        assert!(told.contains(&line) && !told.contains("switched off; run"), "{told}");
    }
    assert_eq!(webhook().0.as_deref(), Some(other));
    // Another Page's token: nothing is installed on that Page.
    rig.graph.world(|world| (world.me, world.profile) = (json!({ "id": "777", "name": "Other" }), json!({})));
    let refused = run(&rig.graph, "setup", &here).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("is of 777, MESSENGER_PAGE_ID says"), "{}", stderr(&refused));
    assert_eq!(rig.graph.world(|world| world.profile.clone()), json!({}));
    rig.graph.world(|world| world.me["id"] = "1234567890".into());
    // Another verify token than the server's.
    rig.graph.world(|world| world.subscriptions = json!([]));
    let settings = [&here[..], &[("MESSENGER_VERIFY_TOKEN", "other")]].concat();
    let refused = run(&rig.graph, "setup", &settings).await;
    assert!(!refused.status.success());
    assert!(stderr(&refused).contains("with the same MESSENGER_VERIFY_TOKEN"), "{}", stderr(&refused));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_ice_breakers_are_what_was_asked_most() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let rig = Rig::start_with(&[("DATABASE_URL", &database)]).await;
    for (number, text) in
        ["toiri compost kivabe", "ঘরে জৈব সার বানাব কীভাবে?", "ঘরে জৈব সার বানাব কীভাবে?", "ভালো বীজ কোথায় পাব?"]
            .into_iter()
            .enumerate()
    {
        rig.deliver(&[says("92", &format!("m_92_{number}"), text)]).await;
        rig.answer("92", number).await;
    }
    rig.app.stop().await.unwrap();
    assert!(run(&rig.graph, "setup", &[("DATABASE_URL", &database)]).await.status.success());
    let profile = rig.graph.world(|world| world.profile.clone());
    let breakers = profile["ice_breakers"][0]["call_to_actions"].as_array().unwrap().clone();
    let payloads: Vec<&str> = breakers.iter().map(|breaker| breaker["payload"].as_str().unwrap()).collect();
    assert_eq!((payloads.len(), &payloads[..2]), (4, &["entry:compost", "entry:seeds"][..]), "{payloads:?}");
}

/// A set-up that is broken: its name, what breaks it, in the platform and in the settings, what is said of it, and the
/// remedy in the same line.
type Broken<'a> = (&'a str, fn(&mut World), &'a [(&'a str, &'a str)], &'a str, &'a str);

pub const SETUP: &str = "run `uttor messenger setup`";

const BROKEN: &[Broken] = &[
    (
        "a dead token",
        |world| world.is_dead = true,
        &[],
        "the Page token is refused",
        "make a new one in the app's Messenger API Settings, put it into MESSENGER_PAGE_TOKEN and start uttor again",
    ),
    (
        "another app's secret",
        |_| {},
        &[("MESSENGER_APP_SECRET", "other")],
        "the app secret is refused",
        "copy it again from the app's basic settings into MESSENGER_APP_SECRET",
    ),
    (
        "a person's token",
        |world| world.token["type"] = "USER".into(),
        &[],
        "a person's token, not a Page's",
        "take the one that is made for the Page in the app's Messenger API Settings",
    ),
    (
        "another Page's token",
        |world| world.me = json!({ "id": "777", "name": "Other" }),
        &[],
        "is of 777, MESSENGER_PAGE_ID says 1234567890",
        "set the id of the Page that is to answer, and the token",
    ),
    (
        "a missing permission",
        |world| world.token["scopes"] = json!(["pages_show_list"]),
        &[],
        "the token lacks pages_messaging, pages_manage_metadata",
        "add it in the app's dashboard (for the public it needs App Review) and make a new token",
    ),
    (
        "a missing permission for public lines",
        |world| {
            world.token["scopes"].as_array_mut().unwrap().push("pages_read_user_content".into());
            world.page_fields.as_mut().unwrap().push("feed".to_owned());
            world.subscriptions[0]["fields"].as_array_mut().unwrap().push(json!({ "name": "feed" }));
        },
        &[("MESSENGER_COMMENTS", "public")],
        "the token lacks pages_manage_engagement",
        "make a new token",
    ),
    (
        "a token that ends",
        |world| world.token["expires_at"] = 1.into(),
        &[],
        "the token ends in 0 hours",
        "make it of a long-lived user token, or of a system user",
    ),
    (
        "no Page subscription",
        |world| world.page_fields = None,
        &[],
        "this app is not subscribed to the Page",
        SETUP,
    ),
    (
        "a Page field less",
        |world| world.page_fields = Some(vec!["messages".to_owned()]),
        &[],
        "the app is not subscribed to the Page's messaging_postbacks",
        SETUP,
    ),
    ("no callback", |world| world.subscriptions = json!([]), &[], "the app has no webhook for Pages", SETUP),
    (
        "a callback switched off",
        |world| world.subscriptions[0]["active"] = false.into(),
        &[],
        "the app's webhook is switched off",
        SETUP,
    ),
    (
        "another callback",
        |world| world.subscriptions = webhooks("https://old.example.org/hook", &FIELDS),
        &[],
        "leads to https://old.example.org/hook",
        "/messenger/webhook; enter that in the app's Messenger API Settings (1. Configure webhooks), or set PUBLIC_URL",
    ),
    (
        "an app field less",
        |world| world.subscriptions[0]["fields"] = json!([{ "name": "messages" }]),
        &[],
        "the app's webhook is not subscribed to messaging_postbacks",
        SETUP,
    ),
    (
        "a callback switched off that leads elsewhere",
        |world| {
            world.subscriptions = webhooks("https://old.example.org/hook", &["messages"]);
            world.subscriptions[0]["active"] = false.into();
        },
        &[],
        "leads to https://old.example.org/hook and is switched off",
        "/messenger/webhook; enter that in the app's Messenger API Settings (1. Configure webhooks), or set PUBLIC_URL",
    ),
    (
        "a profile that cannot be read",
        |world| world.faults.push(Fault::new("messenger_profile", Wrong::Error(403, 200, 0))),
        &[],
        "the profile cannot be read; the token comes first",
        "put it into MESSENGER_PAGE_TOKEN and run this again; what Meta says: a permission is missing",
    ),
    ("no profile", |world| world.profile = json!({}), &[], "the profile lacks get_started", SETUP),
    (
        "nobody answers",
        |world| world.subscriptions[0]["callback_url"] = "http://127.0.0.1:1/messenger/webhook".into(),
        &[("PUBLIC_URL", "http://127.0.0.1:1")],
        "cannot be reached",
        "is `uttor serve` running, and the way to it open?",
    ),
    (
        "another verify token",
        |_| {},
        &[("MESSENGER_VERIFY_TOKEN", "other")],
        "does not know the verify token",
        "start `uttor serve` with the same MESSENGER_VERIFY_TOKEN",
    ),
    (
        "no public address",
        |_| {},
        &[("PUBLIC_URL", "")],
        "PUBLIC_URL is unset",
        "set it to the https address under which Meta reaches this server",
    ),
    (
        "an old version",
        |world| world.is_old = true,
        &[],
        "this version of the Graph API is no more",
        "set MESSENGER_GRAPH_VERSION to a newer one",
    ),
    (
        "no Graph API",
        |_| {},
        &[("MESSENGER_GRAPH_URL", "http://127.0.0.1:1")],
        "the Graph API cannot be reached",
        "is MESSENGER_GRAPH_URL right?",
    ),
    (
        "comments without their field",
        |world| {
            world.token["scopes"].as_array_mut().unwrap().push("pages_read_user_content".into());
            world.subscriptions[0]["fields"].as_array_mut().unwrap().push(json!({ "name": "feed" }));
        },
        &[("MESSENGER_COMMENTS", "private")],
        "the app is not subscribed to the Page's feed",
        SETUP,
    ),
];

/// What `check` says is this, and nothing else but what is so in every test.
pub fn says_only(told: &str, name: &str, finding: &str, remedy: &str) {
    let line = told.lines().find(|line| line.contains(finding));
    let line = line.unwrap_or_else(|| panic!("{name}:\n{told}"));
    assert!(line.starts_with("wrong: ") || line.starts_with("careful: "), "{name}: {line}");
    assert!(line.contains(remedy), "{name}: {line}");
    let wrong = told.lines().filter(|found| found.starts_with("wrong: ") && !found.contains(finding));
    let others: Vec<&str> = wrong.filter(|found| !found.contains("this machine only")).collect();
    assert!(others.is_empty(), "{name}:\n{told}");
}

#[tokio::test]
async fn check_names_what_is_broken_and_its_remedy() {
    let (rig, callback) = sound().await;
    let sound_profile = rig.graph.world(|world| world.profile.clone());
    for (name, break_it, settings, finding, remedy) in BROKEN {
        rig.graph.world(|world| {
            *world = World::new();
            world.profile = sound_profile.clone();
            world.subscriptions = webhooks(&callback, &FIELDS);
            break_it(world);
        });
        let settings = [&[("PUBLIC_URL", rig.app.url.as_str())], *settings].concat();
        let output = run(&rig.graph, "check", &settings).await;
        assert_eq!(output.status.code(), Some(1), "{name}");
        says_only(&stdout(&output), name, finding, remedy);
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn check_knows_another_program_behind_the_address() {
    let (rig, _) = sound().await;
    for (status, number) in
        [(StatusCode::OK, "200"), (StatusCode::FOUND, "302"), (StatusCode::NOT_FOUND, "404")]
    {
        let other = Router::new().fallback(move || async move { (status, "<h1>Welcome</h1>") });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, other).await.unwrap() });
        let callback = format!("{address}/messenger/webhook");
        rig.graph.world(|world| world.subscriptions = webhooks(&callback, &FIELDS));
        let told = stdout(&run(&rig.graph, "check", &[("PUBLIC_URL", &address)]).await);
        let finding = format!("answers with something else (status {number})");
        says_only(&told, number, &finding, "have it pass /messenger/webhook on to `uttor serve` as it is");
        server.abort();
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn without_its_settings_it_says_which_are_missing() {
    let output =
        spawn_blocking(|| uttor_with(&garden(), "messenger").arg("check").output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("MESSENGER_PAGE_TOKEN"), "{}", stderr(&output));
}

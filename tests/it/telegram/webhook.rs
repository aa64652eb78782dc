//! `uttor telegram webhook set|info|delete`.

use std::process::Output;

use serde_json::json;
use tokio::task::spawn_blocking;

use crate::support::program::{stderr, stdout, uttor};
use crate::support::telegram::{TOKEN, Telegram, Webhook};

async fn run(telegram: &Telegram, action: &'static str, more: &[(&'static str, &'static str)]) -> Output {
    let (url, more) = (telegram.url.clone(), more.to_vec());
    let run = move || {
        let mut command = uttor();
        command
            .args(["telegram", "webhook", action])
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", url);
        command.envs(more).output().unwrap()
    };
    spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn the_webhook_is_set_shown_and_deleted() {
    let telegram = Telegram::start().await;
    let settings = [
        ("TELEGRAM_MODE", "webhook"),
        ("TELEGRAM_WEBHOOK_SECRET", "open-sesame_42"),
        ("PUBLIC_URL", "https://bot.example.org/"),
    ];
    let output = run(&telegram, "set", &settings).await;
    assert!(output.status.success(), "{}", stderr(&output));
    let hook = telegram.world(|world| world.webhook.clone()).unwrap();
    assert_eq!(hook.url, "https://bot.example.org/telegram/webhook");
    assert_eq!(hook.secret.as_deref(), Some("open-sesame_42"));
    assert_eq!(telegram.world(|world| world.allowed.clone()).unwrap().len(), 11);

    let output = run(&telegram, "info", &[]).await;
    assert!(
        stdout(&output).contains("url: https://bot.example.org/telegram/webhook\nwaiting: 0\n"),
        "{}",
        stdout(&output)
    );

    let output = run(&telegram, "delete", &[]).await;
    assert!(output.status.success());
    assert!(telegram.world(|world| world.webhook.is_none()));
    assert!(stdout(&run(&telegram, "info", &[]).await).starts_with("no webhook is set; 0 updates wait"));
}

#[tokio::test]
async fn the_check_says_what_the_bot_can_do_and_which_updates_are_missing() {
    let telegram = Telegram::start().await;
    telegram.world(|world| world.me["supports_guest_queries"] = json!(true));
    let check = async || {
        let (name, url) = telegram.settings().remove(1);
        let mut command = uttor();
        command.args(["telegram", "check"]).env("TELOXIDE_TOKEN", TOKEN).env(name, url);
        spawn_blocking(move || command.output().unwrap()).await.unwrap()
    };
    let output = check().await;
    let told = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(told.contains("\non   guest mode") && told.contains("\noff  secretary mode"), "{told}");
    assert!(told.contains("Bot Settings, Secretary Mode"), "{told}");
    telegram.world(|world| {
        let url = "https://bot.example.org/telegram/webhook".to_owned();
        world.webhook = Some(Webhook { url, secret: None, max_connections: 40, last_error: None });
        world.allowed = Some(vec!["message".to_owned()]);
    });
    let output = check().await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("guest_message") && stdout(&output).contains("webhook set"));
}

#[tokio::test]
async fn what_is_missing_is_said_and_no_secret_is() {
    let telegram = Telegram::start().await;
    let secret = ("TELEGRAM_WEBHOOK_SECRET", "open-sesame_42");
    let hook = ("TELEGRAM_MODE", "webhook");
    for (settings, code, line) in [
        (vec![("TELEGRAM_MODE", "polling")], 2, "TELEGRAM_MODE is polling"),
        (vec![hook, secret], 2, "PUBLIC_URL is unset"),
        (vec![hook, secret, ("PUBLIC_URL", "http://bot.example.org")], 1, "An HTTPS URL must be provided"),
        (
            vec![hook, secret, ("PUBLIC_URL", "https://x.org"), ("TELOXIDE_TOKEN", "1:wrong")],
            2,
            "copy it again",
        ),
    ] {
        let output = run(&telegram, "set", &settings).await;
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(line), "{told}");
        assert!(!told.contains(TOKEN) && !told.contains("open-sesame"), "{told}");
    }
}

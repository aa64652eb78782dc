//! Everybody who must not get in, and everybody who must.

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use sha2::Sha256;
use uttor::channel::web::console::guarded;
use uttor::store::Role;

use super::{Desk, PUBLIC, TOKEN, cookie_line, host, location, now, session};
use crate::support::database::Database;

/// A route's path with something in place of its parameters.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn without_a_session_no_route_answers() {
    let desk = Desk::start().await;
    let guessed = format!("uttor_console={}", "0".repeat(64));
    for (path, _) in guarded() {
        let path = filled(path);
        for cookie in ["", "uttor_console=", &guessed] {
            for method in [Method::GET, Method::POST, Method::HEAD, Method::PUT, Method::DELETE] {
                let response = desk.send(method.clone(), &path, cookie, &[("act", "none:1")]).await;
                let status = response.status().as_u16();
                // 405 is of a route that has no such method at all.
                assert!(matches!(status, 401 | 303 | 405), "{method} {path}: {status}");
                assert!(status != 303 || location(&response) == "/admin/login", "{method} {path}");
                assert!(session(&response).is_none());
            }
        }
    }
    assert!(guarded().count() >= 10);
}

#[tokio::test]
async fn the_password_opens_a_session_with_a_new_id() {
    let desk = Desk::start().await;
    for wrong in ["", "an owner's passwor", "an owner's password "] {
        // Spaces at the ends are not the password's.
        let entered = desk.post("/admin/login", "", &[("token", wrong)]).await;
        let expected = if wrong.trim() == TOKEN { 303 } else { 401 };
        assert_eq!(entered.status(), expected, "{wrong:?}");
    }
    let entered = desk.post("/admin/login", "", &[("token", TOKEN)]).await;
    assert_eq!((entered.status().as_u16(), location(&entered)), (303, "/admin"));
    let line = cookie_line(&entered).unwrap();
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
        assert!(line.contains(part), "{line}");
    }
    let first = session(&entered).unwrap();
    desk.get("/admin", &first).await;
    let again = desk.post("/admin/login", &first, &[("token", TOKEN)]).await;
    let second = session(&again).unwrap();
    assert_ne!(first, second, "fixed by somebody else");
    assert_eq!(desk.send(Method::GET, "/admin", &first, &[]).await.status(), 303, "the old id is over");
    let page = desk.get("/admin", &second).await;
    assert!(!page.contains(TOKEN));
    // The store holds no secret.
    let stored = desk.store().await.backup(&desk.database.file("backup"), now()).await;
    stored.unwrap();
    let backup = std::fs::read_to_string(desk.database.file("backup")).unwrap();
    assert!(!backup.contains(second.trim_start_matches("uttor_console=")));
    assert_eq!(desk.post("/admin/logout", &second, &[]).await.status(), 303);
    assert_eq!(desk.send(Method::GET, "/admin", &second, &[]).await.status(), 303);
}

#[tokio::test]
async fn a_link_opens_once_and_for_its_role() {
    let desk = Desk::start().await;
    let store = desk.store().await;
    let link = format!("/admin/login?link={}", store.make_link(Role::Viewer, now()).await.unwrap());
    assert_eq!(desk.send(Method::HEAD, &link, "", &[]).await.status(), 200);
    let entered = desk.send(Method::GET, &link, "", &[]).await;
    let viewer = session(&entered).unwrap();
    assert_eq!(desk.send(Method::GET, &link, "", &[]).await.status(), 401, "replayed");
    let old = store.make_link(Role::Operator, now() - 15 * 60 - 1).await.unwrap();
    let late = desk.send(Method::GET, &format!("/admin/login?link={old}"), "", &[]).await;
    assert_eq!((late.status().as_u16(), session(&late)), (401, None), "expired");
    let editor = desk.enter(Role::Editor).await;
    for (path, role) in guarded() {
        let path = filled(path);
        let method = if role > Role::Viewer { Method::POST } else { Method::GET };
        for (own, cookie) in [(Role::Viewer, &viewer), (Role::Editor, &editor)] {
            let status = desk.send(method.clone(), &path, cookie, &[]).await.status();
            assert_eq!(status == 403, own < role, "{own} {method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let desk = Desk::start().await;
    let editor = desk.enter(Role::Editor).await;
    for headers in [
        [("origin", "https://evil.example")].as_slice(),
        &[("origin", "null")],
        &[("origin", "http://bot.example.org")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", PUBLIC)],
    ] {
        for (path, form) in [("/admin/login", [("token", TOKEN)]), ("/admin/undo", [("teaching", "1")])] {
            let response = desk.send_with(Method::POST, path, &editor, &form, headers).await;
            assert_eq!((response.status().as_u16(), session(&response)), (403, None), "{path} {headers:?}");
        }
    }
    for headers in
        [[("origin", PUBLIC)].as_slice(), &[("sec-fetch-site", "same-origin")], &[("origin", &desk.app.url)]]
    {
        let response =
            desk.send_with(Method::POST, "/admin/undo", &editor, &[("teaching", "1")], headers).await;
        assert_eq!(response.status(), 303, "{headers:?}");
    }
    let json = desk.client.post(format!("{}/admin/undo", desk.app.url)).header("cookie", &editor);
    assert_eq!(json.json(&"teaching=1").send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn guessing_a_password_ends_soon_and_others_still_get_in() {
    let desk = Desk::start().await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let tried = desk.post("/admin/login", "", &[("token", "guess")]).await;
        statuses.push(tried.status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
    let right = desk.post("/admin/login", "", &[("token", TOKEN)]).await;
    assert_eq!(right.status(), 429);
    assert!(right.headers().contains_key("retry-after"));
    let elsewhere = [("x-forwarded-for", "198.51.100.7")];
    let other = desk.send_with(Method::POST, "/admin/login", "", &[("token", TOKEN)], &elsewhere).await;
    assert_eq!(other.status(), 303);
}

#[tokio::test]
async fn without_a_password_only_this_machine_is_let_in() {
    let desk = Desk::start_with(Database::sqlite(), &[]).await;
    desk.get("/admin", "").await;
    for headers in [
        [host("bot.example.org")].as_slice(),
        &[host("0.0.0.0")],
        &[("x-forwarded-for", "198.51.100.7")],
        &[("forwarded", "for=198.51.100.7")],
        &[("x-real-ip", "127.0.0.1")],
        &[("via", "1.1 proxy")],
    ] {
        let response = desk.send_with(Method::GET, "/admin", "", &[], headers).await;
        assert_eq!((response.status().as_u16(), location(&response)), (303, "/admin/login"), "{headers:?}");
    }
    assert_eq!(desk.post("/admin/login", "", &[("token", "")]).await.status(), 401, "there is no password");
    // A link opens from anywhere.
    let operator = desk.enter(Role::Operator).await;
    let through = desk.send_with(Method::GET, "/admin", &operator, &[], &[host("bot.example.org")]).await;
    assert_eq!(through.status(), 200);
    let public = Desk::start_with(Database::sqlite(), &[("PUBLIC_URL", PUBLIC)]).await;
    assert_eq!(public.send(Method::GET, "/admin", "", &[]).await.status(), 303, "PUBLIC_URL leads elsewhere");
}

/// What Telegram hands to a Mini App.
pub fn init_data(user: u64, token: &str, at: i64) -> String {
    let sign = |key: &[u8], data: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(data);
        mac.finalize().into_bytes()
    };
    let user = format!("{{\"id\":{user},\"first_name\":\"Owner\"}}");
    let lines = format!("auth_date={at}\nquery_id=AAF\nuser={user}");
    let hash = hex::encode(sign(&sign(b"WebAppData", token.as_bytes()), lines.as_bytes()));
    let at = at.to_string();
    let pairs = [("query_id", "AAF"), ("user", &user), ("auth_date", &at), ("hash", &hash)];
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test]
async fn an_operator_enters_by_the_mini_app_and_nobody_else() {
    let bot = "123456:bot-token";
    // A server that nobody listens at: the door needs no Telegram.
    let settings = [
        ("TELOXIDE_TOKEN", bot),
        ("TELOXIDE_API_URL", "http://127.0.0.1:9/"),
        ("OPERATORS", "42"),
        ("ADMIN_TOKEN", TOKEN),
        ("PUBLIC_URL", PUBLIC),
    ];
    let database = Database::sqlite();
    let url = database.url.clone();
    let settings = [settings.as_slice(), &[("DATABASE_URL", url.as_str())]].concat();
    let app = crate::support::app::TestApp::start_with(&crate::support::app::garden(), &settings).await;
    let client = super::Client::builder().redirect(super::Policy::none()).no_proxy().build().unwrap();
    let desk = Desk { app, database, client };
    for (why, data) in [
        ("no operator", init_data(43, bot, now())),
        ("another bot's", init_data(42, "1:other", now())),
        ("too old", init_data(42, bot, now() - 601)),
        ("forged", init_data(43, bot, now()).replace("43", "42")),
        ("nothing", "user=%7B%22id%22%3A42%7D".to_owned()),
    ] {
        let refused = desk.post("/admin/login", "", &[("init_data", &data)]).await;
        assert_eq!((refused.status().as_u16(), session(&refused)), (401, None), "{why}");
    }
    let data = init_data(42, bot, now());
    let entered = desk.post("/admin/login", "", &[("init_data", &data)]).await;
    let line = cookie_line(&entered).unwrap();
    for part in ["; HttpOnly", "; Secure", "; SameSite=None", "; Partitioned"] {
        assert!(line.contains(part), "{line}");
    }
    let operator = session(&entered).unwrap();
    desk.get("/admin", &operator).await;
    // Its cookie comes along with whatever another site sends.
    let blind = desk.post("/admin/undo", &operator, &[("teaching", "1")]).await;
    assert_eq!(blind.status(), 403, "no origin");
    let own = [("origin", PUBLIC)];
    let written = desk.send_with(Method::POST, "/admin/undo", &operator, &[("teaching", "1")], &own).await;
    assert_eq!(written.status(), 303);
}

#[tokio::test]
async fn only_telegram_frames_the_console_and_only_the_console() {
    let desk = Desk::start().await;
    let viewer = desk.enter(Role::Viewer).await;
    for path in ["/admin", "/admin/login", "/admin/log", "/admin/nowhere"] {
        let response = desk.send(Method::GET, path, &viewer, &[]).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("frame-ancestors https://web.telegram.org"), "{path}: {policy}");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(!response.headers().contains_key("x-frame-options"), "{path}");
        let cached = &response.headers()["cache-control"];
        assert!(cached == "no-store" || path == "/admin/nowhere", "{path}: {cached:?}");
    }
    for path in ["/", "/guide", "/administration"] {
        let response = desk.send(Method::GET, path, &viewer, &[]).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(response.headers()["x-frame-options"], "DENY", "{path}");
    }
}

#[tokio::test]
async fn sessions_are_listed_ended_and_over_after_a_while() {
    let desk = Desk::start().await;
    let (operator, editor) = (desk.enter(Role::Operator).await, desk.enter(Role::Editor).await);
    let store = desk.store().await;
    let other =
        store.sessions(now()).await.unwrap().into_iter().find(|one| one.role == Role::Editor).unwrap();
    let page = desk.get("/admin/sessions", &operator).await;
    assert!(page.contains(&other.name), "{page}");
    desk.post("/admin/sessions", &operator, &[("revoke", &other.name)]).await;
    assert_eq!(desk.send(Method::GET, "/admin", &editor, &[]).await.status(), 303, "revoked");
    let log = desk.get("/admin/log", &operator).await;
    assert!(log.contains(&other.name), "{log}");
    // Twelve hours without a request, or seven days in all.
    for (begun, seen) in [(now() - 12 * 3_600, now() - 12 * 3_600), (now() - 7 * 24 * 3_600, now())] {
        let (secret, _) = store.begin_session(Role::Viewer, None, "link", begun).await.unwrap();
        assert!(store.session(&secret, begun + 1).await.unwrap().is_some());
        if seen > begun {
            let mut at = begun;
            while at < seen {
                at += 6 * 3_600;
                store.session(&secret, at.min(seen - 1)).await.unwrap();
            }
        }
        let cookie = format!("uttor_console={secret}");
        assert_eq!(desk.send(Method::GET, "/admin", &cookie, &[]).await.status(), 303);
    }
}

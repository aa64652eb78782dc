//! The web server as a browser, a script and a prankster meet it.

use reqwest::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{TestApp, garden};

const JSON: &str = "application/json";

/// Posts a raw body to `/api/ask`.
async fn post_raw(app: &TestApp, kind: Option<&str>, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
    let mut request = app.client.post(format!("{}/api/ask", app.url)).body(body);
    if let Some(kind) = kind {
        request = request.header(CONTENT_TYPE, kind);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_question_gets_the_record_with_html_buttons_and_a_session() {
    let app = TestApp::start().await;
    let reply = app.ask("entry:rooftop").await;
    assert_eq!(reply["outcome"], "answer");
    assert_eq!(reply["entry"], "rooftop");
    assert_eq!(reply["entries"], json!(["rooftop"]));
    assert_eq!(reply["query"], "entry:rooftop");
    assert!(reply["reply"].as_str().unwrap().contains("অন্তত ৬ ঘণ্টা রোদ"));
    assert!(reply["html"].as_str().unwrap().contains("<strong>৬ ঘণ্টা</strong>"));
    assert!(reply["html"].as_str().unwrap().contains("<li>টব বা ড্রাম</li>"));
    let session = reply["session"].as_str().unwrap();
    assert!((16..=64).contains(&session.chars().count()), "{session}");
    let again = app.ask("entry:rooftop").await;
    assert_ne!(again["session"], reply["session"], "each newcomer gets a session of his own");
    let link = format!("{}/guide#rooftop", app.url);
    assert_eq!(
        reply["buttons"],
        json!([
            { "label": "বিস্তারিত পড়ুন", "url": link },
            { "label": "👍", "payload": "helpful:rooftop" },
            { "label": "👎", "payload": "unhelpful:rooftop" },
            { "label": "কয়বার পানি দেব?", "payload": "entry:watering" },
            { "label": "কী যন্ত্রপাতি লাগে?", "payload": "entry:tools" },
        ])
    );
    app.stop().await.unwrap();
}

#[tokio::test]
async fn a_session_is_kept_and_must_not_be_long() {
    let app = TestApp::start().await;
    for session in ["mine", &"ক".repeat(64)] {
        let (status, reply) = app.post("/api/ask", &json!({ "text": "x", "session": session })).await;
        assert_eq!((status, &reply["session"]), (StatusCode::OK, &json!(session)));
    }
    let (status, reply) = app.post("/api/ask", &json!({ "text": "x", "session": null })).await;
    assert!(status == StatusCode::OK && reply["session"].is_string());
    let (status, reply) = app.post("/api/ask", &json!({ "text": "x", "session": "k".repeat(65) })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(reply["error"].as_str().unwrap().contains("64"));
}

#[tokio::test]
async fn a_long_text_is_cut_to_its_end_and_an_empty_one_is_answered() {
    let app = TestApp::start().await;
    let reply = app.ask(&format!("শুরু{}", "ক".repeat(1_000))).await;
    assert_eq!(reply["query"].as_str().unwrap(), "ক".repeat(1_000));
    assert_eq!(app.ask("").await["outcome"], "fallback");
}

#[tokio::test]
async fn feedback_gets_the_conversations_reply_and_is_counted() {
    let app = TestApp::start().await;
    let asked = app.ask("entry:rooftop").await;
    let judge = |entry: &str, helpful: bool| json!({ "session": asked["session"], "entry": entry, "helpful": helpful });
    let (status, thanks) = app.post("/api/feedback", &judge("rooftop", true)).await;
    assert_eq!((status, &thanks["outcome"]), (StatusCode::OK, &json!("smalltalk")));
    assert_eq!(thanks["session"], asked["session"]);
    let (status, sorry) = app.post("/api/feedback", &judge("rooftop", false)).await;
    assert_eq!((status, &sorry["outcome"]), (StatusCode::OK, &json!("fallback")));
    let offered: Vec<&str> =
        sorry["buttons"].as_array().unwrap().iter().filter_map(|button| button["payload"].as_str()).collect();
    assert!(offered.contains(&"entry:watering"), "{offered:?}");
    // A page that was open while an entry went away may still judge it.
    let (status, gone) = app.post("/api/feedback", &judge("gone", false)).await;
    assert_eq!((status, &gone["outcome"]), (StatusCode::OK, &json!("fallback")));
    for wrong in [
        json!({ "entry": "rooftop" }),
        json!({ "entry": "no/id", "helpful": true }),
        json!({ "helpful": true }),
    ] {
        assert_eq!(app.post("/api/feedback", &wrong).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let metrics = app.get("/metrics").await.text().await.unwrap();
    for line in [
        r#"uttor_feedback_total{entry="rooftop",helpful="true"} 1"#,
        r#"uttor_feedback_total{entry="rooftop",helpful="false"} 1"#,
        r#"uttor_messages_total{channel="web",outcome="answer"} 1"#,
        r#"uttor_response_seconds_count{channel="web"} 4"#,
        r#"uttor_http_errors_total{route="/api/feedback",status="400"} 3"#,
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    assert!(!metrics.contains("gone") && !metrics.contains(asked["session"].as_str().unwrap()), "{metrics}");
}

#[tokio::test]
async fn hostile_bodies_are_refused_as_json() {
    let app = TestApp::start().await;
    let deep = format!("{{\"text\": {}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let deep_aside = format!("{{\"text\": \"x\", \"aside\": {}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let full = format!("{{\"text\": \"{}\"}}", "a".repeat(64 * 1024 - 12));
    assert_eq!(full.len(), 64 * 1024);
    for (kind, body, status) in [
        (Some(JSON), vec![b' '; 1024 * 1024], 413),
        (Some(JSON), vec![b' '; 64 * 1024 + 1], 413),
        (Some(JSON), full.into_bytes(), 200),
        (Some(JSON), b"{\"text\": \"\xff\xfe\"}".to_vec(), 400),
        (Some(JSON), b"{\"text\": \"\\ud800\"}".to_vec(), 400),
        (Some(JSON), deep.into_bytes(), 400),
        (Some(JSON), deep_aside.into_bytes(), 200),
        (Some(JSON), Vec::new(), 400),
        (Some(JSON), b"[]".to_vec(), 400),
        (Some(JSON), b"{}".to_vec(), 400),
        (Some(JSON), b"{\"text\": 3}".to_vec(), 400),
        (Some(JSON), b"{\"text\": null}".to_vec(), 400),
        (Some(JSON), b"{\"text\": \"a\", \"text\": \"b\"}".to_vec(), 400),
        (Some(JSON), b"{\"text\": \"a\"} {}".to_vec(), 400),
        (Some("application/json; charset=utf-8"), b"{\"text\": \"a\"}".to_vec(), 200),
        (Some("APPLICATION/JSON"), b"{\"text\": \"a\"}".to_vec(), 200),
        (Some("text/plain"), b"{\"text\": \"a\"}".to_vec(), 415),
        (Some("application/x-www-form-urlencoded"), b"text=a".to_vec(), 415),
        (None, b"{\"text\": \"a\"}".to_vec(), 415),
    ] {
        let shown: String = String::from_utf8_lossy(&body).chars().take(40).collect();
        let (got, reply) = post_raw(&app, kind, body).await;
        assert_eq!(got.as_u16(), status, "{kind:?} {shown}: {reply}");
        assert_eq!(reply["error"].is_string(), status != 200, "{reply}");
    }
}

#[tokio::test]
async fn control_characters_and_markup_come_to_no_harm() {
    let app = TestApp::start().await;
    for text in
        ["\u{0}\u{1b}[31m", "<script>alert(1)</script>", "\u{202e}উল্টো\u{200b}", "entry:../../x", "👍👎", "*"]
    {
        let reply = app.ask(text).await;
        assert_eq!(reply["query"], text);
        assert!(!reply["html"].as_str().unwrap().contains("<script"), "{reply}");
    }
}

#[tokio::test]
async fn a_burst_of_questions_is_answered_and_what_follows_is_refused() {
    let app = TestApp::start().await;
    let mut statuses = Vec::new();
    let mut refusal = None;
    // More than the burst and all that is granted again while it lasts.
    for _ in 0..2_000 {
        let body = json!({ "text": "entry:rooftop" });
        let response = app.client.post(format!("{}/api/ask", app.url)).json(&body).send().await.unwrap();
        statuses.push(response.status());
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            refusal = Some(response);
            break;
        }
    }
    let refusal = refusal.expect("the limit is never reached");
    assert!(statuses.len() > 100, "the burst of 100 is not granted, only {}", statuses.len());
    assert_eq!(refusal.headers()[RETRY_AFTER], "1");
    assert!(refusal.json::<Value>().await.unwrap()["error"].is_string());
    // Reading stays possible, and a neighbour behind the proxy on this machine has a limit of its own.
    assert_eq!(app.get("/guide").await.status(), StatusCode::OK);
    let body = json!({ "text": "entry:rooftop" });
    let neighbour = app.client.post(format!("{}/api/ask", app.url)).header("x-forwarded-for", "203.0.113.9");
    assert_eq!(neighbour.json(&body).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_bears_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/", "/guide", "/healthz", "/metrics", "/nowhere", "/api/ask", "/assets/none.css"] {
        let response = app.get(path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(response.headers()["x-frame-options"], "DENY", "{path}");
        assert_eq!(response.headers()["referrer-policy"], "no-referrer", "{path}");
        assert!(response.headers().contains_key(CACHE_CONTROL), "{path}");
    }
}

#[tokio::test]
async fn pages_hold_nothing_inline_and_load_only_what_is_here() {
    let app = TestApp::start().await;
    for path in ["/", "/guide"] {
        let page = app.get(path).await.text().await.unwrap();
        let html = scraper::Html::parse_document(&page);
        let all = |css: &str| -> Vec<scraper::ElementRef<'_>> {
            html.select(&scraper::Selector::parse(css).unwrap()).collect()
        };
        assert!(all("style, [style], [onclick], script:not([src])").is_empty(), "{path}");
        assert_eq!(all("html")[0].value().attr("lang"), Some("bn"));
        let loaded = all("link[href], script[src], img[src]");
        assert!(!loaded.is_empty());
        for element in loaded {
            let file = element.value().attr("href").or(element.value().attr("src")).unwrap();
            let response = app.get(&format!("/{file}")).await;
            assert_eq!(response.status(), StatusCode::OK, "{file}");
            let kept = response.headers()[CACHE_CONTROL].to_str().unwrap().to_owned();
            assert!(kept.contains("immutable"), "{file}: {kept}");
            let named = response.text().await.unwrap().replace("http://www.w3.org/2000/svg", "");
            assert!(!named.contains("http://") && !named.contains("https://"), "{file} names another server");
        }
    }
}

#[tokio::test]
async fn the_chat_page_opens_with_examples() {
    let app = TestApp::start().await;
    let page = app.get("/").await.text().await.unwrap();
    for part in [
        "বাগানের ছোট গাইড",
        "role=\"log\"",
        "aria-live=\"polite\"",
        "data-payload=\"entry:rooftop\"",
        "data-payload=\"topics\"",
        "<label class=\"unseen\" for=\"text\">",
        "<noscript>",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

#[tokio::test]
async fn the_guide_page_has_every_entry_at_its_anchor_by_section() {
    let app = TestApp::start().await;
    let page = app.get("/guide").await.text().await.unwrap();
    let html = scraper::Html::parse_document(&page);
    let texts = |css: &str| -> Vec<String> {
        html.select(&scraper::Selector::parse(css).unwrap()).map(|element| element.text().collect()).collect()
    };
    for id in ["rooftop", "watering", "seeds", "compost", "tools"] {
        assert_eq!(texts(&format!("article#{id}")).len(), 1, "{id}");
        assert_eq!(texts(&format!("nav a[href='#{id}']")).len(), 1, "{id}");
    }
    // A section whose heading is its only entry's question is not said twice.
    assert_eq!(texts("h2.section"), ["গাছের যত্ন", "গাছের যত্ন", "কেনাকাটা"]);
    assert!(page.contains("&lt;প্যাকেট&gt; কেনার আগে মেয়াদ দেখে নিন &amp; রসিদ রাখুন"));
    assert!(page.contains("<a href=\"https://example.org/roof?a=1&amp;b=2\" rel=\"noopener noreferrer\""));
    assert!(!texts("a[href='./']").is_empty(), "there is a way back to the chat");
}

#[tokio::test]
async fn links_follow_the_settings() {
    for (settings, fallback, section) in [
        (
            &[("PUBLIC_URL", "https://bot.example.org/b/")][..],
            "https://bot.example.org/b/guide",
            "https://bot.example.org/b/guide#rooftop",
        ),
        (
            &[("ARTICLE_URL", "https://example.org/a")],
            "https://example.org/a",
            "https://example.org/a#:~:text=%E0%A6%9B%E0%A6%BE%E0%A6%A6%E0%A7%87%20%E0%A6%95%E0%A6%BF%20",
        ),
    ] {
        let app = TestApp::start_with(&garden(), settings).await;
        assert_eq!(app.ask("").await["buttons"][0]["url"], fallback);
        let url = app.ask("entry:rooftop").await["buttons"][0]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(section), "{url}");
    }
}

#[tokio::test]
async fn methods_and_addresses_that_are_not_there() {
    let app = TestApp::start().await;
    let call = |method: Method, path: &str, accept: &str| {
        app.client.request(method, format!("{}{path}", app.url)).header("accept", accept).send()
    };
    for path in ["/", "/guide", "/healthz", "/readyz", "/metrics"] {
        let head = call(Method::HEAD, path, "*/*").await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{path}");
        assert!(head.bytes().await.unwrap().is_empty());
    }
    for (method, path, allowed) in [
        (Method::GET, "/api/ask", "POST"),
        (Method::PUT, "/api/feedback", "POST"),
        (Method::POST, "/", "GET,HEAD"),
        (Method::DELETE, "/metrics", "GET,HEAD"),
    ] {
        let wrong = call(method, path, "*/*").await.unwrap();
        assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(wrong.headers()[ALLOW], allowed, "{path}");
        assert!(wrong.json::<Value>().await.unwrap()["error"].is_string());
    }
    for path in
        ["/nowhere", "/api/nowhere", "/assets/chat.js", "/assets/..%2f..%2fetc%2fpasswd", "/admin/nowhere"]
    {
        let missing = call(Method::GET, path, "*/*").await.unwrap();
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(missing.json::<Value>().await.unwrap()["error"].is_string());
    }
    let page = call(Method::GET, "/no/where", "text/html,*/*").await.unwrap();
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.text().await.unwrap().contains("পাতাটি পাওয়া গেল না"));
}

#[tokio::test]
async fn it_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path).await.status(), StatusCode::OK, "{path}");
    }
    app.stop().await.unwrap();
}

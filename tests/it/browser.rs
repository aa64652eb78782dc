//! The pages in a real browser.

use fantoccini::key::Key;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::app::{TestApp, eventually};
use crate::support::browser::{Browser, Person};

const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1280, 800);

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_typed_a_suggestion_pressed_and_the_deep_link_followed() {
    let Some(browser) = Browser::start(Person { screen: PHONE, dark: false }).await else { return };
    let app = TestApp::start().await;
    browser.client.goto(&app.url).await.unwrap();
    assert!(!browser.scrolls_sideways().await);

    let composer = browser.find("#text").await;
    composer.send_keys("chade ki bagan kora jay").await.unwrap();
    composer.send_keys(&Key::Enter.to_string()).await.unwrap();
    browser.last_bubble_says("অন্তত ৬ ঘণ্টা রোদ").await;
    assert_eq!(
        browser.find(".turn.you").await.text().await.unwrap().lines().last(),
        Some("chade ki bagan kora jay")
    );
    assert_eq!(browser.js("return document.getElementById('text').value").await, "");
    assert_eq!(
        browser
            .js("return document.querySelectorAll('.turn:last-child strong, .turn:last-child li').length")
            .await,
        4
    );
    assert!(!browser.scrolls_sideways().await);

    browser.find(".turn:last-child button[data-payload='entry:watering']").await.click().await.unwrap();
    browser.last_bubble_says("মাটি ভেজা থাকলে").await;

    browser.find(".turn:last-child a.chip.open").await.click().await.unwrap();
    let chat = browser.client.window().await.unwrap();
    let guide = eventually("the guide's tab", async || {
        browser.client.windows().await.unwrap().into_iter().find(|window| *window != chat)
    })
    .await;
    browser.client.switch_to_window(guide).await.unwrap();
    let landed = browser.client.current_url().await.unwrap();
    assert_eq!(landed.as_str(), format!("{}/guide#watering", app.url));
    // Opened anew: the driver gives a new tab a phone's width only after the page has scrolled to its anchor.
    browser.client.goto("about:blank").await.unwrap();
    browser.client.goto(landed.as_str()).await.unwrap();
    assert_eq!(browser.find("article:target").await.attr("id").await.unwrap().as_deref(), Some("watering"));
    eventually("the entry below the bar", async || {
        let place =
            "const { top, bottom } = document.querySelector('article:target').getBoundingClientRect();
            return top >= document.querySelector('.top').offsetHeight && bottom <= window.innerHeight";
        (browser.js(place).await == true).then_some(())
    })
    .await;
    assert!(!browser.scrolls_sideways().await);
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_judged_once_and_the_conversation_replies() {
    let Some(browser) = Browser::start(Person { screen: DESK, dark: false }).await else { return };
    let app = TestApp::start().await;
    browser.client.goto(&app.url).await.unwrap();
    browser.find("button[data-payload='entry:rooftop']").await.click().await.unwrap();
    browser.find("button[data-verdict='unhelpful']").await.click().await.unwrap();
    browser.last_bubble_says("জানানোর জন্য ধন্যবাদ").await;
    browser.find(".turn:last-child button[data-payload='entry:watering']").await;
    let judged =
        "return [...document.querySelectorAll('.judge button')].map((b) => [b.disabled, b.ariaPressed])";
    assert_eq!(browser.js(judged).await, json!([[true, "false"], [true, "true"]]));

    browser.find(".turn:last-child button[data-payload='entry:watering']").await.click().await.unwrap();
    browser.last_bubble_says("মাটি ভেজা থাকলে").await;
    browser.find(".turn:last-child button[data-verdict='helpful']").await.click().await.unwrap();
    browser.last_bubble_says("ধন্যবাদ!").await;
    let metrics = app.get("/metrics").await.text().await.unwrap();
    for line in [
        r#"uttor_feedback_total{entry="rooftop",helpful="false"} 1"#,
        r#"uttor_feedback_total{entry="watering",helpful="true"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_done_with_the_keyboard_alone() {
    let Some(browser) = Browser::start(Person { screen: DESK, dark: false }).await else { return };
    let app = TestApp::start().await;
    browser.client.goto(&app.url).await.unwrap();
    let focused =
        "const e = document.activeElement; return e.dataset.payload || e.id || e.className || e.tagName";
    let tab = Key::Tab.to_string();

    // The order is that of the eye: the bar, the conversation, its chips, the composer, the arrow.
    browser.js("document.activeElement.blur()").await;
    let mut order = Vec::new();
    for _ in 0..8 {
        browser.press(&tab).await;
        order.push(browser.js(focused).await);
        let outline = browser.js("return getComputedStyle(document.activeElement).outlineStyle").await;
        assert_ne!(outline, "none", "the focus on {} cannot be seen", order.last().unwrap());
    }
    let chips = ["entry:rooftop", "entry:watering", "entry:seeds", "topics"];
    assert_eq!(order, [&["pill", "log"][..], &chips, &["text", "send"]].concat());

    browser.js("document.querySelector(\"[data-payload='topics']\").focus()").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.last_bubble_says("এই বিষয়গুলো নিয়ে").await;
    assert_eq!(browser.js(focused).await, "topics", "the focus stays where the person is");

    browser.press(&tab).await;
    browser.press(" ").await;
    browser.last_bubble_says("অন্তত ৬ ঘণ্টা রোদ").await;

    browser.js("document.getElementById('text').focus()").await;
    browser.press("এক").await;
    browser.press(&format!("{}{}", Key::Shift, Key::Enter)).await;
    browser.press("দুই").await;
    assert_eq!(browser.js("return document.getElementById('text').value").await, "এক\nদুই");
    assert_eq!(browser.js("return document.querySelectorAll('.turn.you').length").await, 2);
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_and_a_full_server_are_told_and_the_question_can_be_sent_again() {
    let Some(browser) = Browser::start(Person { screen: PHONE, dark: false }).await else { return };
    let app = TestApp::start().await;
    browser.client.goto(&app.url).await.unwrap();
    let net = async |offline: bool| {
        browser.cdp("Network.enable", json!({})).await;
        let conditions =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.emulateNetworkConditions", conditions).await;
    };
    net(true).await;
    browser.find("button[data-payload='entry:rooftop']").await.click().await.unwrap();
    browser.last_bubble_says("ইন্টারনেট সংযোগ দেখে").await;
    net(false).await;
    browser.find(".alarm-retry").await.click().await.unwrap();
    browser.last_bubble_says("অন্তত ৬ ঘণ্টা রোদ").await;
    assert_eq!(browser.js("return document.querySelectorAll('.turn.you').length").await, 1);
    assert_eq!(browser.js("return document.querySelectorAll('.alarm').length").await, 0);

    // Two presses in one breath: each answer stands below its own question.
    browser.js("for (const id of ['seeds', 'watering']) document.querySelector(`button[data-payload='entry:${id}']`).click()").await;
    browser.last_bubble_says("মাটি ভেজা থাকলে").await;
    let kinds = "return [...document.querySelectorAll('.turn')].slice(-4).map((turn) => turn.classList[1])";
    assert_eq!(browser.js(kinds).await, json!(["you", "bot", "you", "bot"]));

    // Somebody at the same address asks more than it may, all the while.
    let flood = async || {
        loop {
            app.post("/api/ask", &json!({ "text": "topics" })).await;
        }
    };
    let flooded = async {
        let full = async || {
            let (status, _) = app.post("/api/ask", &json!({ "text": "topics" })).await;
            (status == StatusCode::TOO_MANY_REQUESTS).then_some(())
        };
        eventually("a full server", full).await;
        browser.js("document.querySelector(`button[data-payload='entry:watering']`).click()").await;
        browser.last_bubble_says("একসঙ্গে অনেক প্রশ্ন").await;
    };
    tokio::select! {
        () = flooded => {}
        () = flood() => {}
        () = flood() => {}
        () = flood() => {}
    }
    eventually("room again", async || {
        let (status, _) = app.post("/api/ask", &json!({ "text": "topics" })).await;
        status.is_success().then_some(())
    })
    .await;
    browser.find(".alarm-retry").await.click().await.unwrap();
    browser.last_bubble_says("মাটি ভেজা থাকলে").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_colour_schemes_can_be_read_and_nothing_is_loaded_from_elsewhere() {
    let mut backgrounds = Vec::new();
    for dark in [false, true] {
        let Some(browser) = Browser::start(Person { screen: PHONE, dark }).await else { return };
        let app = TestApp::start().await;
        for path in ["/", "/guide"] {
            browser.client.goto(&format!("{}{path}", app.url)).await.unwrap();
            let poor = browser.js(POOR_CONTRAST).await;
            assert_eq!(poor, json!([]), "{path}, dark: {dark}");
            let elsewhere = browser
                .js("return performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith(location.origin))")
                .await;
            assert_eq!(elsewhere, json!([]));
            assert!(!browser.scrolls_sideways().await);
            backgrounds.push(browser.js("return getComputedStyle(document.body).backgroundColor").await);
        }
        assert_eq!(browser.complaints().await, [""; 0]);
        browser.close().await;
    }
    assert!(backgrounds[0] == backgrounds[1] && backgrounds[2] == backgrounds[3], "{backgrounds:?}");
    assert_ne!(backgrounds[0], backgrounds[2]);
}

/// Texts whose contrast with what lies behind them is below 4.5, as WCAG 2.2 (1.4.3) counts it.
const POOR_CONTRAST: &str = r"
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b]
        .map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const colour = numbers(getComputedStyle(e).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const poor = [];
    for (const element of document.body.querySelectorAll('*')) {
        const says = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!says || element.closest('noscript, .unseen, svg')) continue;
        const [a, b] = [luminance(numbers(getComputedStyle(element).color)), luminance(behind(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push([element.textContent.slice(0, 30), Number(ratio.toFixed(2))]);
    }
    return poor;";

#[tokio::test(flavor = "multi_thread")]
async fn what_people_type_is_shown_as_text() {
    let Some(browser) = Browser::start(Person { screen: PHONE, dark: true }).await else { return };
    let app = TestApp::start().await;
    browser.client.goto(&app.url).await.unwrap();
    let typed = "<img src=x onerror=\"document.title='owned'\"> *তারা* ".to_owned() + &"দীর্ঘ".repeat(60);
    let composer = browser.find("#text").await;
    composer.send_keys(&typed).await.unwrap();
    browser.find(".send").await.click().await.unwrap();
    let shown = "return document.querySelector('.turn.you .bubble').lastChild.textContent";
    browser.find(".turn.bot:last-child .chip").await;
    assert_eq!(browser.js(shown).await, typed.as_str());
    assert_ne!(browser.client.title().await.unwrap(), "owned");
    assert!(!browser.scrolls_sideways().await);
    assert_eq!(browser.js("return document.querySelectorAll('.turns img').length").await, Value::from(0));
    browser.close().await;
}

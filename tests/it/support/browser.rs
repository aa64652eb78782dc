//! A real browser, driven through Debian's chromedriver.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use axum::http::Method;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::app::{PATIENCE, eventually};

/// What kind of screen and wishes the person has.
#[derive(Clone, Copy, Default)]
pub struct Person {
    /// The screen's width and height; a narrow one is a phone's, with touch.
    pub screen: (u32, u32),
    /// Wants a dark page.
    pub dark: bool,
}

/// A browser with one window.
pub struct Browser {
    /// Drives it.
    pub client: Client,
    driver: Driver,
    _profile: TempDir,
}

/// The chromedriver and its browser's process; a test that fails leaves neither behind.
struct Driver {
    process: Child,
    browser: Option<u64>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver does not take its browser along.
        let ends = self.browser.into_iter().chain([u64::from(self.process.id())]);
        let _ = Command::new("kill").args(ends.map(|id| id.to_string())).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// A browser for `person`; none, and a line that says so, where there is no chromedriver.
    pub async fn start(person: Person) -> Option<Self> {
        let Some((mut driver, port)) = start_driver() else {
            super::skipped("there is no chromedriver here (Debian: apt install chromium-driver)");
            return None;
        };
        let profile = TempDir::new().unwrap();
        let (width, height) = person.screen;
        let mut options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                format!("--user-data-dir={}", profile.path().display()),
                format!("--window-size={width},{height}"),
            ],
        });
        if width < 600 {
            let metrics =
                json!({ "width": width, "height": height, "pixelRatio": 2.0, "touch": true, "mobile": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        let capabilities =
            json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        driver.browser = client.capabilities().and_then(|session| session.get("goog:processID")?.as_u64());
        let browser = Self { client, driver, _profile: profile };
        let scheme = if person.dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        Some(browser)
    }

    /// A command of the browser's own protocol, for what its driver does not know.
    pub async fn cdp(&self, command: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(Cdp { command, parameters }).await.unwrap()
    }

    /// What the console complained of since it was last asked: scripts that failed, a policy that was broken.
    pub async fn complaints(&self) -> Vec<String> {
        let lines = self.client.issue_cmd(ConsoleLog).await.unwrap();
        let lines = lines.as_array().unwrap().iter();
        lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The value of a script's `return`.
    pub async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The element at `css`, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await.unwrap_or_else(|error| {
            panic!("{css} does not appear: {error}");
        })
    }

    /// Waits until the text of the last bubble holds `text`.
    pub async fn last_bubble_says(&self, text: &str) {
        let script = "return [...document.querySelectorAll('.bubble')].pop().innerText";
        eventually(text, async || self.js(script).await.as_str().unwrap().contains(text).then_some(())).await;
    }

    /// Types into whatever has the focus.
    pub async fn press(&self, keys: &str) {
        match self.client.active_element().await.unwrap().send_keys(keys).await {
            Ok(()) => {}
            Err(error) => panic!("{keys:?}: {error}"),
        }
    }

    /// Whether the page is wider than its window.
    pub async fn scrolls_sideways(&self) -> bool {
        let script = "return [document.documentElement, ...document.querySelectorAll('main, .log')]
            .some((element) => element.scrollWidth > element.clientWidth)";
        self.js(script).await == Value::Bool(true)
    }

    /// Ends it.
    pub async fn close(self) {
        let Self { client, mut driver, .. } = self;
        client.close().await.unwrap();
        driver.browser = None;
    }
}

fn start_driver() -> Option<(Driver, u16)> {
    let spawned =
        Command::new("chromedriver").arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut driver = Driver { process: spawned.ok()?, browser: None };
    let lines = BufReader::new(driver.process.stdout.take()?).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        let port = line.strip_prefix("ChromeDriver was started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    Some((driver, port.expect("chromedriver names no port")))
}

#[derive(Debug)]
struct Cdp {
    command: &'static str,
    parameters: Value,
}

#[derive(Debug)]
struct ConsoleLog;

fn endpoint(base: &url::Url, session: Option<&str>, path: &str) -> Result<url::Url, url::ParseError> {
    base.join(&format!("session/{}/{path}", session.unwrap_or_default()))
}

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        endpoint(base, session, "goog/cdp/execute")
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        endpoint(base, session, "se/log")
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

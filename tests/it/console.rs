//! The owner's console: who gets in and who does not, and what is done there.

mod doors;
mod pages;
mod screens;
mod story;

use reqwest::header::{ACCEPT, COOKIE, HOST, HeaderMap, HeaderName, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use uttor::store::{Role, Store};

use crate::support::app::{PATIENCE, TestApp, eventually, garden};
use crate::support::database::Database;

/// The password of the tests.
const TOKEN: &str = "an owner's password";

/// How the outside reaches the bot of the tests.
const PUBLIC: &str = "https://bot.example.org";

/// A running bot, and what a visitor sends.
struct Desk {
    app: TestApp,
    database: Database,
    client: Client,
}

impl Desk {
    /// With a password, reached through a proxy.
    async fn start() -> Self {
        Self::start_with(Database::sqlite(), &[("ADMIN_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC)]).await
    }

    async fn start_with(database: Database, settings: &[(&str, &str)]) -> Self {
        let settings = [settings, &[("DATABASE_URL", database.url.as_str())]].concat();
        let app = TestApp::start_with(&garden(), &settings).await;
        let client = Client::builder().timeout(PATIENCE).no_proxy().redirect(Policy::none()).build().unwrap();
        let desk = Self { app, database, client };
        eventually("the store", async || desk.app.get("/readyz").await.status().is_success().then_some(()))
            .await;
        desk
    }

    async fn store(&self) -> Store {
        self.database.open().await
    }

    /// A request of a browser; `cookie` is what it has.
    async fn send(&self, method: Method, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        self.send_with(method, path, cookie, form, &[]).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Response {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.app.url));
        request = request.header(ACCEPT, "text/html").header(COOKIE, cookie);
        if method == Method::POST {
            request = request.form(form);
        }
        // Each name once: what is given takes the place of what a browser would send.
        let mut more = HeaderMap::new();
        for (name, value) in headers {
            more.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        request.headers(more).send().await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> String {
        let response = self.send(Method::GET, path, cookie, &[]).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        self.send(Method::POST, path, cookie, form).await
    }

    /// The cookie of somebody with this role, by a one-time link.
    async fn enter(&self, role: Role) -> String {
        let link = self.store().await.make_link(role, now()).await.unwrap();
        let entered = self.send(Method::GET, &format!("/admin/login?link={link}"), "", &[]).await;
        assert_eq!(entered.status(), 303);
        session(&entered).expect("a session")
    }
}

fn now() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

/// The whole line of the session's cookie.
fn cookie_line(response: &Response) -> Option<&str> {
    let lines = response.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    lines.into_iter().find(|line| line.starts_with("uttor_console="))
}

/// The session's cookie as a browser sends it.
fn session(response: &Response) -> Option<String> {
    let (pair, _) = cookie_line(response)?.split_once(';')?;
    (!pair.ends_with('=')).then(|| pair.to_owned())
}

fn location(response: &Response) -> &str {
    response.headers().get(LOCATION).map_or("", |to| to.to_str().unwrap())
}

/// The headers of a request that came to this name.
const fn host(name: &'static str) -> (&'static str, &'static str) {
    (HOST_NAME, name)
}

const HOST_NAME: &str = "host";

#[test]
fn the_name_of_the_host_header_is_the_clients() {
    assert_eq!(HOST.as_str(), HOST_NAME);
}

//! The owner's console at `/admin`: unanswered questions, trying messages, the content, what was taught, numbers, channels,
//! the log. Pages are made here, forms post back and redirect; all of it works without JavaScript.
//!
//! ```text
//! request -> guard (session or this machine, role, origin) -> page -> Learning, Library, Store, Statistics
//! ```
//!
//! The files are layers: `origin`, `attempts`, `fields`, `visitor`; then `frame`, `pieces`; `guard`, `teach`, `draft`,
//! `save`; then `door` and the pages.

mod attempts;
mod card;
mod channels;
mod door;
mod draft;
mod entries;
mod fields;
mod frame;
mod guard;
mod log;
mod near;
mod numbers;
mod origin;
mod pieces;
mod save;
mod taught;
mod teach;
mod testset;
mod trial;
mod unanswered;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use secrecy::SecretString;

use self::attempts::Attempts;
use super::Others;
use crate::config::Config;
use crate::learning::Learning;
use crate::library::Library;
use crate::library::source::Source;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::{Error, Role, Store};
use crate::telemetry::Metrics;

/// What the pages share.
pub struct Console {
    responder: Arc<Responder>,
    library: Arc<Library>,
    links: Links,
    others: Others,
    metrics: Metrics,
    source: Source,
    /// The password, where there is one.
    token: Option<SecretString>,
    operators: Vec<u64>,
    public_url: Option<String>,
    /// Whether `PUBLIC_URL` leads to this machine only.
    is_local: bool,
    retention_days: u64,
    attempts: Attempts,
}

/// A route of the console: its path, who may use it, and what it does.
type Route = (&'static str, Role, fn() -> MethodRouter<Arc<Console>>);

/// Every route behind the guard; the others are those of `door`.
const ROUTES: &[Route] = &[
    ("/admin", Role::Viewer, || get(unanswered::page)),
    ("/admin/unanswered", Role::Viewer, || get(unanswered::page)),
    ("/admin/unanswered", Role::Editor, || post(unanswered::act)),
    ("/admin/unanswered/{cluster}", Role::Viewer, || get(unanswered::one)),
    ("/admin/try", Role::Viewer, || get(trial::page)),
    ("/admin/teach", Role::Editor, || post(taught::teach)),
    ("/admin/entries", Role::Viewer, || get(entries::page)),
    ("/admin/entries/new", Role::Editor, || get(entries::new)),
    ("/admin/entries/new", Role::Editor, || post(entries::create)),
    ("/admin/entries/{id}", Role::Viewer, || get(entries::one)),
    ("/admin/entries/{id}", Role::Editor, || post(entries::save)),
    ("/admin/taught", Role::Viewer, || get(taught::page)),
    ("/admin/promote", Role::Editor, || post(taught::promote)),
    ("/admin/export", Role::Viewer, || get(taught::export)),
    ("/admin/export.diff", Role::Viewer, || get(taught::export_diff)),
    ("/admin/export.zip", Role::Viewer, || get(taught::export_zip)),
    ("/admin/tests", Role::Viewer, || get(testset::page)),
    ("/admin/tests", Role::Viewer, || post(testset::run)),
    ("/admin/numbers", Role::Viewer, || get(numbers::page)),
    ("/admin/numbers.csv", Role::Viewer, || get(numbers::table_file)),
    ("/admin/channels", Role::Viewer, || get(channels::page)),
    ("/admin/channels", Role::Operator, || post(channels::set_contact)),
    ("/admin/undo", Role::Editor, || post(teach::undo)),
    ("/admin/log", Role::Viewer, || get(log::page)),
    ("/admin/sessions", Role::Operator, || get(door::sessions)),
    ("/admin/sessions", Role::Operator, || post(door::revoke)),
    ("/admin/logout", Role::Viewer, || post(door::log_out)),
    ("/admin/language", Role::Viewer, || post(door::choose_language)),
];

/// The path of every route behind the guard, with the role that it needs.
pub fn guarded() -> impl Iterator<Item = (&'static str, Role)> {
    ROUTES.iter().map(|(path, role, _)| (*path, *role))
}

impl Console {
    /// Over `library` and the memory of `responder`, with the locks that `config` has.
    pub fn new(
        config: &Config,
        source: &Source,
        responder: &Arc<Responder>,
        library: &Arc<Library>,
        links: &Links,
        (others, metrics): (&Others, &Metrics),
    ) -> Self {
        Self {
            responder: Arc::clone(responder),
            library: Arc::clone(library),
            links: links.clone(),
            others: others.clone(),
            metrics: metrics.clone(),
            source: source.clone(),
            token: config.admin_token.clone(),
            operators: config.operators.clone(),
            public_url: config.public_url.clone(),
            is_local: config.public_url_is_here(),
            retention_days: config.retention_days(),
            attempts: Attempts::default(),
        }
    }

    /// The routes, each behind the guard for its role.
    pub fn routes(self: Arc<Self>) -> Router {
        let mut router = Router::new();
        for (path, role, handler) in ROUTES {
            let lock = from_fn_with_state((Arc::clone(&self), *role), guard::admit);
            router = router.route(path, handler().route_layer(lock));
        }
        let own_pages_only = from_fn_with_state(Arc::clone(&self), guard::refuse_foreign_forms);
        let doors = Router::new()
            .route("/admin/login", get(door::page).post(door::log_in).route_layer(own_pages_only))
            .layer(from_fn(guard::no_store));
        router.layer(from_fn(guard::no_store)).merge(doors).with_state(self)
    }

    /// The content's time zone, in minutes east of Greenwich.
    fn minutes_east(&self) -> i32 {
        self.library.current().faq.guide.utc_offset
    }

    /// The store.
    ///
    /// # Errors
    /// It has not been there since the start.
    fn store(&self) -> Result<&Store, Error> {
        self.responder.memory().store().ok_or_else(away)
    }

    /// What learns.
    ///
    /// # Errors
    /// The store has not been there since the start.
    fn learning(&self) -> Result<&Arc<Learning>, Error> {
        self.responder.memory().learning().ok_or_else(away)
    }
}

fn away() -> Error {
    Error::Away("it has not been there since the start".to_owned())
}

//! `uttor serve`: every channel that is configured, and the web server.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args as Arguments;

use super::Ending;
use crate::app::{self, App};
use crate::config::Config;
use crate::library::source::Source;

/// The warning while links would lead nowhere.
pub const DEAD_LINKS: &str = "PUBLIC_URL leads to this machine only and ARTICLE_URL is unset, so replies on Telegram \
                              and Messenger have no links; set one of them to an address that people can reach";

/// What `serve` takes: nothing; the environment says everything.
#[derive(Debug, Default, Arguments)]
pub struct Args {}

/// Serves until a stop signal.
///
/// # Errors
/// The address cannot be bound, or the content or the store cannot be used.
pub fn run(_: Args, config: &Config) -> Ending {
    // A panic's message may hold a person's text, which must not be logged: only its place is.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panic at {place}");
    }));
    warn(config);
    let runtime = tokio::runtime::Runtime::new().context("no threads can be started")?;
    let served = runtime.block_on(async {
        let stop = app::stop_signal().context("signals cannot be handled")?;
        let listener = app::bind(config.listen).await?;
        let app = App::build(config, Source::choose(config.faq_dir.clone()), listener).await?;
        announce(&app);
        app.run(stop).await
    });
    // Not dropped: that would wait for a training run.
    runtime.shutdown_background();
    served.map(|()| ExitCode::SUCCESS)
}

/// The one line on standard output, which scripts wait for. Serving goes on where standard output is closed.
fn announce(app: &App) {
    let mut out = std::io::stdout();
    if let Err(error) = writeln!(out, "http://{}/", app.address()).and_then(|()| out.flush()) {
        tracing::debug!("the address was not printed: {error}");
    }
}

/// Warns of settings that have no effect, or not the intended one.
fn warn(config: &Config) {
    if (config.telegram.is_some() || config.messenger.is_some()) && config.links_stay_here() {
        tracing::warn!("{DEAD_LINKS}");
    }
}

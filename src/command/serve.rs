//! `uttor serve`: every channel that is configured, and the web server.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args as Arguments;

use super::Ending;
use crate::app::{self, App};
use crate::config::Config;
use crate::library::source::Source;

/// Said while links would lead nowhere.
pub const DEAD_LINKS: &str = "PUBLIC_URL leads to this machine only and ARTICLE_URL is unset, so replies on Telegram \
                              and Messenger bear no links; set one of them to an address that people can reach";

/// What `serve` takes: nothing; the environment says everything.
#[derive(Debug, Default, Arguments)]
pub struct Args {}

/// Serves until told to stop.
///
/// # Errors
/// The address cannot be taken, or the content cannot be used.
pub fn run(_: Args, config: &Config) -> Ending {
    // What a panic says may hold a person's text, which belongs in no log.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("a mistake in the program at {place}");
    }));
    warn(config);
    let runtime = tokio::runtime::Runtime::new().context("the system gives no threads")?;
    let served = runtime.block_on(async {
        let stop = app::stop_signal().context("the system gives no signals")?;
        let listener = app::bind(config.listen).await?;
        let app = App::build(config, Source::choose(config.faq_dir.clone()), listener).await?;
        announce(&app);
        app.run(stop).await
    });
    // Not dropped: that would wait for content that is being learned.
    runtime.shutdown_background();
    served.map(|()| ExitCode::SUCCESS)
}

/// The one line on standard output, which scripts wait for. That nobody reads it is no reason not to serve.
fn announce(app: &App) {
    let mut out = std::io::stdout();
    let _unread = writeln!(out, "http://{}/", app.address()).and_then(|()| out.flush());
}

/// What is set and has no effect, or not the one that was meant.
fn warn(config: &Config) {
    if (config.telegram.is_some() || config.messenger.is_some()) && config.links_stay_here() {
        tracing::warn!("{DEAD_LINKS}");
    }
}

//! `uttor telegram webhook set|info|delete`: where Telegram delivers updates. `uttor telegram check`: what the bot can do.

use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args as Arguments, Subcommand};

use super::{Ending, FALLS_SHORT, print};
use crate::channel::telegram::abilities;
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;
use crate::channel::telegram::intake::registration::{self, Info, ROUTE};
use crate::config::{Config, Telegram, TelegramIntake};

/// What `telegram` takes.
#[derive(Debug, Arguments)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum What {
    /// Set, show or delete the address that Telegram delivers updates to
    Webhook {
        /// What to do with it
        #[command(subcommand)]
        action: Action,
    },
    /// Say what the bot can do at Telegram, and where what it cannot is turned on; exit code 1 when updates are missing
    Check,
}

/// What to do with the webhook.
#[derive(Clone, Copy, Debug, Subcommand)]
enum Action {
    /// Have updates delivered to `PUBLIC_URL/telegram/webhook` (with `TELEGRAM_MODE=webhook` and its secret)
    Set,
    /// Show where updates are delivered, how many wait, and the last failure
    Info,
    /// Stop deliveries, as polling needs it
    Delete,
}

/// Carries it out.
///
/// # Errors
/// A setting is missing, or Telegram refuses the token.
pub fn run(args: &Args, config: &Config) -> Ending {
    let Some(telegram) = &config.telegram else {
        bail!("TELOXIDE_TOKEN is unset; put the token that BotFather gave you into it");
    };
    let runtime = tokio::runtime::Runtime::new().context("no threads can be started")?;
    let api = Api::new(&telegram.token, telegram.api_url.as_ref())?;
    let What::Webhook { action } = args.what else {
        return match runtime.block_on(abilities::read(&api)) {
            Ok(found) => {
                print(&found.to_string())?;
                Ok(if found.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FALLS_SHORT) })
            }
            Err(failure) => failed(&failure),
        };
    };
    let done = match action {
        Action::Set => {
            let (url, secret) = target(config, telegram)?;
            let set = runtime.block_on(registration::set(&api, &url, secret));
            set.map(|()| format!("updates are delivered to {url} now"))
        }
        Action::Info => runtime.block_on(registration::info(&api)).map(|info| told(&info)),
        Action::Delete => runtime
            .block_on(registration::delete(&api))
            .map(|()| "no updates are delivered any more; TELEGRAM_MODE=polling works now".to_owned()),
    };
    match done {
        Ok(line) => {
            print(&line)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> Ending {
    if let Failure::Unauthorized = failure {
        return Err(anyhow!("Telegram: {failure}"));
    }
    tracing::error!("Telegram: {failure}");
    Ok(ExitCode::from(FALLS_SHORT))
}

/// The webhook's address and secret.
fn target<'a>(
    config: &Config,
    telegram: &'a Telegram,
) -> anyhow::Result<(String, &'a secrecy::SecretString)> {
    let TelegramIntake::Webhook(secret) = &telegram.intake else {
        bail!(
            "TELEGRAM_MODE is polling, which would get no updates beside a webhook; set TELEGRAM_MODE=webhook and \
             TELEGRAM_WEBHOOK_SECRET"
        );
    };
    let Some(public) = &config.public_url else {
        bail!("PUBLIC_URL is unset; set it to the https address under which Telegram reaches this server");
    };
    Ok((format!("{public}{ROUTE}"), secret))
}

fn told(info: &Info) -> String {
    if info.url.is_empty() {
        return format!("no webhook is set; {} updates wait", info.pending);
    }
    let mut lines = vec![format!("url: {}", info.url), format!("waiting: {}", info.pending)];
    if !info.allowed.is_empty() {
        lines.push(format!("updates: {}", info.allowed.join(", ")));
    }
    if let Some((error, at)) = &info.last_error {
        lines.push(format!("last failure: {error} (Unix time {at})"));
    }
    lines.join("\n")
}

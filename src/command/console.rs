//! `uttor console`: ways into the console at `/admin`.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args as Arguments, Subcommand};
use secrecy::ExposeSecret as _;

use super::{Ending, desk, print, runtime};
use crate::config::Config;
use crate::store::{Role, Store};

/// What `console` takes.
#[derive(Debug, Arguments)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a link into the console that works once, within 15 minutes
    #[command(after_help = AFTER)]
    Link {
        /// What its visitor may do: operator (all), editor (the content), viewer (look)
        #[arg(long, value_name = "ROLE", default_value_t = Role::Operator)]
        role: Role,
    },
}

const AFTER: &str = "\
The link begins with PUBLIC_URL. It needs no running bot; it is stored, hashed, where the bot finds it.

Examples:
  uttor console link
  uttor console link --role viewer";

/// Prints the link.
///
/// # Errors
/// The store cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let What::Link { role } = args.what;
    let now = desk::now()?;
    let secret = runtime()?.block_on(async {
        let store = Store::open(config.database_url.expose_secret()).await?;
        store.make_link(role, now).await
    });
    let secret = secret.context("DATABASE_URL")?;
    let public = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    print(&format_args!("{public}/admin/login?link={secret}"))?;
    Ok(ExitCode::SUCCESS)
}

//! Builds the parts, runs the channels, and stops gracefully.

pub mod upkeep;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use crate::channel::messenger::{self, Messenger};
use crate::channel::telegram::{self, Telegram};
use crate::channel::web::{self, Others, Web};
use crate::config::Config;
use crate::faq::format::Finding;
use crate::library::Library;
use crate::library::source::{Files, Source};
use crate::library::watch::{Reload, Watch, watch as watch_folder};
use crate::memory::Memory;
use crate::responder::Responder;
use crate::telemetry::Metrics;

use upkeep::{Coming, Upkeep};

/// How long requests under way may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// How long the upkeep may take to let go.
const LET_GO: Duration = Duration::from_secs(2);

const DAY: u64 = 24 * 60 * 60;

/// How often the metrics are folded.
const FOLD: Duration = Duration::from_secs(5);

/// Every part, built and ready to run.
pub struct App {
    listener: TcpListener,
    address: SocketAddr,
    web: Arc<Web>,
    telegram: Option<Arc<Telegram>>,
    messenger: Option<Arc<Messenger>>,
    memory: Arc<Memory>,
    library: Arc<Library>,
    metrics: Metrics,
    days: u32,
    /// The store, where it is not there yet.
    coming: Option<Coming>,
    _watch: Option<Watch>,
}

/// Takes the address that the web server listens on.
///
/// # Errors
/// It is in use, not this machine's, or not ours to take.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("LISTEN: {address} is in use by another program; stop it or set LISTEN to another port")
        }
        io::ErrorKind::PermissionDenied => {
            anyhow!("LISTEN: {address} may not be taken by this user; set LISTEN to a port from 1024 up")
        }
        _ => anyhow!("LISTEN: {address} cannot be taken ({error}); set LISTEN to an address of this machine"),
    })
}

impl App {
    /// Reads the content of `source`, learns it, watches it for changes, and opens the store.
    ///
    /// # Errors
    /// Content that cannot be used: every finding, a line each; a store that cannot be used, and not only now.
    pub async fn build(config: &Config, source: Source, listener: TcpListener) -> anyhow::Result<Self> {
        let address = listener.local_addr().context("LISTEN")?;
        let metrics = Metrics::new()?;
        let reading = source.clone();
        let (files, library) =
            spawn_blocking(move || open(&reading)).await?.map_err(|findings| lines(&findings))?;
        let library = Arc::new(library);
        let links = config.links(address);
        let memory = Arc::new(Memory::awaiting_store());
        let coming = upkeep::attach(&memory, &library, &config.database_url).await?;
        let responder = Arc::new(Responder::new(Arc::clone(&library), links.clone(), Arc::clone(&memory)));
        let parts = telegram::Parts {
            responder: Arc::clone(&responder),
            links: links.clone(),
            metrics: metrics.clone(),
        };
        let telegram = match &config.telegram {
            Some(configured) => Some(Arc::new(Telegram::new(config, configured, parts)?)),
            None => None,
        };
        let parts = messenger::Parts { responder: Arc::clone(&responder), metrics: metrics.clone() };
        let messenger = match &config.messenger {
            Some(configured) => Some(Arc::new(Messenger::new(config, configured, parts)?)),
            None => None,
        };
        let others = Others { telegram: telegram.clone(), messenger: messenger.clone() };
        let web = Arc::new(Web::new(responder, Arc::clone(&library), links, metrics.clone(), others));
        let watch = follow(&source, &files, Arc::clone(&library), metrics.clone());
        let days = u32::try_from(config.retention.as_secs() / DAY).unwrap_or(u32::MAX);
        Ok(Self {
            listener,
            address,
            web,
            telegram,
            messenger,
            memory,
            library,
            metrics,
            days,
            coming,
            _watch: watch,
        })
    }

    /// Where the web server listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` is done, and then finishes what is under way, ten seconds at most, and writes what is
    /// still to be written.
    ///
    /// # Errors
    /// The listener fails; the store comes at last and cannot be used.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let Self { listener, web, telegram, messenger, memory, library, metrics, days, coming, .. } = self;
        let (stop, mut stopping) = watch::channel(false);
        let signal = {
            let (web, stop) = (Arc::clone(&web), stop.clone());
            async move {
                shutdown.await;
                stop.send_replace(true);
                web.set_ready(false);
            }
        };
        let folding = tokio::spawn(fold(metrics.clone()));
        let upkeep = Upkeep { memory: Arc::clone(&memory), library, web: Arc::clone(&web), metrics, days };
        let mut upkeep = tokio::spawn(upkeep.run(coming, stopping.clone()));
        let telegram = telegram.map(|telegram| {
            let (memory, stopping) = (Arc::clone(&memory), stopping.clone());
            tokio::spawn(async move {
                let removing =
                    upkeep::remove_when_due(&memory, telegram::CHANNEL, |message| telegram.remove(message));
                let mut until = stopping.clone();
                let removing = async {
                    tokio::select! {
                        () = removing => {}
                        _ = until.wait_for(|stopping| *stopping) => {}
                    }
                };
                tokio::join!(telegram.run(stopping), removing);
            })
        });
        let messenger = messenger.map(|messenger| {
            let stopping = stopping.clone();
            tokio::spawn(async move { messenger.run(stopping).await })
        });
        let server = axum::serve(listener, web::service(web)).with_graceful_shutdown(signal);
        let serving = async {
            let outcome = server.await;
            // They take less than `DRAIN`. Where one panicked that was said.
            for channel in [telegram, messenger].into_iter().flatten() {
                let _over = channel.await;
            }
            outcome
        };
        let overdue = async {
            // Without a signal the server has ended by itself, which another branch tells.
            drop(stopping.wait_for(|stopping| *stopping).await);
            tokio::time::sleep(DRAIN).await;
        };
        let failed = async {
            match (&mut upkeep).await {
                Ok(Err(error)) => error,
                // It was told to stop, which the other branches tell; or there is a mistake in it, and answering is
                // more than it.
                Ok(Ok(())) | Err(_) => std::future::pending().await,
            }
        };
        let outcome = tokio::select! {
            outcome = serving => outcome.context("the web server failed"),
            () = overdue => {
                tracing::warn!("some requests did not finish in {} s and were cut off", DRAIN.as_secs());
                Ok(())
            }
            error = failed => Err(error),
        };
        stop.send_replace(true);
        folding.abort();
        if !upkeep.is_finished() {
            // It lets go between two batches.
            let _in_time = tokio::time::timeout(LET_GO, &mut upkeep).await;
            upkeep.abort();
        }
        memory.finish().await;
        outcome
    }
}

/// The files of `source` and the library of them.
fn open(source: &Source) -> Result<(Files, Library), Vec<Finding>> {
    let files = source.files()?;
    let parsed = source.parse(&files)?;
    // What parsing gives lies scattered among what it only needed: a copy leaves whole pages to give back.
    let faq = parsed.clone();
    drop(parsed);
    tracing::info!(entries = faq.entries.len(), "content read");
    Ok((files, Library::new(faq)))
}

/// The findings as one error, a line each.
pub(crate) fn lines(findings: &[Finding]) -> anyhow::Error {
    anyhow!(findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Watches a folder for changes, so far as the system lets us.
fn follow(source: &Source, files: &Files, library: Arc<Library>, metrics: Metrics) -> Option<Watch> {
    let Source::Folder(folder) = source else { return None };
    let done = move |reload: Reload| {
        metrics.reload(reload.is_ok());
        match reload {
            Ok(entries) => tracing::info!(entries, "content changed, the new one is in service"),
            Err(findings) => {
                for finding in findings {
                    tracing::error!("{finding}");
                }
                tracing::error!("content changed but cannot be used; the old one stays in service");
            }
        }
    };
    watch_folder(library, folder, files, done)
        .inspect_err(|error| {
            let folder = folder.display();
            tracing::warn!("{folder} cannot be watched ({error}); changes take effect at the next start");
        })
        .ok()
}

async fn fold(metrics: Metrics) {
    let mut ticks = interval(FOLD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        metrics.fold();
    }
}

/// Done when the process is told to stop: Ctrl-C, or SIGTERM where there is such a thing. It is listened for from
/// the call on, not only once the future runs.
///
/// # Errors
/// The system does not let us listen.
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    let stop = {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
    };
    #[cfg(not(unix))]
    let stop = async {
        let _impossible_to_hear = tokio::signal::ctrl_c().await;
    };
    Ok(stop)
}

//! A way to a server that can be cut.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::database::Database;

/// A database on a server behind a proxy, and its address through it; none where there is no server.
pub async fn behind_proxy(is_open: bool) -> Option<(Database, Proxy, String)> {
    let database = Database::postgres().await?;
    let url = url::Url::parse(&database.url).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let proxy = Proxy::new(server, is_open).await;
    let mut through = url.clone();
    through.set_host(Some("127.0.0.1")).unwrap();
    through.set_port(Some(proxy.port)).unwrap();
    Some((database, proxy, through.to_string()))
}

/// Passes connections on while it is open.
pub struct Proxy {
    pub port: u16,
    is_open: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Listens on a free port and passes on to `server` (`host:port`).
    pub async fn new(server: String, is_open: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(watch::Sender::new(is_open));
        let is_open = state.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut state = is_open.subscribe();
                let server = server.clone();
                tokio::spawn(async move {
                    if *state.borrow() {
                        let mut far = TcpStream::connect(server).await.unwrap();
                        tokio::select! {
                            _ = copy_bidirectional(&mut near, &mut far) => {}
                            _ = state.wait_for(|is_open| !is_open) => {}
                        }
                    }
                });
            }
        });
        Self { port, is_open: state }
    }

    /// Breaks all connections and lets no new one through.
    pub fn cut(&self) {
        self.is_open.send_replace(false);
    }

    pub fn mend(&self) {
        self.is_open.send_replace(true);
    }
}

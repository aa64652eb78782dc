//! Who may enter the console: sessions and one-time links, both stored as hashes of their secrets.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::error::Error;
use super::secret::random;
use super::{Author, Store};

/// A session ends so long after its last request, in seconds …
pub const SESSION_IDLE: i64 = 12 * 3_600;

/// … and so long after it began.
pub const SESSION_TTL: i64 = 7 * 24 * 3_600;

/// A link can be used for so long, in seconds.
pub const LINK_TTL: i64 = 15 * 60;

/// A session's last request is written down at most once in so many seconds: reading a page should not write.
const SEEN_INTERVAL: i64 = 60;

/// Bytes of a secret that is guessed by nobody.
const SECRET_BYTES: usize = 32;

/// Bytes of a session's name.
const NAME_BYTES: usize = 4;

/// What somebody may do in the console; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Changes the content.
    Editor,
    /// Changes everything.
    Operator,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Operator];

    /// Its name in the store and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| Error::Broken(format!("a role is {text}; it is operator, editor or viewer")))
    }
}

/// A session of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What people see of it.
    pub name: String,
    /// What its visitor may do.
    pub role: Role,
    /// Who that is, as [`Author`] is stored.
    pub author: String,
    /// How it began: `token`, `link` or `telegram`.
    pub door: String,
    /// When it began, in Unix seconds.
    pub begun_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
}

type SessionRow = (String, String, String, String, i64, i64);

impl Store {
    /// Begins a session; returns what the browser keeps. Without `author` the session stands for its visitor.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn begin_session(
        &self,
        role: Role,
        author: Option<&Author>,
        door: &'static str,
        now: i64,
    ) -> Result<(String, Author), Error> {
        let secret = hex::encode(random::<SECRET_BYTES>()?);
        let name = hex::encode(random::<NAME_BYTES>()?);
        let author = author.cloned().unwrap_or_else(|| Author::console(&name));
        let hash = hash(&secret);
        self.changing(|| {
            sqlx::query(
                "INSERT INTO console_sessions (hash, name, role, author, door, begun_at, seen_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (hash) DO NOTHING",
            )
            .bind(hash.clone())
            .bind(name.clone())
            .bind(role.as_str())
            .bind(author.as_str().to_owned())
            .bind(door)
            .bind(now)
        })
        .await?;
        Ok((secret, author))
    }

    /// The session of this secret, if it lasts; it is now used.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn session(&self, secret: &str, now: i64) -> Result<Option<Session>, Error> {
        let hash = hash(secret);
        let rows: Vec<SessionRow> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT name, role, author, door, begun_at, seen_at FROM console_sessions \
                     WHERE hash = $1 AND seen_at > $2 AND begun_at > $3",
                )
                .bind(hash.as_str())
                .bind(now - SESSION_IDLE)
                .bind(now - SESSION_TTL)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let Some(session) = rows.into_iter().next().map(stored).transpose()? else { return Ok(None) };
        if session.seen_at + SEEN_INTERVAL <= now {
            self.changing(|| {
                sqlx::query("UPDATE console_sessions SET seen_at = $1 WHERE hash = $2")
                    .bind(now)
                    .bind(hash.clone())
            })
            .await?;
        }
        Ok(Some(session))
    }

    /// The sessions that last, those used last first.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn sessions(&self, now: i64) -> Result<Vec<Session>, Error> {
        let rows: Vec<SessionRow> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT name, role, author, door, begun_at, seen_at FROM console_sessions \
                     WHERE seen_at > $1 AND begun_at > $2 ORDER BY seen_at DESC, name",
                )
                .bind(now - SESSION_IDLE)
                .bind(now - SESSION_TTL)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Ends the session with this secret; false when there was none.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then it may last.
    pub async fn end_session(&self, secret: &str) -> Result<bool, Error> {
        let hash = hash(secret);
        let delete = || sqlx::query("DELETE FROM console_sessions WHERE hash = $1").bind(hash.clone());
        Ok(self.changing(delete).await? > 0)
    }

    /// Ends the session with this name; false when there was none.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then it may last.
    pub async fn revoke_session(&self, name: &str) -> Result<bool, Error> {
        let delete = || sqlx::query("DELETE FROM console_sessions WHERE name = $1").bind(name.to_owned());
        Ok(self.changing(delete).await? > 0)
    }

    /// Makes a link for `role`; returns its secret, which is stored nowhere.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn make_link(&self, role: Role, now: i64) -> Result<String, Error> {
        let secret = hex::encode(random::<SECRET_BYTES>()?);
        let hash = hash(&secret);
        self.changing(|| {
            sqlx::query(
                "INSERT INTO console_links (hash, role, expires_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (hash) DO NOTHING",
            )
            .bind(hash.clone())
            .bind(role.as_str())
            .bind(now + LINK_TTL)
        })
        .await?;
        Ok(secret)
    }

    /// The role of the link with this secret, which is used up by this call; of several calls one gets the role.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn use_link(&self, secret: &str, now: i64) -> Result<Option<Role>, Error> {
        let hash = hash(secret);
        let rows: Vec<(String,)> = self
            .writing(|| async {
                let mut transaction = self.begin().await?;
                let role = sqlx::query_as(
                    "DELETE FROM console_links WHERE hash = $1 AND expires_at > $2 RETURNING role",
                )
                .bind(hash.as_str())
                .bind(now)
                .fetch_all(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(role)
            })
            .await?;
        rows.into_iter().next().map(|(role,)| role.parse()).transpose()
    }
}

fn stored((name, role, author, door, begun_at, seen_at): SessionRow) -> Result<Session, Error> {
    Ok(Session { name, role: role.parse()?, author, door, begun_at, seen_at })
}

/// A secret of 256 random bits needs no salt and no slow hash.
fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

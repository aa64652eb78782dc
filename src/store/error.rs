//! What can go wrong with the store, classified by remedy.

use std::io::ErrorKind;

/// Why a request to the store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another connection holds the lock; a retry helps.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// It cannot be reached; a retry may help.
    #[error("the store cannot be reached: {0}")]
    Away(String),
    /// The disk is full; an operator has to free space.
    #[error("the store has no space left: {0}")]
    Full(String),
    /// It is damaged, foreign, newer than this program, or wrongly addressed; a retry does not help.
    #[error("the store cannot be used: {0}")]
    Broken(String),
}

impl Error {
    /// Whether a retry may succeed.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Away(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&sqlx::Error> for Error {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                // SQLSTATE has five characters, SQLite's extended result codes have at most four digits.
                let sort = if code.len() == 5 { of_sqlstate(&code) } else { of_sqlite(&code) };
                sort(format!("{} ({code})", database.message()))
            }
            sqlx::Error::Io(io) if io.kind() == ErrorKind::StorageFull => Self::Full(error.to_string()),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                Self::Away(error.to_string())
            }
            // A server that is being stopped closes connections in the middle of a message.
            sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => Self::Away(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// PostgreSQL, appendix A "Error Codes".
fn of_sqlstate(code: &str) -> fn(String) -> Error {
    match code {
        // a foreign key: the row it points to was deleted this moment
        "23503" | "40001" | "40P01" | "53300" | "55P03" | "57014" => Error::Busy,
        // a standby that was promoted elsewhere; a server that is starting or stopping
        "25006" | "57P01" | "57P02" | "57P03" | "57P05" => Error::Away,
        "53100" => Error::Full,
        _ if code.starts_with("08") => Error::Away,
        _ if code.starts_with("53") => Error::Busy,
        _ => Error::Broken,
    }
}

/// SQLite, "Result and Error Codes": the low byte is the primary code.
fn of_sqlite(code: &str) -> fn(String) -> Error {
    let code = code.parse::<u32>().unwrap_or_default();
    match code & 0xFF {
        5 | 6 => Error::Busy,
        // as 23503 above
        _ if code == 787 => Error::Busy,
        // a disk that answers with errors, a folder that is not there or not ours
        10 | 14 => Error::Away,
        13 => Error::Full,
        _ => Error::Broken,
    }
}

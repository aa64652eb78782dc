//! One file a command: its arguments, and what it prints.

pub mod import;

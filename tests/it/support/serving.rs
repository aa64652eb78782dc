//! `uttor serve` as a process.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program in `folder`, with nothing in its environment that could change what it does.
pub fn uttor(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_uttor"));
    command.current_dir(folder).env_clear().env("LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The running program and the address that it printed.
pub fn started(command: &mut Command) -> (Child, String) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address =
        line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/')).map(str::to_owned);
    (child, address.unwrap_or_else(|| panic!("not an address: {line:?}")))
}

/// Sends it `-TERM`, `-INT`, …
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

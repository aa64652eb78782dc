//! The program, run as a person runs it.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

/// `uttor` in an empty working folder, without the settings of whoever runs the tests.
pub fn uttor() -> Command {
    let mut command = Command::cargo_bin("uttor").unwrap();
    command.env_clear().current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

/// `uttor --faq DIR COMMAND`.
pub fn uttor_with(faq: &Path, command: &str) -> Command {
    let mut program = uttor();
    program.arg("--faq").arg(faq).arg(command);
    program
}

/// What it printed as its result.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("results are UTF-8")
}

/// What it logged or complained of.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

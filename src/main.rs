//! The `uttor` program: arguments, then the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    uttor::cli::main()
}

//! The `uttor` program: arguments, then the library.

use std::process::ExitCode;

/// Learning takes many times what it gives, in pieces; the system's allocator kept half of that.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    uttor::cli::main()
}

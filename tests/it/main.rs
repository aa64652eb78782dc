//! The one test binary.

mod mask;

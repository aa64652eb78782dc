//! Text as people type it, made comparable.

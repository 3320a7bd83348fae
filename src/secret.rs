//! Text that must not leak: it prints as `[redacted]`, and what the crate itself holds is wiped.

use std::fmt;
use zeroize::Zeroizing;

/// A secret: borrowed from the caller, or owned and wiped when dropped.
#[derive(Clone)]
pub enum Secret<'a> {
    /// The caller's text; wiping it is the caller's business.
    Borrowed(&'a str),
    /// Our own copy, wiped on drop.
    Owned(Zeroizing<String>),
}

impl Secret<'_> {
    /// The secret itself. Never print it.
    pub fn expose(&self) -> &str {
        match self {
            Secret::Borrowed(text) => text,
            Secret::Owned(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Secret::Borrowed(text)
    }
}

impl From<String> for Secret<'_> {
    fn from(text: String) -> Self {
        Secret::Owned(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        for secret in [Secret::from("canary"), Secret::from("canary".to_owned())] {
            assert_eq!(secret.expose(), "canary");
            assert_eq!(format!("{secret:?}"), "[redacted]");
        }
    }
}

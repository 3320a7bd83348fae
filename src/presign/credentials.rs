//! Who signs.

use crate::error::Error;
use crate::secret::Secret;
use std::borrow::Cow;
use std::env;

/// An access key, with a security token when it is a temporary one (STS).
#[derive(Clone, Debug)]
pub struct Credentials<'a> {
    pub(super) access_key_id: Cow<'a, str>,
    pub(super) access_key_secret: Secret<'a>,
    pub(super) security_token: Option<Secret<'a>>,
}

impl<'a> Credentials<'a> {
    /// A long-lived access key.
    pub fn new(access_key_id: &'a str, access_key_secret: impl Into<Secret<'a>>) -> Self {
        Self {
            access_key_id: Cow::Borrowed(access_key_id),
            access_key_secret: access_key_secret.into(),
            security_token: None,
        }
    }

    /// Adds the security token of a temporary access key. An empty one means there is none.
    pub fn security_token(mut self, token: impl Into<Secret<'a>>) -> Self {
        self.security_token = Some(token.into()).filter(|token| !token.expose().is_empty());
        self
    }

    /// Reads `OSS_ACCESS_KEY_ID`, `OSS_ACCESS_KEY_SECRET` and, if set, `OSS_SESSION_TOKEN`.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) naming the variable that is unset,
    /// empty or not UTF-8.
    pub fn from_env() -> Result<Credentials<'static>, Error> {
        Self::from_lookup(|name| env::var_os(name))
    }

    fn from_lookup(
        lookup: impl Fn(&str) -> Option<std::ffi::OsString>,
    ) -> Result<Credentials<'static>, Error> {
        let read = |name: &'static str| match lookup(name).map(std::ffi::OsString::into_string) {
            None => Ok(String::new()),
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) => Err(Error::invalid(name, "the environment variable is not UTF-8")),
        };
        let required = |name| {
            let value = read(name)?;
            if value.is_empty() {
                let rule =
                    "the environment variable is unset or empty, and no credentials were given";
                return Err(Error::invalid(name, rule));
            }
            Ok(value)
        };
        let credentials = Credentials {
            access_key_id: Cow::Owned(required("OSS_ACCESS_KEY_ID")?),
            access_key_secret: required("OSS_ACCESS_KEY_SECRET")?.into(),
            security_token: None,
        };
        Ok(credentials.security_token(read("OSS_SESSION_TOKEN")?))
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if self.access_key_id.is_empty() {
            return Err(Error::invalid("access_key_id", "must not be empty"));
        }
        if self.access_key_secret.expose().is_empty() {
            return Err(Error::invalid("access_key_secret", "must not be empty"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Credentials<'static>, Error> {
        Credentials::from_lookup(|name| {
            vars.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_environment_gives_id_secret_and_token() {
        let vars = [
            ("OSS_ACCESS_KEY_ID", "id"),
            ("OSS_ACCESS_KEY_SECRET", "secret"),
            ("OSS_SESSION_TOKEN", "token"),
        ];
        let full = from(&vars).unwrap();
        assert_eq!(full.access_key_id, "id");
        assert_eq!(full.access_key_secret.expose(), "secret");
        assert_eq!(full.security_token.unwrap().expose(), "token");
        assert!(from(&vars[..2]).unwrap().security_token.is_none());
        let empty_token = [vars[0], vars[1], ("OSS_SESSION_TOKEN", "")];
        assert!(from(&empty_token).unwrap().security_token.is_none());
    }

    #[test]
    fn what_the_environment_lacks_is_named() {
        for (vars, name) in [
            (vec![], "OSS_ACCESS_KEY_ID"),
            (vec![("OSS_ACCESS_KEY_ID", "id")], "OSS_ACCESS_KEY_SECRET"),
            (vec![("OSS_ACCESS_KEY_ID", ""), ("OSS_ACCESS_KEY_SECRET", "s")], "OSS_ACCESS_KEY_ID"),
        ] {
            let message = from(&vars).unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", Credentials::new("id", "canary").security_token("canary"));
        assert!(!shown.contains("canary"), "{shown}");
    }
}

//! An OSS on loopback, for tests.

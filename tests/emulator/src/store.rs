//! Buckets, objects and their versions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderName, HeaderValue};

use crate::error::OssError;
use crate::object::{Content, Object};

/// One version of an object, as it is served.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) content: Content,
    pub(crate) etag: String,
    pub(crate) crc64: u64,
    pub(crate) md5: Option<[u8; 16]>,
    pub(crate) last_modified: i64,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Version {
    fn new(id: String, object: Object, now: i64) -> Self {
        let md5 = object.content.md5();
        let crc64 = object.content.crc64();
        // The ETag of a multipart upload: no MD5, and it ends with the number of parts.
        let etag = md5.map_or_else(|| format!("\"{crc64:032X}-1\""), |md5| quoted_upper_hex(&md5));
        Self {
            id,
            etag,
            crc64,
            md5,
            last_modified: now,
            headers: object.headers,
            content: object.content,
        }
    }

    /// OSS's name for how the object came to be.
    pub(crate) fn object_type(&self) -> &'static str {
        if self.md5.is_some() { "Normal" } else { "Multipart" }
    }
}

fn quoted_upper_hex(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode_upper(bytes))
}

#[derive(Debug, Default)]
struct Bucket {
    /// Whether anybody may read it.
    public: bool,
    /// Oldest version first. `None` marks a deletion.
    objects: HashMap<String, Vec<Option<Arc<Version>>>>,
}

#[derive(Debug, Default)]
struct State {
    buckets: HashMap<String, Bucket>,
    puts: u64,
}

/// Everything put so far. Versioning is always on.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<State>);

impl Store {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn create_bucket(&self, bucket: &str) {
        self.state().buckets.entry(bucket.to_owned()).or_default();
    }

    pub(crate) fn publish(&self, bucket: &str) {
        self.state().buckets.entry(bucket.to_owned()).or_default().public = true;
    }

    pub(crate) fn is_public(&self, bucket: &str) -> bool {
        self.state().buckets.get(bucket).is_some_and(|bucket| bucket.public)
    }

    pub(crate) fn check_bucket(&self, bucket: &str) -> Result<(), OssError> {
        let exists = self.state().buckets.contains_key(bucket);
        exists.then_some(()).ok_or_else(|| OssError::no_such_bucket(bucket))
    }

    pub(crate) fn put(&self, bucket: &str, key: &str, object: Object, now: i64) -> Arc<Version> {
        let mut state = self.state();
        state.puts += 1;
        let id = format!("CAEQ{:028X}", state.puts);
        let version = Arc::new(Version::new(id, object, now));
        let objects = &mut state.buckets.entry(bucket.to_owned()).or_default().objects;
        objects.entry(key.to_owned()).or_default().push(Some(Arc::clone(&version)));
        version
    }

    /// The version asked for, or the newest.
    pub(crate) fn get(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
    ) -> Result<Arc<Version>, OssError> {
        let state = self.state();
        let bucket = state.buckets.get(bucket).ok_or_else(|| OssError::no_such_bucket(bucket))?;
        let versions = bucket.objects.get(key).map_or(&[][..], Vec::as_slice);
        match version_id {
            Some(id) => {
                let found = versions.iter().flatten().find(|version| version.id == id);
                found.cloned().ok_or_else(|| OssError::no_such_version(key, id))
            }
            None => {
                let newest = versions.last().cloned().flatten();
                newest.ok_or_else(|| OssError::no_such_key(key))
            }
        }
    }

    /// Removes one version for good, or marks the object as deleted.
    pub(crate) fn delete(&self, bucket: &str, key: &str, version_id: Option<&str>) {
        let mut state = self.state();
        let Some(bucket) = state.buckets.get_mut(bucket) else { return };
        let Some(versions) = bucket.objects.get_mut(key) else { return };
        match version_id {
            Some(id) => versions.retain(|version| version.as_ref().is_none_or(|v| v.id != id)),
            None => versions.push(None),
        }
    }
}

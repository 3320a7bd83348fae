//! OSS presigned URLs.

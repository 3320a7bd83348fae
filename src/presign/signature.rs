//! The three hashes of OSS V4: string to sign, signing key, signature.

use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha2::digest::Output;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The algorithm, as V4 names it.
pub(super) const ALGORITHM: &str = "OSS4-HMAC-SHA256";
const TERMINATOR: &str = "aliyun_v4_request";
const BLOCK: usize = 64;

/// What a signing key is good for: one day, one region, one product.
pub(super) struct Scope<'a> {
    pub(super) day: &'a str,
    pub(super) region: &'a str,
    pub(super) product: &'a str,
}

impl<'a> Scope<'a> {
    fn parts(&self) -> [&'a str; 4] {
        [self.day, self.region, self.product, TERMINATOR]
    }

    /// Appends `day/region/product/aliyun_v4_request`, with `separator` for the slash.
    #[inline]
    pub(super) fn push(&self, out: &mut String, separator: &str) {
        out.push_str(self.day);
        out.push_str(separator);
        out.push_str(self.region);
        out.push_str(separator);
        out.push_str(self.product);
        out.push_str(separator);
        out.push_str(TERMINATOR);
    }
}

/// Writes algorithm, time, scope and the hash of the canonical request, a line each.
pub(super) fn string_to_sign(time: &str, scope: &Scope<'_>, canonical_request: &str) -> String {
    let mut out = String::with_capacity(192);
    out.push_str(ALGORITHM);
    out.push('\n');
    out.push_str(time);
    out.push('\n');
    scope.push(&mut out, "/");
    out.push('\n');
    out.push_str(Hex::new(&Sha256::digest(canonical_request).into()).as_str());
    out
}

/// Derives the key of a scope: an HMAC chain that starts from `aliyun_v4` + secret.
pub(super) fn signing_key(secret: &str, scope: &Scope<'_>) -> Zeroizing<[u8; BLOCK]> {
    let mut key = first_key(secret);
    for part in scope.parts() {
        let next = hmac(&key, part);
        key[..next.len()].copy_from_slice(&next);
        key[next.len()..].fill(0);
    }
    key
}

/// Signs.
pub(super) fn signature(key: &[u8; BLOCK], string_to_sign: &str) -> Hex {
    Hex::new(&hmac(key, string_to_sign))
}

/// `aliyun_v4` + secret as HMAC takes a key (RFC 2104): padded with zeros to one block, hashed first
/// if it is longer.
fn first_key(secret: &str) -> Zeroizing<[u8; BLOCK]> {
    const PREFIX: &str = "aliyun_v4";
    let mut key = Zeroizing::new([0; BLOCK]);
    let end = PREFIX.len() + secret.len();
    if end <= BLOCK {
        key[..PREFIX.len()].copy_from_slice(PREFIX.as_bytes());
        key[PREFIX.len()..end].copy_from_slice(secret.as_bytes());
    } else {
        let hash = Sha256::new_with_prefix(PREFIX).chain_update(secret).finalize();
        key[..32].copy_from_slice(&hash);
    }
    key
}

/// HMAC-SHA-256, over hmac's block interface: the usual one moves and copies its state, which costs a
/// tenth of the whole signature.
fn hmac(key: &[u8; BLOCK], message: &str) -> [u8; 32] {
    let mut core = HmacCore::<Sha256>::new(key.into());
    let mut buffer = Buffer::<HmacCore<Sha256>>::default();
    buffer.digest_blocks(message.as_bytes(), |blocks| core.update_blocks(blocks));
    let mut mac = Output::<Sha256>::default();
    core.finalize_fixed_core(&mut buffer, &mut mac);
    mac.into()
}

/// A SHA-256 hash in lower-case hex.
pub(super) struct Hex([u8; 64]);

impl Hex {
    fn new(hash: &[u8; 32]) -> Self {
        let mut text = [b'0'; 64];
        // The length is right by type, so this cannot fail.
        let _ = hex::encode_to_slice(hash, &mut text);
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPE: Scope<'_> = Scope { day: "20231216", region: "cn-hangzhou", product: "oss" };

    /// Values computed with Python's hmac and hashlib.
    #[test]
    fn each_step_gives_the_known_value() {
        let text = string_to_sign("20231216T162057Z", &SCOPE, "GET\n/b/k\n\n\n\nUNSIGNED-PAYLOAD");
        assert_eq!(
            text,
            "OSS4-HMAC-SHA256\n20231216T162057Z\n20231216/cn-hangzhou/oss/aliyun_v4_request\n\
             3aad8408937cd4eab64926e758c857b4e9a539c0d9cf3e6c86c3363c722ec3ff"
        );
        let key = signing_key("secret", &SCOPE);
        assert_eq!(
            hex::encode(&key[..32]),
            "be1d501d517934a689af94be3254011f9ee3bd7e7cb12f3ae9cd1bd118cf0248"
        );
        assert_eq!(key[32..], [0; 32]);
        assert_eq!(
            signature(&key, &text).as_str(),
            "f69de19f209e3a89998269f4e566e3e4a587b81d505fb56d248f6e56a53bc89a"
        );
    }

    /// A block is 64 bytes: 55 bytes of secret fill it, 56 need hashing.
    #[test]
    fn long_secrets_are_hashed_first() {
        for (length, expected) in [
            (55, "cf4f5caa13ee09abbd10c1d5a77b2d08eb939db30f0a14ab347a9d2c077fe7ce"),
            (56, "f5d799dbb7d57ded62ecce2d4cccf2f42c3e33570ee013cdbf99e16dacdf6824"),
            (200, "42383525ee0a729d425bf13e9df502cc9c83362579e8804a2a8654f14445eb58"),
        ] {
            let key = signing_key(&"s".repeat(length), &SCOPE);
            assert_eq!(hex::encode(&key[..32]), expected, "{length}");
        }
    }
}

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

use crate::rules::RULES;

const BASE64_KEY_PREFIX: &str = "whsec_";

/// Why a webhook delivery must not be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The timestamp is missing, or more than five minutes off.
    #[error("the time stamp is missing or too far off")]
    Timestamp,
    /// None of the signatures matches this delivery and the secret.
    #[error("the signature does not match")]
    Mismatch,
    /// The secret is empty, or is not base64 although its prefix says so.
    #[error("the secret holds no key")]
    NoKey,
}

/// Checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off.
///
/// `headers` are what your HTTP server provides, such as a `&HeaderMap` of the crate `http`, or any pairs of texts, in
/// any letter case. `body` must be exactly the bytes received. Remember `webhook-id` to recognise repeats.
///
/// # Errors
///
/// Any [`SignatureError`] means that the delivery must not be trusted.
pub fn verify_webhook<K, V>(
    secret: &str,
    headers: impl IntoIterator<Item = (K, V)>,
    body: &[u8],
) -> Result<(), SignatureError>
where
    K: AsRef<str>,
    V: AsRef<[u8]>,
{
    verify_webhook_at(secret, headers, body, SystemTime::now())
}

/// The same for a given time instead of now, for tests and for stored deliveries.
///
/// # Errors
///
/// Any [`SignatureError`] means that the delivery must not be trusted.
pub fn verify_webhook_at<K, V>(
    secret: &str,
    headers: impl IntoIterator<Item = (K, V)>,
    body: &[u8],
    now: SystemTime,
) -> Result<(), SignatureError>
where
    K: AsRef<str>,
    V: AsRef<[u8]>,
{
    let signed = Signed::from_headers(headers);
    if !signed.is_recent(now) {
        return Err(SignatureError::Timestamp);
    }
    let mut mac = mac_with(secret)?;
    for part in [signed.id.as_slice(), b".", &signed.timestamp, b".", body] {
        mac.update(part);
    }
    // Compares in constant time.
    let is_good = |signature: Vec<u8>| mac.clone().verify_slice(&signature).is_ok();
    if signed.signatures().any(is_good) { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// The values of the headers. Empty where a header is missing.
#[derive(Default)]
struct Signed {
    id: Vec<u8>,
    timestamp: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    fn from_headers<K: AsRef<str>, V: AsRef<[u8]>>(headers: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut signed = Self::default();
        for (name, value) in headers {
            let slot = match name.as_ref().to_ascii_lowercase().as_str() {
                "webhook-id" => &mut signed.id,
                "webhook-timestamp" => &mut signed.timestamp,
                "webhook-signature" => &mut signed.signature,
                _ => continue,
            };
            value.as_ref().clone_into(slot);
        }
        signed
    }

    fn is_recent(&self, now: SystemTime) -> bool {
        let is_number = !self.timestamp.is_empty() && self.timestamp.iter().all(u8::is_ascii_digit);
        let seconds = std::str::from_utf8(&self.timestamp).ok().and_then(|text| text.parse().ok());
        let at = seconds
            .filter(|_| is_number)
            .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        let distance = |at: SystemTime| now.duration_since(at).unwrap_or_else(|error| error.duration());
        at.is_some_and(|at| distance(at) <= Duration::from_secs(RULES.webhook_tolerance_seconds))
    }

    fn signatures(&self) -> impl Iterator<Item = Vec<u8>> {
        self.signature
            .split(|byte| *byte == b' ')
            .filter_map(|entry| entry.strip_prefix(b"v1,"))
            .filter_map(|base64| BASE64.decode(base64).ok())
    }
}

fn mac_with(secret: &str) -> Result<Hmac<Sha256>, SignatureError> {
    let key = match secret.strip_prefix(BASE64_KEY_PREFIX) {
        Some(base64) => BASE64.decode(base64).map_err(|_| SignatureError::NoKey)?,
        None => secret.as_bytes().to_owned(),
    };
    if key.is_empty() {
        return Err(SignatureError::NoKey);
    }
    Hmac::new_from_slice(&key).map_err(|_| SignatureError::NoKey)
}

//! The four JSON frames go in, their signature comes out.
//! Knows nothing of JSON: it signs bytes.

use hmac::{Hmac, Mac};
use sha2::Sha256;

type HmacSha256 = Hmac<Sha256>;

/// Signs with HMAC-SHA256, or not at all when the key is empty.
pub(super) struct Signer {
    keyed: Option<HmacSha256>,
}

impl Signer {
    pub(super) fn new(key: &str) -> Signer {
        let keyed = (!key.is_empty())
            .then(|| HmacSha256::new_from_slice(key.as_bytes()).ok())
            .flatten();
        Signer { keyed }
    }

    /// The signature of these frames in hexadecimal, empty for an empty key.
    pub(super) fn sign<'frame>(&self, frames: impl Iterator<Item = &'frame [u8]>) -> Vec<u8> {
        let Some(mac) = self.digest(frames) else {
            return Vec::new();
        };
        let mut hex = Vec::with_capacity(64);
        for byte in mac.finalize().into_bytes() {
            hex.push(HEX[usize::from(byte >> 4)]);
            hex.push(HEX[usize::from(byte & 15)]);
        }
        hex
    }

    /// Whether `signature` is that of these frames. Takes the same time wherever they differ.
    pub(super) fn verify<'frame>(
        &self,
        frames: impl Iterator<Item = &'frame [u8]>,
        signature: &[u8],
    ) -> bool {
        let Some(mac) = self.digest(frames) else {
            return true;
        };
        match bytes_of_hex(signature) {
            Some(expected) => mac.verify_slice(&expected).is_ok(),
            None => false,
        }
    }

    fn digest<'frame>(&self, frames: impl Iterator<Item = &'frame [u8]>) -> Option<HmacSha256> {
        let mut mac = self.keyed.clone()?;
        frames.for_each(|frame| mac.update(frame));
        Some(mac)
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn bytes_of_hex(hex: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| HEX.iter().position(|known| *known == byte);
    if !hex.len().is_multiple_of(2) {
        return None;
    }
    hex.chunks_exact(2)
        .map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMES: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];

    #[test]
    fn matches_the_test_vector_of_rfc_4231() {
        let signature = Signer::new("Jefe").sign(FRAMES.into_iter());
        assert_eq!(
            String::from_utf8(signature).unwrap(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn refuses_what_is_no_signature() {
        let signer = Signer::new("Jefe");
        let good = signer.sign(FRAMES.into_iter());
        assert!(signer.verify(FRAMES.into_iter(), &good));
        for bad in [&b""[..], b"5", b"zz", &good[..62], b"\xff\xfe"] {
            assert!(!signer.verify(FRAMES.into_iter(), bad));
        }
    }

    #[test]
    fn an_empty_key_signs_nothing() {
        let signer = Signer::new("");
        assert!(signer.sign(FRAMES.into_iter()).is_empty());
        assert!(signer.verify(FRAMES.into_iter(), b"anything"));
    }
}

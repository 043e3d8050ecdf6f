//! The proof by which the sign-in service knows that a session is renewed by who logged in: a signature over the
//! address that is asked, by a key that only they have (RFC 9449).

use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Signs each request of a client.
pub(super) struct LoginProof(EcdsaKeyPair);

impl LoginProof {
    /// The key in a PEM text.
    pub(super) fn of_pem(pem: &str) -> Option<Self> {
        let lines = pem.lines().filter(|line| !line.starts_with("-----"));
        let text: String = lines.flat_map(str::split_whitespace).collect();
        let der = STANDARD.decode(text).ok()?;
        EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).ok().map(Self)
    }

    /// The header's value for a POST to an address at a moment.
    fn token(&self, address: &str, id: [u8; 16], now: Timestamp) -> Option<String> {
        // A byte that says that it is not compressed, then both coordinates.
        let (x, y) = self.0.public_key().as_ref().get(1..)?.split_at_checked(32)?;
        let key = json!({
            "kty": "EC", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y), "crv": "P-256",
        });
        let head = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key});
        let id = format!("{:032x}", u128::from_be_bytes(id));
        let claims = json!({"jti": id, "htm": "POST", "htu": address, "iat": now.as_second()});
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encoded(&head), encoded(&claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl std::fmt::Debug for LoginProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginProof(..)")
    }
}

#[dyn_dispatch_hint]
impl Intercept for LoginProof {
    fn name(&self) -> &'static str {
        "clustersnap::LoginProof"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_no_chance| "there are no random numbers")?;
        let request = context.request_mut();
        let token = self.token(request.uri(), id, Timestamp::now());
        let token = token.ok_or("the request cannot be signed with the key of the login")?;
        request.headers_mut().insert("dpop", token);
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    /// A key made for this test, as `aws login` keeps one.
    const PEM: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBMB/RwQERsVoqWRQG4zK8CnaAa5dfrpbm+9tFdBh3z4oAoGCCqGSM49\n\
                       AwEHoUQDQgAEWb1VLi1EA2hJaTz4yYuxSELvY+1GAfL+8rUTCAdiFid87Bf6GY+s\n\
                       2+1RpqDv0RpZiDIMCrZrsAh+RK9S3QCaGA==\n-----END EC PRIVATE KEY-----\n";

    #[test]
    fn a_proof_names_the_address_and_is_signed_with_the_key() {
        let proof = LoginProof::of_pem(PEM).unwrap();
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let token = proof.token("https://h.example/v1/token", [1; 16], now).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let parts: Vec<Value> = signed
            .split('.')
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        let key = json!({"kty": "EC", "crv": "P-256", "x": "Wb1VLi1EA2hJaTz4yYuxSELvY-1GAfL-8rUTCAdiFic",
                         "y": "fOwX-hmPrNvtUaag79EaWYgyDAq2a7AIfkSvUt0Amhg"});
        assert_eq!(parts.first(), Some(&json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key})));
        let claims = json!({"jti": "01".repeat(16), "htm": "POST", "htu": "https://h.example/v1/token",
                            "iat": 1_795_000_000});
        assert_eq!(parts.get(1), Some(&claims));
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, proof.0.public_key().as_ref().to_vec());
        public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    }

    #[test]
    fn what_is_no_key_of_p_256_is_none() {
        for text in ["", "x", "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----"] {
            assert!(LoginProof::of_pem(text).is_none(), "{text}");
        }
    }
}

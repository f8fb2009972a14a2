//! The client of an S3-compatible store: by its address, the usual variables of the environment, and the usual file with
//! credentials.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey as ConfigKey, AwsCredential};
use object_store::{BackoffConfig, ClientConfigKey, CredentialProvider, RetryConfig};

use super::StoreError;

/// What one request may take. A reader's question has to be answered before the reader is told that all is busy.
const REQUEST: &str = "20s";
/// A request is tried so many times more.
const RETRIES: usize = 6;
/// After this it is not tried again.
const PATIENCE: Duration = Duration::from_secs(8);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Credentials that are there come before those of a file. Those of the machine (EC2) are not asked for: elsewhere
/// nobody answers, and that takes long.
const GIVEN: [ConfigKey; 4] = [
    ConfigKey::AccessKeyId,
    ConfigKey::WebIdentityTokenFile,
    ConfigKey::ContainerCredentialsRelativeUri,
    ConfigKey::ContainerCredentialsFullUri,
];

/// What an address may say: everything but a secret, which everybody would see on the command line.
fn option(name: &str) -> Option<ConfigKey> {
    Some(match name {
        "endpoint" => ConfigKey::S3Endpoint,
        "region" => ConfigKey::Region,
        "virtual_hosted_style_request" => ConfigKey::VirtualHostedStyleRequest,
        "timeout" => ConfigKey::Client(ClientConfigKey::Timeout),
        "connect_timeout" => ConfigKey::Client(ClientConfigKey::ConnectTimeout),
        _ => return None,
    })
}

pub fn client(bucket: &str, options: &[(String, String)]) -> Result<AmazonS3, StoreError> {
    // The library leaves the choice to the program. An error says that it has been made.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder =
        AmazonS3Builder::new().with_config(ConfigKey::Client(ClientConfigKey::Timeout), REQUEST);
    // As the library does it, which begins with limits of its own.
    for (name, value) in std::env::vars_os() {
        let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) else { continue };
        if let Some(Ok(key)) = name.starts_with("AWS_").then(|| name.to_ascii_lowercase().parse()) {
            builder = builder.with_config(key, value);
        }
    }
    builder = builder.with_bucket_name(bucket);
    let (mut file, mut profile, mut retries) = (None, std::env::var("AWS_PROFILE").ok(), RETRIES);
    for (name, value) in options {
        match name.as_str() {
            "credentials" => file = Some(PathBuf::from(value)),
            "profile" => profile = Some(value.clone()),
            "retries" => retries = value.parse().map_err(|_| StoreError::BlobsAddress)?,
            name => builder = builder.with_config(option(name).ok_or(StoreError::BlobsAddress)?, value),
        }
    }
    let has = |key: &ConfigKey| builder.get_config_value(key).is_some_and(|value| !value.is_empty());
    if file.is_some() || !GIVEN.iter().any(has) {
        let path = file.or_else(usual_file).ok_or(StoreError::Credentials)?;
        let credentials = Credentials { path, profile: profile.unwrap_or_else(|| "default".to_owned()) };
        // What is wrong with the file is said before anything begins.
        credentials.read()?;
        builder = builder.with_credentials(Arc::new(credentials));
    }
    let endpoint =
        [ConfigKey::S3Endpoint, ConfigKey::Endpoint].iter().find_map(|key| builder.get_config_value(key));
    let plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
    let backoff = BackoffConfig { max_backoff: LONGEST_PAUSE, ..BackoffConfig::default() };
    let retry = RetryConfig { backoff, max_retries: retries, retry_timeout: PATIENCE };
    Ok(builder.with_allow_http(plain).with_retry(retry).build()?)
}

fn usual_file() -> Option<PathBuf> {
    let named = std::env::var_os("AWS_SHARED_CREDENTIALS_FILE").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".aws/credentials")))
}

/// Read anew for each request: keys can be changed while a server runs.
#[derive(Debug)]
struct Credentials {
    path: PathBuf,
    profile: String,
}

impl Credentials {
    fn read(&self) -> Result<AwsCredential, StoreError> {
        let text = std::fs::read_to_string(&self.path).map_err(|_| StoreError::Credentials)?;
        parse(&text, &self.profile).ok_or(StoreError::Credentials)
    }
}

#[async_trait::async_trait]
impl CredentialProvider for Credentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let read = self.read();
        read.map(Arc::new)
            .map_err(|error| object_store::Error::Generic { store: "credentials", source: Box::new(error) })
    }
}

/// One profile of a file as the AWS tools have it.
fn parse(text: &str, profile: &str) -> Option<AwsCredential> {
    let (mut here, mut key_id, mut secret_key, mut token) = (false, None, None, None);
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            here = name.trim() == profile;
        } else if let Some((name, value)) = line.split_once('=').filter(|_| here) {
            let value = Some(value.trim().to_owned());
            match name.trim() {
                "aws_access_key_id" => key_id = value,
                "aws_secret_access_key" => secret_key = value,
                "aws_session_token" => token = value,
                _ => {}
            }
        }
    }
    Some(AwsCredential { key_id: key_id?, secret_key: secret_key?, token })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# of the court\n[default]\naws_access_key_id = A\naws_secret_access_key=s3cret=\n\
        [backup]\naws_access_key_id=B\naws_secret_access_key=t\naws_session_token = u\n[half]\naws_access_key_id=C\n";

    #[test]
    fn profiles_are_told_apart() {
        let read = |profile| parse(FILE, profile).map(|found| (found.key_id, found.secret_key, found.token));
        assert_eq!(read("default"), Some(("A".into(), "s3cret=".into(), None)));
        assert_eq!(read("backup"), Some(("B".into(), "t".into(), Some("u".into()))));
        assert_eq!(read("half"), None);
        assert_eq!(read("another"), None);
    }

    #[test]
    fn a_secret_is_in_no_address_and_in_no_log() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials");
        std::fs::write(&file, FILE).unwrap();
        let options = |name: &str, value: &str| {
            let file = ("credentials".to_owned(), file.to_str().unwrap().to_owned());
            [file, (name.to_owned(), value.to_owned())]
        };
        let made = client("court", &options("endpoint", "http://127.0.0.1:1")).unwrap();
        assert!(!format!("{made:?}").contains("s3cret"));
        for name in ["secret_access_key", "access_key_id", "token", "nothing"] {
            let refused = client("court", &options(name, "s3cret"));
            assert!(matches!(refused, Err(StoreError::BlobsAddress)), "{name}");
        }
        let nobody = client("court", &options("profile", "nobody"));
        assert!(matches!(nobody, Err(StoreError::Credentials)));
    }
}

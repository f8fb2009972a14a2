//! An S3-compatible store for tests: one server for all tests of this process, a new bucket for each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use axum::error_handling::HandleError;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use evolume_server::store::BlobsUrl;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;

pub const KEY: (&str, &str) = ("evolume", "not-for-the-log");

/// One test's bucket, under a prefix, as a second court would have it.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub name: String,
    pub endpoint: String,
    /// More options of the client, each behind a `&`.
    pub options: String,
    /// Where the server keeps it.
    pub folder: PathBuf,
    /// The file with the credentials.
    pub credentials: PathBuf,
}

struct Server {
    endpoint: String,
    folder: PathBuf,
    credentials: PathBuf,
}

impl Bucket {
    pub fn new() -> Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = SERVER.get_or_init(Server::start);
        let name = format!("court-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        std::fs::create_dir(server.folder.join(&name)).unwrap();
        Self {
            endpoint: server.endpoint.clone(),
            options: String::new(),
            folder: server.folder.join(&name),
            credentials: server.credentials.clone(),
            name,
        }
    }

    pub fn url(&self) -> BlobsUrl {
        let Self { name, endpoint, options, .. } = self;
        let credentials = self.credentials.display();
        format!("s3://{name}/files?endpoint={endpoint}&credentials={credentials}{options}").into()
    }

    /// How often the server was asked for a blob's bytes.
    pub fn reads(&self, sha256: &str) -> u32 {
        let path = format!("/{}/files/{}/{}", self.name, &sha256[..2], &sha256[2..]);
        READS.lock().unwrap().get(&path).copied().unwrap_or_default()
    }

    /// Where the server keeps a blob.
    pub fn blob_path(&self, sha256: &str) -> PathBuf {
        self.folder.join("files").join(&sha256[..2]).join(&sha256[2..])
    }
}

static READS: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());

async fn count(request: Request, next: Next) -> Response {
    if request.method() == Method::GET {
        *READS.lock().unwrap().entry(request.uri().path().to_owned()).or_default() += 1;
    }
    next.run(request).await
}

impl Server {
    fn start() -> Self {
        let here = folder_of_this_process();
        let folder = here.join("buckets");
        std::fs::create_dir_all(&folder).unwrap();
        let credentials = here.join("credentials");
        let (id, secret) = KEY;
        let file = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        std::fs::write(&credentials, file).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let buckets = folder.clone();
        // Its own runtime: that of the test which comes first ends with it.
        std::thread::spawn(move || serve(listener, &buckets));
        Self { endpoint, folder, credentials }
    }
}

/// Nothing is told of its end: the next one removes what it leaves.
fn folder_of_this_process() -> PathBuf {
    let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("s3");
    std::fs::create_dir_all(&all).unwrap();
    for left in std::fs::read_dir(&all).unwrap().flatten() {
        if !Path::new("/proc").join(left.file_name()).exists() {
            // Another one may be at it too.
            let _ = std::fs::remove_dir_all(left.path());
        }
    }
    all.join(std::process::id().to_string())
}

#[tokio::main(worker_threads = 2)]
async fn serve(listener: std::net::TcpListener, folder: &Path) {
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
    let service = HandleError::new(service.build(), async |_| StatusCode::INTERNAL_SERVER_ERROR);
    let router = axum::Router::new().fallback_service(service).layer(axum::middleware::from_fn(count));
    axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
}

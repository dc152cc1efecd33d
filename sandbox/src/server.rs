//! The server, a thread of its own on 127.0.0.1: Esplora below `/esplora/`, AMP below `/api/`, and the control of the sandbox
//! itself below `/sandbox/`.
//!
//! Requests are answered one after the other, each by a plain function over one state ([`World`]). The [`Faults`] act between
//! the socket and that function. A request that has arrived is carried out even if its client has disconnected, as real
//! servers do; a client must expect that.

mod control;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use crate::amp::Amp;
use crate::chain::Chain;
use crate::esplora;
use crate::exchange::{Answer, Question};
use crate::faults::{Edit, Fault, Faults, Then, Ticket, When};
use crate::ledger::Ledger;

/// Bytes that a request's body may have.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// The issuer's user name at the sandbox's AMP. It and the password are public: they protect nothing of value.
pub const USERNAME: &str = "issuer";
/// The password of [`USERNAME`].
pub const PASSWORD: &str = "sandbox";

/// An error page of a proxy, where the client expects JSON.
const ERROR_PAGE: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// How a sandbox starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The time between two blocks. Without it, a block is made only on request.
    pub mine_every: Option<Duration>,
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, or the system does not give it.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// The system's error.
        source: io::Error,
    },
    /// The system gives no thread, or no event loop.
    #[error("cannot start the sandbox's thread: {source}")]
    Thread {
        /// The system's error.
        source: io::Error,
    },
}

/// A running sandbox. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    faults: Faults,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The state that requests read and change.
struct World {
    chain: Chain,
    /// The chain that AMP sees, if it is not the sandbox's own. Esplora is then not served.
    foreign: Option<Box<dyn Ledger + Send>>,
    amp: Amp,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("tip", &self.chain.tip()).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts one with a new chain, and an AMP without assets.
    ///
    /// # Errors
    /// When the system does not give the port or the thread.
    pub fn start(settings: Settings) -> Result<Self, SandboxError> {
        Self::run(None, settings)
    }

    /// Serves AMP alone, over another chain: a real node's. AMP has no assets yet; [`Sandbox::with`] adds them.
    ///
    /// # Errors
    /// As [`Sandbox::start`].
    pub fn amp_over(ledger: Box<dyn Ledger + Send>, port: u16) -> Result<Self, SandboxError> {
        Self::run(Some(ledger), Settings { port, mine_every: None })
    }

    fn run(foreign: Option<Box<dyn Ledger + Send>>, settings: Settings) -> Result<Self, SandboxError> {
        let port = settings.port;
        let listen = |source| SandboxError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let failed = |source| SandboxError::Thread { source };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        // Its request files name the port, which is known only now.
        let amp = Amp::new(&format!("http://{address}/api/{{}}"), USERNAME, PASSWORD);
        let world = Arc::new(Mutex::new(World { chain: Chain::new(), foreign, amp }));
        let faults = Faults::new();
        let (stop, stopped) = oneshot::channel();
        let shared = Shared { world: Arc::clone(&world), faults: faults.clone() };
        let work = move || {
            runtime.block_on(async {
                tokio::spawn(accept(listener, shared.clone()));
                if let Some(pause) = settings.mine_every {
                    tokio::spawn(mine(pause, shared));
                }
                // It was told to stop, or its handle was dropped.
                let _ = stopped.await;
            });
        };
        let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(work).map_err(failed)?;
        Ok(Sandbox { address, world, faults, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where Esplora's API begins, without a slash at the end.
    pub fn esplora_url(&self) -> String {
        format!("{}/esplora", self.url())
    }

    /// Where AMP's API begins, without a slash at the end.
    pub fn amp_url(&self) -> String {
        format!("{}/api", self.url())
    }

    /// Acts on chain and AMP, between two requests. Over another chain ([`Sandbox::amp_over`]) the chain is the sandbox's own,
    /// which no request reads.
    pub fn with<T>(&self, act: impl FnOnce(&mut Chain, &mut Amp) -> T) -> T {
        let mut world = lock(&self.world);
        let World { chain, amp, .. } = &mut *world;
        act(chain, amp)
    }

    /// Waits until the server's thread ends. Nothing tells it to end: this returns only if the thread panicked.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // That it panicked has been printed.
            let _ = thread.join();
        }
    }

    /// The faults, and the log of requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have stopped already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // That it panicked has been printed; a drop can say no more.
            let _ = thread.join();
        }
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What every connection holds.
#[derive(Clone)]
struct Shared {
    world: Arc<Mutex<World>>,
    faults: Faults,
}

/// The connection breaks without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped, as was asked for")]
struct Dropped;

async fn mine(pause: Duration, shared: Shared) {
    loop {
        tokio::time::sleep(pause).await;
        lock(&shared.world).chain.mine(1);
    }
}

async fn accept(listener: TcpListener, shared: Shared) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No file descriptor is free, for instance. One is freed when another connection ends.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| converse(request, shared.clone()));
            // A client may disconnect at any time; that is no error of the server.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn converse(request: Request<Incoming>, shared: Shared) -> Result<Response<Full<Bytes>>, Dropped> {
    if request.method() == Method::OPTIONS {
        return Ok(response(Answer::empty(204)));
    }
    // In a task of its own: a request that has arrived whole is carried out, even if nobody waits for the answer any more.
    let answered = match read(request).await {
        Ok((question, target)) => tokio::spawn(answer(question, target, shared)).await,
        Err(refusal) => return Ok(response(refusal)),
    };
    match answered {
        Ok(Ok(answer)) => Ok(response(answer)),
        Ok(Err(Dropped)) => Err(Dropped),
        Err(_) => Ok(response(Answer::text(500, "the sandbox failed at this; see its standard error"))),
    }
}

/// The request with its whole path, and that path with the query.
async fn read(request: Request<Incoming>) -> Result<(Question, String), Answer> {
    let (head, body) = request.into_parts();
    let header = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let too_long = || Answer::text(413, format!("the body is longer than {MAX_BODY} bytes"));
    // A body that announces its length is refused before it arrives.
    if body.size_hint().lower() > u64::try_from(MAX_BODY).unwrap_or(u64::MAX) {
        return Err(too_long());
    }
    let body = Limited::new(body, MAX_BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { too_long() } else { Answer::text(400, "the body did not arrive") }
    })?;
    let question = Question {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: head.headers.get(AUTHORIZATION).and_then(header),
        body: body.to_bytes().to_vec(),
    };
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    Ok((question, target))
}

async fn answer(question: Question, target: String, shared: Shared) -> Result<Answer, Dropped> {
    if let Some(path) = question.path.strip_prefix("/sandbox/") {
        return Ok(control::answer(&mut lock(&shared.world), &shared.faults, path, &question));
    }
    let ticket = shared.faults.arrive(&question.method, &target);
    let number = ticket.number;
    let answered = carry_out(ticket, question, &shared).await;
    shared.faults.finish(number);
    answered
}

async fn carry_out(ticket: Ticket, question: Question, shared: &Shared) -> Result<Answer, Dropped> {
    let faults = &shared.faults;
    let held_before = ticket.hold == Some(When::Before) || ticket.fault == Some(Fault::Hang);
    if held_before && faults.hold_until_released(ticket.number, When::Before).await == Then::Drop {
        return Err(Dropped);
    }
    match &ticket.fault {
        Some(Fault::Slow { milliseconds }) => tokio::time::sleep(Duration::from_millis(*milliseconds)).await,
        Some(Fault::Status { status, acted: false }) => return Ok(broken(*status)),
        Some(Fault::Answers { status, body }) => return Ok(Answer::text(*status, body.clone())),
        Some(Fault::DropBefore) => return Err(Dropped),
        _ => {}
    }
    let answer = act(&mut lock(&shared.world), question);
    if ticket.hold == Some(When::After)
        && faults.hold_until_released(ticket.number, When::After).await == Then::Drop
    {
        return Err(Dropped);
    }
    match ticket.fault {
        Some(Fault::DropAfter) => Err(Dropped),
        Some(Fault::Status { status, acted: true }) => Ok(broken(status)),
        Some(Fault::NotJson) => {
            Ok(Answer { status: 200, content_type: "text/html", body: ERROR_PAGE.as_bytes().to_vec() })
        }
        Some(Fault::Altered { status, edits }) => Ok(altered(answer, status, &edits, faults)),
        _ => Ok(answer),
    }
}

fn altered(mut answer: Answer, status: Option<u16>, edits: &[Edit], faults: &Faults) -> Answer {
    for edit in edits {
        match edit.apply(&answer.body) {
            Some(body) => answer.body = body,
            None => faults.does_not_fit(edit),
        }
    }
    answer.status = status.unwrap_or(answer.status);
    answer
}

fn act(world: &mut World, mut question: Question) -> Answer {
    if let Some(path) = question.path.strip_prefix("/api/") {
        question.path = path.to_owned();
        let ledger: &mut dyn Ledger = match &mut world.foreign {
            Some(foreign) => foreign.as_mut(),
            None => &mut world.chain,
        };
        return world.amp.answer(ledger, &question);
    }
    match question.path.strip_prefix("/esplora/") {
        Some(path) if world.foreign.is_none() => {
            esplora::answer(&mut world.chain, &question.method, path, &question.body)
        }
        Some(_) => Answer::text(404, "this sandbox serves AMP alone"),
        None => Answer::text(404, "found another path, expected one below /esplora/, /api/ or /sandbox/"),
    }
}

fn broken(status: u16) -> Answer {
    Answer::text(status, "Internal Server Error")
}

/// Any page may read the answers: a page that was opened from a disk has no origin that could be named instead.
fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if (300..400).contains(&answer.status) {
        headers.insert("location", HeaderValue::from_static("/api/info"));
    }
    for (name, value) in [
        ("content-type", answer.content_type),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, POST, PUT, DELETE, OPTIONS"),
        ("access-control-allow-headers", "authorization, content-type"),
        ("access-control-max-age", "600"),
        ("cache-control", "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

//! The server: a thread of its own on 127.0.0.1, Esplora below `/esplora/`, AMP below `/api/`, and what steers the sandbox
//! itself below `/sandbox/`.
//!
//! One request after the other is answered, each by a plain function over one state ([`World`]); between the socket and
//! that function stand the [`Faults`]. A request that has arrived is carried out even if its client is gone, as by any
//! server: that is what a client has to reckon with.

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

/// The issuer whom the sandbox's AMP knows. Both words are public: there is nothing to steal.
pub const USERNAME: &str = "issuer";
/// What [`USERNAME`] logs in with.
pub const PASSWORD: &str = "sandbox";

/// A proxy's words, where JSON was asked for.
const ERROR_PAGE: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// How a sandbox starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// Makes a block every so often. Without it, blocks come when told to.
    pub mine_every: Option<Duration>,
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, or may not be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// No thread, or no event loop.
    #[error("cannot start the sandbox's thread: {source}")]
    Thread {
        /// What the system says.
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

/// What requests act on.
struct World {
    chain: Chain,
    /// The chain that AMP sees, where it is not the sandbox's own. Then there is no Esplora.
    foreign: Option<Box<dyn Ledger + Send>>,
    amp: Amp,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("tip", &self.chain.tip()).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts one with a new chain and an AMP that knows nothing yet.
    ///
    /// # Errors
    /// When the port or the thread cannot be had.
    pub fn start(settings: Settings) -> Result<Self, SandboxError> {
        Self::run(None, settings)
    }

    /// Serves AMP alone, over another chain: a real node's. It too knows nothing yet; see [`Sandbox::with`].
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
                // Told to stop, or forgotten: both end it.
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

    /// Acts on chain and AMP, between two requests. Over another chain ([`Sandbox::amp_over`]) the sandbox's own is there
    /// too, and nobody sees it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Chain, &mut Amp) -> T) -> T {
        let mut world = lock(&self.world);
        let World { chain, amp, .. } = &mut *world;
        act(chain, amp)
    }

    /// What goes wrong, and what was asked.
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
            // Out of file descriptors, for instance: whoever holds them gives some back in a while.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| converse(request, shared.clone()));
            // A client that goes away is the client's business.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn converse(request: Request<Incoming>, shared: Shared) -> Result<Response<Full<Bytes>>, Dropped> {
    if request.method() == Method::OPTIONS {
        return Ok(response(Answer::empty(204)));
    }
    // In a task of its own: what has arrived whole is carried out, whether or not somebody still waits for the answer.
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
    // One that says so is not waited for.
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
    if held_before && faults.stand_still(ticket.number, When::Before).await == Then::Drop {
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
    if ticket.hold == Some(When::After) && faults.stand_still(ticket.number, When::After).await == Then::Drop
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
        let ledger: &dyn Ledger = match &world.foreign {
            Some(foreign) => foreign.as_ref(),
            None => &world.chain,
        };
        return world.amp.answer(ledger, &question);
    }
    match question.path.strip_prefix("/esplora/") {
        Some(path) if world.foreign.is_none() => {
            esplora::answer(&mut world.chain, &question.method, path, &question.body)
        }
        Some(_) => Answer::text(404, "this sandbox serves AMP alone"),
        None => Answer::text(404, "what there is begins with /esplora/, /api/ or /sandbox/"),
    }
}

fn broken(status: u16) -> Answer {
    Answer::text(status, "Internal Server Error")
}

/// Any page may ask: what a newcomer opens from disk has no origin that could be named.
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

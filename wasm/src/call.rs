//! The call of the page to which a request belongs.
//!
//! Several calls run in turns on one thread, and each can be cancelled by itself. The page's guard sees only requests. So
//! the worker writes the number of a call that begins into a global variable, and whenever a call resumes, its number is
//! written there again. A request starts only while its call is polled.

use std::future::{Future, poll_fn};
use std::pin::pin;

use js_sys::{Reflect, global};
use wasm_bindgen::JsValue;

/// The worker's variable (`web/src/engine/worker.ts`).
const VARIABLE: &str = "coldampCall";

/// Runs the work of a call, with its number in the variable whenever it is polled.
pub(crate) async fn in_call<T>(work: impl Future<Output = T>) -> T {
    let call = current();
    let mut work = pin!(work);
    poll_fn(|context| {
        let before = current();
        set_current(&call);
        let polled = work.as_mut().poll(context);
        set_current(&before);
        polled
    })
    .await
}

/// The current call. The variable cannot be read only outside of the page's worker, where there is no guard either.
#[inline(never)]
fn current() -> JsValue {
    Reflect::get(&global(), &JsValue::from_str(VARIABLE)).unwrap_or_default()
}

#[inline(never)]
fn set_current(call: &JsValue) {
    let _ = Reflect::set(&global(), &JsValue::from_str(VARIABLE), call);
}

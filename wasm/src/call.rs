//! Which call of the page a request belongs to.
//!
//! Several calls run in turns on one thread, and the page lets a person cancel each by itself. Its guard sees only
//! requests. So the worker names the call that it has just begun in a global variable, and whenever a call goes on,
//! its name is put back there: a request starts while its call is polled, and at no other time.

use std::future::{Future, poll_fn};
use std::pin::pin;

use js_sys::{Reflect, global};
use wasm_bindgen::JsValue;

/// The worker's variable (`web/src/engine/worker.ts`).
const VARIABLE: &str = "coldampCall";

/// Runs what a call does, as that call whenever it goes on.
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

/// The call that is worked for. A variable that cannot be read belongs to no worker of the page, which then has no guard.
#[inline(never)]
fn current() -> JsValue {
    Reflect::get(&global(), &JsValue::from_str(VARIABLE)).unwrap_or_default()
}

#[inline(never)]
fn set_current(call: &JsValue) {
    let _ = Reflect::set(&global(), &JsValue::from_str(VARIABLE), call);
}

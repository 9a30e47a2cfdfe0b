//! The few calls into llama.cpp that its safe bindings leave out. The only unsafe file.
#![expect(unsafe_code, reason = "two C functions without a safe wrapper; each block is argued")]

use std::ffi::{CStr, c_char, c_void};
use std::sync::{Mutex, PoisonError};

use llama_cpp_sys_2 as sys;

/// The first complaint of the library, kept for the sentence that explains a failed load: those
/// that follow only say that it failed.
static FIRST_ERROR: Mutex<String> = Mutex::new(String::new());

/// What the library was compiled for, in its own words.
pub(super) fn system_info() -> String {
    // SAFETY: takes nothing; returns a NUL-terminated string in static storage, read here at once.
    let text = unsafe { CStr::from_ptr(sys::llama_print_system_info()) };
    text.to_string_lossy().into_owned()
}

/// Sends the library's warnings and errors to stderr, where the parent reads them.
pub(super) fn keep_logs() {
    // SAFETY: the callback is a plain function that lives as long as the program and uses no data.
    unsafe { sys::llama_log_set(Some(on_log), std::ptr::null_mut()) };
}

/// The library's first error, or "no reason given".
pub(super) fn first_error() -> String {
    let first = FIRST_ERROR.lock().unwrap_or_else(PoisonError::into_inner);
    if first.is_empty() { "no reason given".into() } else { first.clone() }
}

unsafe extern "C" fn on_log(level: sys::ggml_log_level, text: *const c_char, _: *mut c_void) {
    if text.is_null() || !matches!(level, sys::GGML_LOG_LEVEL_WARN | sys::GGML_LOG_LEVEL_ERROR) {
        return;
    }
    // SAFETY: not null, and the library passes NUL-terminated text that lives during this call.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    let text = text.trim_end();
    if level == sys::GGML_LOG_LEVEL_ERROR {
        let mut first = FIRST_ERROR.lock().unwrap_or_else(PoisonError::into_inner);
        if first.is_empty() {
            *first = text.to_string();
        }
        eprintln!("ERROR {text}");
    } else {
        eprintln!("WARN {text}");
    }
}

//! The allocator: mimalloc, which gives memory back that is not used again soon.
//!
//! A request makes a few dozen allocations, some of 5 to 10 KiB. The system's allocator spends a sixth of a request's user
//! time on them; mimalloc spends less.
#![expect(unsafe_code, reason = "one C function without a safe wrapper")]

use libmimalloc_sys::{mi_option_set_default, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 2, which the bindings do not name.
const PURGE_DELAY: mi_option_t = 15;

/// What is free for so long goes back to the system. Under load the buffers of one request are those of the next: given
/// back at once they cost two page faults a request, after 10 ms half a one, after this none. `0` saves a fifth of the
/// memory at 512 connections and costs a fifth more of the processor.
const PURGE_DELAY_MS: std::ffi::c_long = 100;

/// `MIMALLOC_PURGE_DELAY` in the environment goes before.
pub(crate) fn set_up() {
    // SAFETY: sets one number in a table of the allocator; may be called at any time from any thread.
    unsafe { mi_option_set_default(PURGE_DELAY, PURGE_DELAY_MS) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_number_is_that_of_the_purge_delay() {
        // SAFETY: reads one number of that table.
        let get = || unsafe { libmimalloc_sys::mi_option_get(super::PURGE_DELAY) };
        if std::env::var_os("MIMALLOC_PURGE_DELAY").is_none() {
            assert_eq!(get(), 10, "the default that mimalloc.h documents for it");
            super::set_up();
            assert_eq!(get(), super::PURGE_DELAY_MS);
        }
    }
}

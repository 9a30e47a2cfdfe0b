//! Work that goes down by the stack, on a stack that is known: reading and checking rules, whoever asks for it.

/// As where a realm is checked: what rules may nest is bounded well below it.
const STACK_BYTES: usize = 16 << 20;

/// Does the work; none where there is no thread to be had, or it panicked.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("law".to_owned()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

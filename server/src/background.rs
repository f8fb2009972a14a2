//! Work that goes on beside the requests, on a thread of its own: what it computes keeps none of them waiting.

use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// Works until it is dropped.
#[derive(Debug)]
pub struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts; must be called inside a runtime.
    pub fn start<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send + 'static) -> Self {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Handle::current();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! { () = work() => {}, _ = stopped => {} }
            });
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // The children go with what waits for them.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("work in the background panicked");
        }
    }
}

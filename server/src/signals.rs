//! Ctrl-C and SIGTERM: the first asks the process to end in order, the second ends it at once.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Tells whether the process was asked to stop.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on, for the whole process.
    ///
    /// # Errors
    /// When the operating system lets nobody listen for signals.
    pub fn on_signals() -> std::io::Result<Self> {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (tell, stop) = watch::channel(false);
        tokio::spawn(async move {
            for first in [true, false] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if first {
                    tell.send_replace(true);
                }
            }
            eprintln!("Ending at once. A private PostgreSQL that is still running is taken over by the next start.");
            std::process::exit(130);
        });
        Ok(Self(stop))
    }

    /// Never stops: for commands that the default action of a signal may end.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    pub async fn requested(&self) {
        if self.0.clone().wait_for(|stop| *stop).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}

//! What the loop waits for besides keys: where there is nothing to come, it never does.

use crate::error::Result;
use crate::faces::client::{Client, Incoming};
use std::future::Future;
use std::pin::Pin;
use tokio::sync::mpsc;

/// A connection that is being made.
pub type Connecting =
    Pin<Box<dyn Future<Output = Result<(Client, mpsc::Receiver<Incoming>)>> + Send>>;

/// The engine's next message; never, where there is no connection.
pub async fn next(incoming: &mut Option<mpsc::Receiver<Incoming>>) -> Option<Incoming> {
    match incoming {
        Some(incoming) => incoming.recv().await,
        None => std::future::pending().await,
    }
}

/// The connection under way; never, where there is none.
pub async fn connected(
    connecting: &mut Option<Connecting>,
) -> Result<(Client, mpsc::Receiver<Incoming>)> {
    match connecting {
        Some(connecting) => connecting.await,
        None => std::future::pending().await,
    }
}

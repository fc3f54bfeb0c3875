//! Answers requests for the pages, and tells open pages to load anew.

use crate::build::LIVE_RELOAD;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{RwLock, watch};
use tower_http::services::{ServeDir, ServeFile};

/// Held for reading while a page is opened, and for writing while a new book
/// is moved into the place of the old one: a request finds one or the other.
pub(crate) type Gate = Arc<RwLock<()>>;

/// The numbers of the first and of the newest build of this run.
pub(crate) type Builds = RangeInclusive<u64>;

/// Serves the book in `folder`. Its pages load anew after each of `builds`,
/// if it is built again and again.
///
/// `ServeDir` answers 404, with mdBook's page, to whatever is not in the
/// folder, `..` in any spelling included.
pub(crate) fn router(
    folder: &Path,
    gate: Gate,
    builds: Option<watch::Receiver<Builds>>,
) -> Router {
    let not_found = ServeFile::new(folder.join("404.html"));
    let pages = ServeDir::new(folder).not_found_service(not_found);
    let router = Router::new()
        .fallback_service(pages)
        .layer(from_fn_with_state(gate, answer));
    match builds {
        Some(builds) => router.route(
            &format!("/{LIVE_RELOAD}/{{number}}"),
            any(live_reload).with_state(builds),
        ),
        None => router,
    }
}

async fn answer(
    State(gate): State<Gate>,
    request: Request,
    next: Next,
) -> Response {
    let _open = gate.read().await;
    let mut response = next.run(request).await;
    // A browser asks for what changed since a time in whole seconds, and
    // there may be two builds in one second.
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Waits with a page of build `number` until there is a newer build. That may
/// have come while the page was on its way. The page may also come from
/// another reader's build of the same book: then the next build is awaited.
async fn live_reload(
    State(mut builds): State<watch::Receiver<Builds>>,
    UrlPath(number): UrlPath<u64>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let known = builds.borrow().clone();
    let shown = match known.contains(&number) {
        true => number,
        false => *known.end(),
    };
    upgrade.on_upgrade(async move |mut socket| {
        let newer = tokio::select! {
            newer = builds.wait_for(|builds| *builds.end() > shown) => {
                newer.is_ok()
            }
            () = closed(&mut socket) => false,
        };
        if newer {
            // It fails if the page has just been closed.
            let _ = socket.send(Message::text("reload")).await;
        }
    })
}

/// Waits until the page has closed its end.
async fn closed(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}

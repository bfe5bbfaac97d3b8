//! A watch goes on also if it is refused before the rotation is done.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use octostore::{Client, WatchUpdate};
use tokio::sync::oneshot;

use crate::support::in_time;

const REFUSAL: &str = "HTTP/1.1 401 Unauthorized\r\n\r\n";
const ROTATED: &str = "HTTP/1.1 200 OK\r\n\r\n{\"token\":\"new\"}";
const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n\
    event: state\ndata: {\"locks\":[],\"complete\":true}\n\n";

#[tokio::test]
async fn a_watch_that_is_refused_waits_for_the_rotation() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = Client::new(&format!("http://{}", listener.local_addr().unwrap()), "old").unwrap();
    let mut watch = client.watch_prefix("");
    let (tell, begun) = oneshot::channel();
    let server = thread::spawn(move || {
        let rotation = asked(&listener, "POST /auth/token/rotate", "old");
        tell.send(()).unwrap();
        answer(asked(&listener, "GET /watch", "old"), REFUSAL);
        // Until the refusal has come.
        thread::sleep(Duration::from_millis(100));
        answer(rotation, ROTATED);
        answer(asked(&listener, "GET /watch", "new"), STREAM);
    });
    let rotation = tokio::spawn(async move { client.rotate_token().await });
    in_time(begun).await.unwrap();
    let update = in_time(watch.next()).await;
    assert!(matches!(&update, Some(Ok(WatchUpdate::State(state))) if state.complete), "{update:?}");
    assert_eq!(in_time(rotation).await.unwrap().unwrap().token, "new");
    server.join().unwrap();
}

/// The next request, which must be this one with this token.
fn asked(listener: &TcpListener, request: &str, token: &str) -> TcpStream {
    let (stream, _) = listener.accept().unwrap();
    let lines = BufReader::new(&stream).lines().map(Result::unwrap);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(head[0].starts_with(request), "{head:?}");
    assert!(head.contains(&format!("authorization: Bearer {token}")), "{head:?}");
    stream
}

fn answer(mut stream: TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).unwrap();
}

//! A server that answers as a test says.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The answer to a request with a path and an authorization: a status and a body.
type Answers = fn(&str, &str) -> (u16, &'static str);

/// Starts one, and returns its URL. It ends with the runtime of the test.
pub(crate) async fn scripted(answers: Answers) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(connection, answers));
        }
    });
    url
}

async fn serve(connection: TcpStream, answers: Answers) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    let (mut path, mut authorization, mut length) = (String::new(), String::new(), 0);
    let mut line = String::new();
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if path.is_empty() {
            path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        } else if let Some((name, value)) = text.split_once(": ") {
            match name.to_ascii_lowercase().as_str() {
                "authorization" => authorization = value.to_owned(),
                "content-length" => length = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
    }
    connection.read_exact(&mut vec![0; length]).await?;
    let (status, body) = answers(&path, &authorization);
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    connection.write_all(answer.as_bytes()).await
}

//! The driver of the Rust SDK: requests from standard input to the SDK, what comes of them to standard output. It decides
//! nothing.

mod protocol;
mod requests;
mod things;

use std::io::Write;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

use protocol::{Given, error_facts};
use requests::Driver;

#[tokio::main]
async fn main() {
    let driver = Arc::new(Driver::new(write));
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await.expect("standard input can be read") {
        let driver = Arc::clone(&driver);
        tokio::spawn(async move { serve(&driver, &line).await });
    }
    std::process::exit(0);
}

async fn serve(driver: &Driver, line: &str) {
    let given: Given = serde_json::from_str(line).expect("a request is as the protocol has it");
    let id = given.id;
    write(&match driver.answer(&given).await {
        Ok(value) => json!({ "id": id, "value": value }),
        Err(error) => json!({ "id": id, "error": error_facts(&error) }),
    });
}

fn write(message: &Value) {
    writeln!(std::io::stdout().lock(), "{message}").expect("standard output can be written");
}

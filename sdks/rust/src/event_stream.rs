/// One frame of a stream of Server-Sent Events.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub event: String,
    pub id: Option<String>,
    pub data: String,
}

/// Assembles the frames of an event stream from chunks that may be split anywhere.
#[derive(Default)]
pub(crate) struct FrameReader {
    /// The beginning of a line.
    rest: Vec<u8>,
    event: String,
    id: Option<String>,
    data: Vec<String>,
}

impl FrameReader {
    /// Returns the frames that a chunk completes.
    pub fn read(&mut self, piece: &[u8]) -> Vec<Frame> {
        self.rest.extend_from_slice(piece);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            return Vec::new();
        };
        let rest = self.rest.split_off(end + 1);
        let lines = std::mem::replace(&mut self.rest, rest);
        String::from_utf8_lossy(&lines).lines().filter_map(|line| self.take(line)).collect()
    }

    fn take(&mut self, line: &str) -> Option<Frame> {
        if line.is_empty() {
            return self.complete();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match field {
            "event" => self.event = value,
            "id" => self.id = Some(value),
            "data" => self.data.push(value),
            _ => {}
        }
        None
    }

    fn complete(&mut self) -> Option<Frame> {
        let frame =
            Frame { event: std::mem::take(&mut self.event), id: self.id.take(), data: self.data.join("\n") };
        let is_empty = self.data.is_empty();
        self.data.clear();
        (!is_empty).then_some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, FrameReader};

    const STREAM: &str =
        ": hello\n\nid: 1\nevent: state\ndata: {\"a\":\ndata:1}\r\n\r\nid: 2\n\ndata: ä\n\nid: 9\ndata: cut";

    fn expected() -> Vec<Frame> {
        let frame = |event: &str, id: Option<&str>, data: &str| Frame {
            event: event.to_owned(),
            id: id.map(str::to_owned),
            data: data.to_owned(),
        };
        vec![frame("state", Some("1"), "{\"a\":\n1}"), frame("", None, "ä")]
    }

    #[test]
    fn frames_are_the_same_however_the_stream_is_cut() {
        for size in 1..=STREAM.len() {
            let mut reader = FrameReader::default();
            let frames: Vec<Frame> =
                STREAM.as_bytes().chunks(size).flat_map(|piece| reader.read(piece)).collect();
            assert_eq!(frames, expected(), "in pieces of {size}");
        }
    }
}

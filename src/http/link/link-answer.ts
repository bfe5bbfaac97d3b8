/** An answer as it arrives over a link. */
export interface LinkAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const STATUS_START = 'HTTP/1.1 '.length;
const STATUS_END = STATUS_START + 3;
const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';

/** Reads an answer as Node writes it. Its body shares memory with `content`. */
export function decodeAnswer(content: Buffer): LinkAnswer {
  const headEnd = content.indexOf(HEAD_END);
  const [statusLine = '', ...lines] = content.toString('latin1', 0, headEnd).split(LINE_END);
  const headers: string[] = [];
  for (const line of lines) {
    const nameEnd = line.indexOf(': ');
    headers.push(line.slice(0, nameEnd), line.slice(nameEnd + 2));
  }
  return {
    status: Number(statusLine.slice(STATUS_START, STATUS_END)),
    statusText: statusLine.slice(STATUS_END + 1),
    headers,
    body: content.subarray(headEnd + HEAD_END.length),
  };
}

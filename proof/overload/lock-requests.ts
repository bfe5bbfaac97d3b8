import { TOKEN } from '../server/built-server.js';

/** The bytes of a request for a lock, made once, so that sending it many times costs the sender little. */
export function lockRequest(
  verb: 'acquire' | 'renew' | 'release',
  lock: string,
  body: object,
  token = TOKEN,
): Buffer {
  const text = JSON.stringify(body);
  return Buffer.from(
    `POST /locks/${encodeURIComponent(lock)}/${verb} HTTP/1.1\r\nhost: octostore\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

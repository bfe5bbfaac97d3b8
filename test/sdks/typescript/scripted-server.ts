import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { OctoStoreClient } from '../../../sdks/typescript/src/index.js';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Answers to requests, by the last part of their paths, such as `renew`. */
type Script = Readonly<Record<string, () => Answer | Promise<Answer>>>;

/** A client of a server that answers as a script says, and with 404 to everything else. */
export async function answering(script: Script): Promise<OctoStoreClient> {
  const server = createServer((request, response) => void answer(script, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return new OctoStoreClient({ baseUrl: `http://127.0.0.1:${port}`, token: 'any' });
}

async function answer(
  script: Script,
  { url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [verb = ''] = url.split('/').slice(-1);
  const { status, body } = (await script[verb]?.()) ?? { status: 404, body: {} };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

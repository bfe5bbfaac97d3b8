import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../kit/http/connection.js';

interface Item {
  elements: string[];
  highestToken: number;
}

/**
 * What the locks protect: sets that can only be read and written as a whole. A write based on an old read loses later additions.
 *
 * With fencing, it refuses every access with a token below the highest one that it has seen. Reads count too: after a holder has
 * read, no holder with an older token may change the set.
 */
export class Resource {
  readonly #server: Server;
  readonly #isFenced: boolean;
  readonly #items = new Map<string, Item>();
  refused = 0;

  constructor(isFenced: boolean) {
    this.#isFenced = isFenced;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<Address> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  elements(name: string): readonly string[] {
    return this.#item(name).elements;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://resource');
    const token = Number(url.searchParams.get('token'));
    const item = this.#item(url.pathname);
    const body = request.method === 'PUT' ? await textOf(request) : null;
    if (this.#isFenced && token < item.highestToken) {
      this.refused += 1;
      answer(response, 412, {});
      return;
    }
    item.highestToken = Math.max(item.highestToken, token);
    if (body !== null) item.elements = JSON.parse(body) as string[];
    answer(response, 200, body === null ? { elements: item.elements } : {});
  }

  #item(name: string): Item {
    let item = this.#items.get(name);
    if (item === undefined) {
      item = { elements: [], highestToken: 0 };
      this.#items.set(name, item);
    }
    return item;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) }).end(text);
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowMs } from '../../../src/process/time.js';
import type { Address } from '../../kit/http/connection.js';
import type { Report } from './messages.js';
import { Notices } from '../../kit/guard/notices.js';
import { Visits } from '../../kit/guard/visits.js';

/** Serves what the locks protect to the actors of all programs, and keeps count of what they have done. */
export class Guard {
  readonly visits = new Visits();
  readonly notices = new Notices();
  /** How often each actor has finished what it does. */
  readonly done = new Map<string, number>();
  readonly #observed: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Actors keep their connections, however rarely they use them.
    this.#server.keepAliveTimeout = 0;
  }

  get violations(): readonly string[] {
    return [...this.#observed, ...this.visits.violations, ...this.notices.violations];
  }

  /** Something else that must not happen. */
  violation(sentence: string): void {
    this.#observed.push(sentence);
  }

  async listen(): Promise<Address> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAccepted = this.#accept(JSON.parse(await textOf(request)) as Report);
    response.writeHead(isAccepted ? 200 : 412, { 'Content-Length': 0 }).end();
  }

  /** Whether the actor may go on. */
  #accept(report: Report): boolean {
    switch (report.kind) {
      case 'visit':
        return this.visits.visit(report.visit, nowMs()) === 'admitted';
      case 'leave':
        this.visits.leave(report.id);
        return true;
      case 'done':
        this.done.set(report.actor, (this.done.get(report.actor) ?? 0) + 1);
        return true;
      case 'asked':
        this.notices.asked(report);
        return true;
      case 'renewed':
        this.notices.renewed(report);
        return true;
      case 'violation':
        this.#observed.push(report.sentence);
        return true;
      default:
        return unreachable(report);
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

function unreachable(report: never): never {
  throw new Error(`unexpected report: ${JSON.stringify(report)}`);
}

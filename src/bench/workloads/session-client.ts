import type { Target } from '../load/load.js';
import type { Request, Send } from '../load/script.js';
import { apiRequest } from './lock-requests.js';

const TTL_SECONDS = 300;

/** A session of one client. The server chooses its id. */
export class SessionClient {
  readonly #target: Target;
  #id: string | null = null;

  constructor(target: Target) {
    this.#target = target;
  }

  async open(send: Send): Promise<void> {
    const opening = apiRequest(this.#target, 'open session', 'POST', '/sessions', {
      ttl_seconds: TTL_SECONDS,
    });
    const { body } = await send({
      ...opening,
      complaint: ({ status }) => (status < 300 ? null : `HTTP ${status}`),
    });
    this.#id = /"session_id":"([^"]+)"/.exec(body)?.[1] ?? null;
    if (this.#id === null) throw new Error(`no session in ${body}`);
  }

  get keepalive(): Request {
    return apiRequest(this.#target, 'keepalive', 'POST', `/sessions/${this.#id}/keepalive`);
  }

  get close(): Request {
    return apiRequest(this.#target, 'close session', 'DELETE', `/sessions/${this.#id}`);
  }
}

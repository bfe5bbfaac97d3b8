import { RawConnection } from '../../kit/http/raw-http.js';
import { tracesIn } from '../../kit/secret-traces.js';
import type { Secret } from './secret.js';

interface Exchange {
  readonly sent: string;
  readonly status: number;
  readonly answer: string;
}

interface Sending {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What everybody, or every operator, may read. */
const PUBLIC = /^(?:\/metrics|\/status|\/admin|\/health|\/openapi|\/docs)/;

/** Sends requests and remembers the answers in which no secret may be. */
export class Witness {
  readonly exchanges: Exchange[] = [];

  constructor(private readonly url: () => string) {}

  async ask(
    method: string,
    path: string,
    { token = null, headers = {}, body }: Sending = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const sent = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers };
    const response = await fetch(this.url() + path, {
      method,
      redirect: 'manual',
      headers: sent,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (response.status >= 400 || PUBLIC.test(path)) {
      const answer = `${JSON.stringify([...response.headers])}\n${text}`;
      this.exchanges.push({
        sent: `${path}\n${JSON.stringify(sent)}\n${body}`,
        status: response.status,
        answer,
      });
    }
    return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  }

  /** Sends bytes that are no HTTP. */
  async mumble(bytes: string): Promise<void> {
    const connection = await RawConnection.to(this.url());
    connection.send(bytes).end();
    await connection.closed;
    this.exchanges.push({ sent: bytes, status: 400, answer: connection.rest });
  }

  /** An answer may tell a client what it has just sent, and no other secret. */
  findings(secrets: readonly Secret[]): string[] {
    return this.exchanges.flatMap(({ sent, status, answer }) =>
      secrets
        .filter(({ text }) => !sent.includes(text) && !sent.includes(encodeURIComponent(text)))
        .flatMap(({ name, traces }) =>
          tracesIn(Buffer.from(answer), traces).map(
            ({ form }) => `the answer ${status} to ${sent.split('\n')[0]} holds ${name}, ${form}`,
          ),
        ),
    );
  }
}

import { RawConnection } from '../../kit/http/raw-http.js';
import { tracesIn } from '../../kit/secret-traces.js';
import type { Secret } from './secret.js';

interface Exchange {
  readonly sent: string;
  readonly status: number;
  readonly answer: string;
}

interface RequestOptions {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Paths that everyone, or every operator, may read. */
const PUBLIC = /^(?:\/metrics|\/status|\/admin|\/health|\/openapi|\/docs)/;

/** Sends requests, and keeps the answers that must not contain a secret. */
export class ApiClient {
  readonly exchanges: Exchange[] = [];

  constructor(private readonly url: () => string) {}

  async send(
    method: string,
    path: string,
    { token = null, headers = {}, body }: RequestOptions = {},
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

  /** Sends bytes that are not HTTP. */
  async sendRaw(bytes: string): Promise<void> {
    const connection = await RawConnection.to(this.url());
    connection.send(bytes).end();
    await connection.closed;
    this.exchanges.push({ sent: bytes, status: 400, answer: connection.rest });
  }

  /** A sentence for each secret in an answer. An answer may repeat what the client has just sent. */
  findings(secrets: readonly Secret[]): string[] {
    return this.exchanges.flatMap(({ sent, status, answer }) =>
      secrets
        .filter(({ text }) => !sent.includes(text) && !sent.includes(encodeURIComponent(text)))
        .flatMap(({ name, traces }) =>
          tracesIn(Buffer.from(answer), traces).map(
            ({ form }) => `the answer ${status} to ${sent.split('\n')[0]} contains ${name}, ${form}`,
          ),
        ),
    );
  }
}

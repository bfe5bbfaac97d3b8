import { RawConnection, type RawReply } from '../../kit/http/raw-http.js';
import { ClaimBroken } from '../proof.js';

/** How long to wait for an answer, in milliseconds. Far more than a busy machine needs. */
const ANSWERS_WITHIN_MS = 60_000;

/** Sends requests one after another, on one connection for as long as the server keeps it open. */
export class RequestSender {
  readonly #url: () => string;
  readonly #patienceMs: number;
  #connection: RawConnection | null = null;

  constructor(url: () => string, patienceMs = ANSWERS_WITHIN_MS) {
    this.#url = url;
    this.#patienceMs = patienceMs;
  }

  /** Resolves with the answer, or with the head and first frame of an event stream. Throws `ClaimBroken` if there is none. */
  async send(bytes: Buffer, toHead: boolean): Promise<RawReply> {
    const connection = (this.#connection ??= await RawConnection.to(this.#url()));
    const reply = await this.#withTimeout(connection, answerOn(connection.send(bytes), toHead));
    const isOver = reply.headers.get('connection') === 'close' || isStream(reply);
    if (isOver || connection.rest !== '') this.stop();
    return reply;
  }

  /** Sends bytes on a separate connection and closes its sending half. Resolves with all answers. */
  async sendRaw(bytes: Buffer): Promise<RawReply[]> {
    const connection = await RawConnection.to(this.#url());
    connection.send(bytes).end();
    await this.#withTimeout(connection, connection.closed);
    return connection.replies();
  }

  stop(): void {
    this.#connection?.cut();
    this.#connection = null;
  }

  async #withTimeout<T>(connection: RawConnection, answer: Promise<T>): Promise<T> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      connection.cut();
    }, this.#patienceMs);
    try {
      const value = await answer;
      if (isLate) throw new Error('the server hangs');
      return value;
    } catch (error) {
      this.stop();
      throw new ClaimBroken(isLate ? 'the server hangs' : `there was no answer: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function answerOn(connection: RawConnection, toHead: boolean): Promise<RawReply> {
  const reply = await connection.reply({ toHead });
  if (toHead || !isStream(reply)) return reply;
  // The end of the first chunk: a frame, or a comment, which no blank line follows.
  await connection.received('\n\r\n');
  return { ...reply, body: connection.rest };
}

function isStream({ headers }: RawReply): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

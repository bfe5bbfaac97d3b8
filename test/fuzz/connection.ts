import { RawConnection, type RawReply } from '../../lab/kit/http/raw-http.js';
import { openRawConnection } from '../support/raw-connection.js';

/** Sends requests one by one. It opens a new connection whenever the server has closed the last one. */
export class KeptConnection {
  readonly #url: string;
  #connection: RawConnection | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async exchange(text: string | Buffer): Promise<RawReply> {
    this.#connection ??= await openRawConnection(this.#url);
    const reply = await this.#connection.send(text).reply();
    if (reply.headers.get('connection') === 'close') {
      this.#connection.cut();
      this.#connection = null;
    }
    return reply;
  }
}

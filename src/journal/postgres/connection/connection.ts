import { Socket } from 'node:net';
import { Client, DatabaseError, types, type ClientConfig } from 'pg';
import type { PostgresHost, PostgresLocation } from '../../../installation/postgres-location.js';
import { UnusableDatabaseError } from '../../errors.js';
import { unescapeText } from '../text.js';
import { ConnectionLostError } from './sql-errors.js';
import { tlsOptions } from './tls.js';

/** How long it may take to connect to one host, in milliseconds. */
export const CONNECT_MS = 5_000;

/** After this time without traffic, the system checks whether the other side is still there. */
const KEEP_ALIVE_MS = 5_000;

/** The code of a notice that reports success. All others are warnings, or worse. */
const SUCCESSFUL = '00000';

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** How many rows were changed or returned. */
  readonly count: number;
  /** Whether the server sent a warning. A commit with a warning may exist on one server only. */
  readonly isWarned: boolean;
}

/** What a `Link` needs of a connection. */
export type Wire = Pick<Connection, 'isOpen' | 'query' | 'cut' | 'close'>;

/** One connection to one server. Run one statement at a time. A statement rejects with `ConnectionLostError` or the server's error. */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  #warnings = 0;
  #isOpen = true;

  private constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on('notice', ({ code }) => (this.#warnings += code === SUCCESSFUL ? 0 : 1));
    // The statement that is running fails, too. This handler keeps the process alive.
    client.on('error', () => this.cut());
    client.on('end', () => this.cut());
    socket.setTimeout(CONNECT_MS, () => this.cut());
  }

  /** Rejects if the host cannot be reached, or does not accept us. */
  static async open(location: PostgresLocation, host: PostgresHost): Promise<Connection> {
    const socket = new Socket();
    const client = new Client({ ...credentials(location, host), ...BEHAVIOUR, stream: () => socket });
    setTypeParsers(client);
    const connection = new Connection(client, socket);
    try {
      await client.connect();
    } catch (error) {
      connection.cut();
      throw error;
    }
    return connection;
  }

  /** From now on the server may be silent for as long as it likes. Before, it is cut off after five seconds of silence. */
  allowSilence(): void {
    this.#socket.setTimeout(0);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async query<Row>({ text, values = [] }: Statement): Promise<Answer<Row>> {
    const before = this.#warnings;
    const { rows, rowCount } = await this.#client
      .query<Row & object>(text, [...values])
      .catch((error: unknown) => this.#explain(error));
    return { rows, count: rowCount ?? 0, isWarned: this.#warnings > before };
  }

  /** Ends the connection at once. A statement that is running fails, although the server may still carry it out. */
  cut(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  /** Says goodbye to the server. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.end().catch(() => undefined);
  }

  #explain(error: unknown): never {
    const isAnswer = this.#isOpen || error instanceof DatabaseError;
    throw isAnswer ? error : new ConnectionLostError({ cause: error });
  }
}

const BEHAVIOUR = {
  application_name: 'octostore',
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
} as const;

/** What the driver needs to connect. Every field is set, so that it does not read the environment. */
export function credentials(location: PostgresLocation, host: PostgresHost): ClientConfig {
  const { user, database, tls } = location.url;
  const password = (): Promise<string> => passwordOf(location);
  return { host: host.host, port: host.port, user, database, password, ssl: tlsOptions(tls, host) };
}

async function passwordOf(location: PostgresLocation): Promise<string> {
  const password = await location.password();
  if (password !== null) return password;
  throw new UnusableDatabaseError('the server asks for a password, and DATABASE_URL has none');
}

/** For this connection only. The identifiers are those of the types `bigint` and `text`. */
function setTypeParsers(client: Client): void {
  client.setTypeParser(types.builtins.INT8, Number);
  client.setTypeParser(types.builtins.TEXT, unescapeText);
}

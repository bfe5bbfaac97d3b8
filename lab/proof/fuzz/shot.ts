import type { Reply } from '../../kit/http/client.js';

/** What is wrong with an answer beyond what the API document says; nothing if the list is empty. */
export type Judge = (reply: Reply, shot: Shot) => string[];

/** One request, and what must be true of its answer. */
export interface Shot {
  readonly attack: string;
  readonly method: string;
  /** As it is sent, query included. */
  readonly path: string;
  /** Header lines exactly as they are sent. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
  readonly judge: Judge;
}

/** Bytes for a connection of their own: whatever they are, each answer must be an orderly one. */
export interface RawShot {
  readonly attack: string;
  readonly bytes: Buffer;
  /** Answers that may come at most. */
  readonly answersMax: number;
}

export const anyAnswer: Judge = () => [];

/** Stand-ins for what only the attacker knows when it sends the request. */
export const OWN = {
  /** The name of a lock that the attacker holds, and its lease; as good as a stranger's if it holds none. */
  lock: 'the-lock-of-the-attacker',
  lease: '0a77ac4e-0000-4000-8000-000000000001',
  session: '0a77ac4e-0000-4000-8000-000000000002',
  webhook: '0a77ac4e-0000-4000-8000-000000000003',
  /** A name that nobody has used, and an id. */
  newLock: 'a-lock-that-is-new',
  newLease: '0a77ac4e-0000-4000-8000-000000000004',
} as const;

export type Belongings = Readonly<Record<keyof typeof OWN, string>>;

/** The shot with the attacker's belongings in the place of their stand-ins. */
export function aimed(shot: Shot, belongings: Belongings): Shot {
  const fill = (text: string): string => {
    let filled = text;
    for (const [name, standIn] of Object.entries(OWN) as [keyof typeof OWN, string][])
      filled = filled.replaceAll(standIn, belongings[name]);
    return filled;
  };
  const { path, body } = shot;
  return { ...shot, path: fill(path), body: typeof body === 'string' ? fill(body) : body };
}

/** A shot as it goes over the wire. The headers say how long the body is unless they say so themselves. */
export function bytesOf({ method, path, headers, body }: Shot): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = bytes.length === 0 ? [] : [`content-length: ${bytes.length}`];
  const head = [`${method} ${path} HTTP/1.1`, 'host: octostore', ...length, ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

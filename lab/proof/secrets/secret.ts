import { tracesIn, tracesOf, type Trace } from '../../kit/secret-traces.js';

/**
 * What a secret is decides where it may be: a token's hash in the database, a lease's id in the database as it is, because it
 * opens nothing without a token of its holder, and the server's key in its own file.
 */
export type SecretKind = 'token' | 'lease id' | 'key' | 'other';

export class Secret {
  readonly traces: readonly Trace[];

  constructor(
    readonly name: string,
    readonly kind: SecretKind,
    readonly text: string,
  ) {
    this.traces = tracesOf(text);
  }
}

export type PlaceKind = 'database' | 'key file' | 'other file' | 'output' | 'answer';

/** Somewhere that a secret could have got to. */
export interface Place {
  readonly name: string;
  readonly kind: PlaceKind;
  readonly content: Buffer;
}

/** What was found where it must not be, in sentences. */
export function findingsIn(places: readonly Place[], secrets: readonly Secret[]): string[] {
  return places.flatMap((place) =>
    secrets.flatMap((secret) =>
      tracesIn(place.content, secret.traces)
        .filter((trace) => !isAllowed(place, secret, trace))
        .map(({ form }) => `${place.name} holds ${secret.name}, ${form}`),
    ),
  );
}

function isAllowed({ kind: place }: Place, { kind: secret }: Secret, { isReadable }: Trace): boolean {
  if (place === 'database') return secret === 'lease id' || (secret === 'token' && !isReadable);
  return place === 'key file' && secret === 'key';
}

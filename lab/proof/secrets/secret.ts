import { tracesIn, tracesOf, type Trace } from '../../kit/secret-traces.js';

/**
 * The kind of a secret decides where it can be stored. The hash of a token may be in the database, and that of the state of a sign-in, which
 * is random and usable once. A lease id may be there as it is, because it is useless without the holder's token. The server's key may be in
 * its own file.
 */
export type SecretKind = 'token' | 'sign-in state' | 'lease id' | 'key' | 'other';

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

export type SourceKind = 'database' | 'key file' | 'other file' | 'output' | 'answer';

/** A place where a secret could have leaked to. */
export interface Source {
  readonly name: string;
  readonly kind: SourceKind;
  readonly content: Buffer;
}

/** A sentence for each secret that was found where it must not be. */
export function findingsIn(sources: readonly Source[], secrets: readonly Secret[]): string[] {
  return sources.flatMap((source) =>
    secrets.flatMap((secret) =>
      tracesIn(source.content, secret.traces)
        .filter((trace) => !isAllowed(source, secret, trace))
        .map(({ form }) => `${source.name} contains ${secret.name}, ${form}`),
    ),
  );
}

function isAllowed({ kind: source }: Source, { kind: secret }: Secret, { isReadable }: Trace): boolean {
  const mayBeHashed = secret === 'token' || secret === 'sign-in state';
  if (source === 'database') return secret === 'lease id' || (mayBeHashed && !isReadable);
  return source === 'key file' && secret === 'key';
}

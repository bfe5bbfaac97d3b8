import { tracesIn, tracesOf, type Trace } from '../../kit/secret-traces.js';

/**
 * The kind of a secret decides where it can be stored. A token's hash may be in the database. A lease id may be there as it is,
 * because it is useless without the holder's token. The server's key may be in its own file.
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
  if (source === 'database') return secret === 'lease id' || (secret === 'token' && !isReadable);
  return source === 'key file' && secret === 'key';
}

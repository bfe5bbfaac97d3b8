import { accessSync, constants } from 'node:fs';
import { StarPattern } from '../../access/patterns/star-pattern.js';
import type { Finding } from '../../access/policy/finding.js';
import { readYaml, refused } from '../../access/policy/read-yaml.js';
import { ConfigError, type Config } from '../../config/config.js';
import { readText } from '../../config/text-file.js';
import { issuerMistakes, issuerWarnings } from './issuer-mistakes.js';
import { ALGORITHMS } from '../signature-algorithms.js';
import {
  ISSUERS_BYTES_MAX,
  trustedIssuersDocument,
  type ClaimValue,
  type TrustedIssuerEntry,
  type TrustedIssuersDocument,
} from './trusted-issuer-document.js';

/** An issuer whose tokens may be exchanged. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly url: string;
  /** The only `aud` that its tokens may have. */
  readonly audience: string;
  /** The subjects that may exchange tokens. */
  readonly subjects: readonly StarPattern[];
  /** The claims that its tokens must have, each with the values that it may have. */
  readonly claims: readonly (readonly [name: string, values: readonly ClaimValue[]])[];
  readonly algorithms: readonly string[];
  /** Where its keys are. Null if its discovery document says so. */
  readonly jwksUri: string | null;
  /** A file with the certificates to trust. Null for those of the system. */
  readonly caFile: string | null;
  /** A file with a token to send with requests for the keys. */
  readonly bearerTokenFile: string | null;
}

const KIND = { name: 'list of issuers', bytesMax: ISSUERS_BYTES_MAX, schema: trustedIssuersDocument };

const SETTING = 'TRUSTED_ISSUERS_FILE';

/** The issuers that the configuration names. */
export class TrustedIssuers {
  readonly #byUrl: ReadonlyMap<string, TrustedIssuer>;
  /** Sentences about likely mistakes, for operators. */
  readonly warnings: readonly string[];

  private constructor(entries: readonly TrustedIssuerEntry[], warnings: readonly string[]) {
    this.#byUrl = new Map(entries.map((entry) => [entry.issuer, trustedIssuer(entry)]));
    this.warnings = warnings;
  }

  /** Reads the file that `TRUSTED_ISSUERS_FILE` names. Throws `ConfigError` with every mistake in it. */
  static fromConfig({ TRUSTED_ISSUERS_FILE: path }: Pick<Config, 'TRUSTED_ISSUERS_FILE'>): TrustedIssuers {
    if (path === undefined) return new TrustedIssuers([], []);
    const read = readYaml(textOf(path), KIND);
    if (read.value === null) throw mistaken(read.mistakes);
    const { mistakes } = refused(...issuerMistakes(read.value, read.placeOf));
    if (mistakes.length > 0) throw mistaken(mistakes);
    return new TrustedIssuers(read.value.issuers, [
      ...issuerWarnings(read.value),
      ...unreadableFiles(read.value),
    ]);
  }

  get isEmpty(): boolean {
    return this.#byUrl.size === 0;
  }

  all(): Iterable<TrustedIssuer> {
    return this.#byUrl.values();
  }

  /** The issuer with exactly this URL. */
  find(url: string): TrustedIssuer | null {
    return this.#byUrl.get(url) ?? null;
  }
}

function trustedIssuer(entry: TrustedIssuerEntry): TrustedIssuer {
  return {
    url: entry.issuer,
    audience: entry.audience,
    subjects: entry.subjects.map((pattern) => new StarPattern(pattern)),
    claims: Object.entries(entry.claims ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value : [value],
    ]),
    algorithms: entry.algorithms ?? ALGORITHMS,
    jwksUri: entry.jwks_uri ?? null,
    caFile: entry.ca_file ?? null,
    bearerTokenFile: entry.bearer_token_file ?? null,
  };
}

/** They are read for each request, since they may change. So a file that is missing now may be there in time. */
function unreadableFiles({ issuers }: TrustedIssuersDocument): string[] {
  return issuers.flatMap(({ issuer, ca_file: caFile, bearer_token_file: tokenFile }) =>
    [caFile, tokenFile]
      .filter((file) => file !== undefined && !isReadable(file))
      .map(
        (file) =>
          `${SETTING}: the file ${file} cannot be read, so no token of ${issuer} can be exchanged. Check its path and permissions`,
      ),
  );
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return readText(path);
  } catch {
    throw new ConfigError([`${SETTING}: the file cannot be read. Check its path and permissions`]);
  }
}

function mistaken(mistakes: readonly Finding[]): ConfigError {
  return new ConfigError(
    mistakes.map(({ line, message }) => `${SETTING}: line ${line}: ${message.replace(/\.$/, '')}`),
  );
}

import { StarPattern } from '../patterns/star-pattern.js';
import { parseIssuedSubject } from './oidc-subject.js';

const OIDC = 'oidc:';

interface IssuedPattern {
  /** The subject as the policy has it. */
  readonly subject: string;
  readonly issuer: string;
  readonly name: StarPattern;
}

/**
 * The subjects of a policy that stand for more than one account of an issuer, such as `oidc:https://issuer.example:repo:acme/*`. They are found
 * by the text before their first `*`, so an account is compared only with those that begin as it does.
 */
export class OidcPatterns {
  readonly #byPrefix = new Map<string, IssuedPattern[]>();
  /** The lengths of the prefixes. */
  readonly #lengths: ReadonlySet<number>;

  /** @param subjects all subjects of a policy, of every kind. */
  constructor(subjects: Iterable<string>) {
    for (const subject of new Set(subjects)) this.#add(subject);
    this.#lengths = new Set([...this.#byPrefix.keys()].map((prefix) => prefix.length));
  }

  /** The subjects that stand for this one too. The most specific one is first. */
  matching(subject: string): string[] {
    if (this.#byPrefix.size === 0 || !subject.startsWith(OIDC)) return [];
    const issued = parseIssuedSubject(subject.slice(OIDC.length));
    if (issued === null) return [];
    return [...this.#lengths]
      .flatMap((length) => this.#byPrefix.get(subject.slice(0, length)) ?? [])
      .filter(({ issuer, name }) => issuer === issued.issuer && name.matches(issued.name))
      .toSorted((a, b) => b.name.fixedLength - a.name.fixedLength)
      .map((pattern) => pattern.subject);
  }

  #add(subject: string): void {
    if (!subject.startsWith(OIDC) || !subject.includes('*')) return;
    const issued = parseIssuedSubject(subject.slice(OIDC.length));
    if (issued === null) return;
    const pattern = { subject, issuer: issued.issuer, name: new StarPattern(issued.name) };
    const prefix = subject.slice(0, subject.indexOf('*'));
    const known = this.#byPrefix.get(prefix);
    if (known === undefined) this.#byPrefix.set(prefix, [pattern]);
    else known.push(pattern);
  }
}

/**
 * Whether the text before a `*` ends inside of a name, so that the pattern also matches longer names: `repo:acme*` matches
 * `repo:acme-evil/app`.
 */
export function endsInsideName(pattern: string): boolean {
  return /[^:/*]\*/.test(pattern);
}

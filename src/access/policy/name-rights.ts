import { outlineOf } from '../patterns/lock-pattern.js';
import { PatternsBySuffix } from './patterns-by-suffix.js';
import { NO_RIGHTS, type Rights } from './rights.js';

/** How many names are remembered with their rights, unless the maker says otherwise. */
const REMEMBERED_MAX = 1_024;

/** Patterns, each with the rights that it gives. */
export interface PatternRights {
  readonly pattern: string;
  readonly rights: Rights;
}

/** The patterns that begin with the same text. */
interface PrefixEntry {
  /** Of those that match every name that begins so. */
  always: Rights;
  readonly others: PatternsBySuffix;
}

/**
 * The rights on each name that some patterns give together. Patterns are found by the texts that they begin and end with, so a
 * name is compared only with patterns that may match it. Names that were asked for before take one look-up.
 */
export class NameRights {
  readonly #names = new Map<string, Rights>();
  readonly #prefixes = new Map<string, PrefixEntry>();
  /** The lengths of the prefixes, in ascending order. */
  readonly #lengths: readonly number[];
  /** What all patterns give together. */
  readonly #most: Rights;
  readonly #remembered = new Map<string, Rights>();
  readonly #rememberedMax: number;
  readonly #patterns: readonly PatternRights[];

  constructor(patterns: readonly PatternRights[], rememberedMax = REMEMBERED_MAX) {
    let most = NO_RIGHTS;
    this.#patterns = patterns;
    this.#rememberedMax = rememberedMax;
    for (const entry of patterns) {
      this.#add(entry);
      most |= entry.rights;
    }
    this.#most = most;
    this.#lengths = [...new Set([...this.#prefixes.keys()].map((prefix) => prefix.length))].toSorted(
      (a, b) => a - b,
    );
  }

  on(name: string): Rights {
    const known = this.#remembered.get(name);
    if (known !== undefined) return known;
    const rights = this.#find(name);
    if (this.#remembered.size === this.#rememberedMax) this.#remembered.clear();
    this.#remembered.set(name, rights);
    return rights;
  }

  /** Each pattern with its rights, as texts to compare. */
  get entries(): string[] {
    return this.#patterns.map(({ pattern, rights }) => `${rights} ${pattern}`);
  }

  #find(name: string): Rights {
    let rights = this.#names.get(name) ?? NO_RIGHTS;
    for (const length of this.#lengths) {
      if (length > name.length || rights === this.#most) break;
      const entry = this.#prefixes.get(name.slice(0, length));
      if (entry !== undefined) rights = entry.others.addTo(rights | entry.always, name);
    }
    return rights;
  }

  #add({ pattern, rights }: PatternRights): void {
    const { prefix, rest } = outlineOf(pattern);
    if (rest === 'nothing') {
      this.#names.set(prefix, (this.#names.get(prefix) ?? NO_RIGHTS) | rights);
      return;
    }
    const entry = this.#prefixes.get(prefix) ?? { always: NO_RIGHTS, others: new PatternsBySuffix() };
    this.#prefixes.set(prefix, entry);
    if (rest === 'run') entry.always |= rights;
    else entry.others.add(pattern, rights);
  }
}

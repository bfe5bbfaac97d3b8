import { LockPattern, outlineOf } from '../patterns/lock-pattern.js';
import { includesRights, type Rights } from './rights.js';

interface Matched {
  readonly pattern: LockPattern;
  readonly rights: Rights;
}

/** Patterns with their rights, found by the text with which every name ends that they match. */
export class PatternsBySuffix {
  readonly #bySuffix = new Map<string, Matched[]>();
  readonly #lengths = new Set<number>();

  add(text: string, rights: Rights): void {
    const { suffix } = outlineOf(text);
    const known = this.#bySuffix.get(suffix) ?? [];
    known.push({ pattern: new LockPattern(text), rights });
    this.#bySuffix.set(suffix, known);
    this.#lengths.add(suffix.length);
  }

  /** The rights that a name has before, with those of all patterns that match it. */
  addTo(before: Rights, name: string): Rights {
    let rights = before;
    for (const length of this.#lengths) {
      if (length > name.length) continue;
      for (const other of this.#bySuffix.get(name.slice(name.length - length)) ?? []) {
        if (!includesRights(rights, other.rights) && other.pattern.matches(name)) rights |= other.rights;
      }
    }
    return rights;
  }
}

import { outlineOf } from '../patterns/lock-pattern.js';
import type { Grant } from './policy-document.js';
import { EVERYONE } from './principal.js';
import { includesRights, rightsOf, type Rights } from './rights.js';
import { subjectKey } from './subject-text.js';

interface Entry {
  readonly grant: number;
  readonly rights: Rights;
}

/** One subject and one pattern of a grant. */
interface Part extends Entry {
  readonly subject: string;
  readonly pattern: string;
}

/**
 * For each grant, the other grants that together allow all that it allows, or null if there are none. Of grants that allow the same,
 * only the later ones are covered.
 */
export function coveringGrants(grants: readonly Grant[]): (readonly number[] | null)[] {
  const parts = grants.map(partsOf);
  const byPattern = new Map<string, Entry[]>();
  for (const part of parts.flat()) {
    const key = keyOf(part.subject, part.pattern);
    const known = byPattern.get(key);
    if (known === undefined) byPattern.set(key, [part]);
    else known.push(part);
  }
  return parts.map((ofGrant) => {
    const found = ofGrant.map((part) => coverOf(part, byPattern)).filter((other) => other !== null);
    return found.length === ofGrant.length ? Array.from(new Set(found)) : null;
  });
}

function partsOf({ to, may, on }: Grant, grant: number): Part[] {
  const rights = rightsOf(may);
  return to.flatMap((subject) =>
    on.map((pattern) => ({ grant, rights, subject: subjectKey(subject), pattern })),
  );
}

function coverOf(part: Part, byPattern: ReadonlyMap<string, readonly Entry[]>): number | null {
  for (const subject of new Set([part.subject, EVERYONE])) {
    for (const pattern of broaderPatterns(part.pattern)) {
      const isSame = subject === part.subject && pattern === part.pattern;
      const cover = (byPattern.get(keyOf(subject, pattern)) ?? []).find(
        ({ grant, rights }) =>
          grant !== part.grant &&
          includesRights(rights, part.rights) &&
          (!isSame || rights !== part.rights || grant < part.grant),
      );
      if (cover !== undefined) return cover.grant;
    }
  }
  return null;
}

/** The pattern, and those of the form `PREFIX*` that match all that it matches. */
function* broaderPatterns(pattern: string): Generator<string> {
  yield pattern;
  const { prefix } = outlineOf(pattern);
  for (let length = 0; length <= prefix.length; length += 1) {
    const broader = `${prefix.slice(0, length)}*`;
    if (broader !== pattern) yield broader;
  }
}

function keyOf(subject: string, pattern: string): string {
  return `${subject} ${pattern}`;
}

import { readFileSync } from 'node:fs';

/** A banned phrase, and what to write instead. */
export interface Banned {
  readonly phrase: string;
  readonly instead: string;
}

/**
 * Terms of the column "Not" that have another, correct use as well, such as the owner of a file. Every other term in
 * that column is refused.
 */
const HAS_OTHER_USES = new Set([
  'key',
  'hold',
  'claim',
  'owner',
  'version',
  'queue',
  'take',
  'run out',
  'die',
  'free',
  'message',
  'call',
  'operation',
  'result',
  'archive',
  'run',
  'history',
  'listener',
]);

/** Reads the tables of docs/style.md, which is the only place with the rules. */
export class StyleGuide {
  readonly #text = readFileSync('docs/style.md', 'utf8');

  /** The phrases of the table "Phrases" that are never correct. */
  get phrases(): Banned[] {
    return this.#rowsAfter('## Phrases').map(([phrase = '', instead = '']) => ({ phrase, instead }));
  }

  /** The terms that our glossary replaces. */
  get terms(): Banned[] {
    return this.#rowsAfter('## Words').flatMap(([instead = '', , not = '']) =>
      termsOf(not).map((phrase) => ({ phrase, instead })),
    );
  }

  /** The sentences that were rewritten. */
  get sentences(): Banned[] {
    return this.#rowsAfter('## Before and after').map(([phrase = '', instead = '']) => ({ phrase, instead }));
  }

  #rowsAfter(heading: string): string[][] {
    const [, section = ''] = this.#text.split(`\n${heading}\n`);
    const [own = ''] = section.split('\n## ');
    const rows = own.split('\n').filter((line) => line.startsWith('|'));
    return rows.slice(2).map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }
}

/** `queue (only inside code)` is the term `queue`. */
function termsOf(cell: string): string[] {
  return cell
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '' && !HAS_OTHER_USES.has(term));
}

/** Where a text has a banned phrase, with some of the words around it. */
export function findBanned(text: string, banned: readonly Banned[]): string[] {
  const flat = text.replaceAll(/\s+/g, ' ');
  return banned.flatMap(({ phrase, instead }) =>
    [...flat.matchAll(patternOf(phrase))].map(({ index }) => {
      const around = flat.slice(Math.max(0, index - 30), index + phrase.length + 30);
      return `"${phrase}" in "…${around}…": write "${instead}"`;
    }),
  );
}

/** The phrase as whole words. One with a capital must begin a sentence; all others match in any case. */
function patternOf(phrase: string): RegExp {
  const escaped = phrase.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const [start, end] = [/^\w/, /\w$/].map((edge) => (edge.test(phrase) ? String.raw`\b` : ''));
  return new RegExp(`${start}${escaped}${end}`, /^[A-Z]/.test(phrase) ? 'g' : 'gi');
}

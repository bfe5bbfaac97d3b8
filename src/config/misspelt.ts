import { ENVIRONMENT } from './environment.js';

/** What the command line's clients read, and what they give to the commands that they run. */
const NAMES_OF_CLIENTS = [
  'OCTOSTORE_BASE_URL',
  'OCTOSTORE_TOKEN',
  'OCTOSTORE_LOCK',
  'OCTOSTORE_LEASE_ID',
  'OCTOSTORE_FENCING_TOKEN',
  'OCTOSTORE_SESSION_ID',
] as const;

/** Names of others that begin like ours. */
const NAMES_OF_OTHERS = new Set(['GITHUB_BASE_REF']);

/** What Kubernetes and Docker put into the environment for a service of any name. */
const SERVICE_LINK =
  /_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

const SETTINGS = Object.keys(ENVIRONMENT.shape);
const KNOWN = new Set<string>([...SETTINGS, ...NAMES_OF_CLIENTS]);

/** Beginnings that may be ours, such as `MAX_`. */
const BEGINNINGS = new Set([...SETTINGS, ...NAMES_OF_CLIENTS].map((name) => beginningOf(name, 1)));

/** Beginnings that are hardly anybody else's, such as `MAX_LOCKS_`. */
const CLEAR_BEGINNINGS = new Set([...SETTINGS.map((name) => beginningOf(name, 2)), 'OCTOSTORE_', 'WEBHOOK_']);

const TYPOS_MAX = 2;

/** A sentence about a name in a file of settings that is none of ours, but meant to be; null if nothing is wrong. */
export function misspeltInFile(name: string): string | null {
  const isOurs = BEGINNINGS.has(beginningOf(name, 1)) || nearest(name).typos <= TYPOS_MAX;
  return !KNOWN.has(name) && isOurs ? sentence(name) : null;
}

/** The same for the environment, which is full of other programs' names: only for what can hardly be meant for another. */
export function misspeltInEnvironment(name: string): string | null {
  if (KNOWN.has(name) || NAMES_OF_OTHERS.has(name) || SERVICE_LINK.test(name)) return null;
  const isOurs =
    CLEAR_BEGINNINGS.has(beginningOf(name, 2)) ||
    CLEAR_BEGINNINGS.has(beginningOf(name, 1)) ||
    nearest(name).typos <= TYPOS_MAX;
  return isOurs ? sentence(name) : null;
}

function sentence(name: string): string {
  const { known, typos } = nearest(name);
  const hint = typos <= name.length / 2 ? `Did you mean ${known}?` : 'The settings are in .env.example.';
  return `${name} is not a setting. ${hint}`;
}

/** The first words of a name, each with its underscore. */
function beginningOf(name: string, words: number): string {
  return name
    .split('_')
    .slice(0, words)
    .map((word) => `${word}_`)
    .join('');
}

interface Nearest {
  readonly known: string;
  readonly typos: number;
}

function nearest(name: string): Nearest {
  let best: Nearest = { known: '', typos: Infinity };
  for (const known of KNOWN) {
    const typos = distance(name.toUpperCase(), known);
    if (typos < best.typos) best = { known, typos };
  }
  return best;
}

/** Levenshtein's: letters to add, leave out or change. Words that are missing, as in MAX_LOCKS, count as one. */
function distance(name: string, known: string): number {
  if (lacksWords(name, known)) return 1;
  let row = Array.from({ length: known.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...name].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= known.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + Number(known[column - 1] !== letter);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[known.length] ?? Infinity;
}

function lacksWords(name: string, known: string): boolean {
  const [first, ...words] = name.split('_');
  const all = known.split('_');
  return first === all[0] && words.length > 0 && name !== known && words.every((word) => all.includes(word));
}

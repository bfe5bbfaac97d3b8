import { ENVIRONMENT } from './environment.js';

/** Variables that the client commands read, or pass on to the commands that they run. */
const CLIENT_VARIABLES = [
  'OCTOSTORE_BASE_URL',
  'OCTOSTORE_TOKEN',
  'OCTOSTORE_OIDC_TOKEN_FILE',
  'OCTOSTORE_ADMIN_KEY',
  'OCTOSTORE_LOCK',
  'OCTOSTORE_LEASE_ID',
  'OCTOSTORE_FENCING_TOKEN',
  'OCTOSTORE_SLOTS',
  'OCTOSTORE_SESSION_ID',
] as const;

/** Variables of other programs that begin like ours. */
const FOREIGN_VARIABLES = new Set(['GITHUB_BASE_REF']);

/** Variables that Kubernetes and Docker set for each service, whatever its name. */
const SERVICE_LINK =
  /_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

const SETTINGS = Object.keys(ENVIRONMENT.shape);
const KNOWN = new Set<string>([...SETTINGS, ...CLIENT_VARIABLES]);

/** Prefixes that may be ours, such as `MAX_`. */
const PREFIXES = new Set([...SETTINGS, ...CLIENT_VARIABLES].map((name) => prefixOf(name, 1)));

/** Prefixes that hardly any other program uses, such as `MAX_LOCKS_`. */
const DISTINCT_PREFIXES = new Set([...SETTINGS.map((name) => prefixOf(name, 2)), 'OCTOSTORE_', 'WEBHOOK_']);

const TYPOS_MAX = 2;

/** A sentence about a name in a file of settings that looks like a misspelt setting. Null if it does not. */
export function misspeltInFile(name: string): string | null {
  const isOurs = PREFIXES.has(prefixOf(name, 1)) || nearest(name).typos <= TYPOS_MAX;
  return !KNOWN.has(name) && isOurs ? sentence(name) : null;
}

/**
 * The same for the environment. It contains names of other programs, so only a name that hardly any other program would use
 * counts.
 */
export function misspeltInEnvironment(name: string): string | null {
  if (KNOWN.has(name) || FOREIGN_VARIABLES.has(name) || SERVICE_LINK.test(name)) return null;
  const isOurs =
    DISTINCT_PREFIXES.has(prefixOf(name, 2)) ||
    DISTINCT_PREFIXES.has(prefixOf(name, 1)) ||
    nearest(name).typos <= TYPOS_MAX;
  return isOurs ? sentence(name) : null;
}

function sentence(name: string): string {
  const { known, typos } = nearest(name);
  const hint = typos <= name.length / 2 ? `Did you mean ${known}?` : 'See .env.example for all settings.';
  return `${name} is not a setting. ${hint}`;
}

/** The first words of a name, each with the underscore after it. */
function prefixOf(name: string, words: number): string {
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

/** The Levenshtein distance: letters to add, remove or change. Missing words, as in MAX_LOCKS, count as one letter. */
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

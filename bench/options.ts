import { parseArgs } from 'node:util';
import { WORKLOADS } from './workloads/catalogue.js';

/** What one run of the benchmark is to do. */
export interface BenchOptions {
  /** The server to load; null to start one. */
  readonly url: URL | null;
  readonly token: string | null;
  readonly adminKey: string | null;
  readonly workloads: readonly string[];
  readonly concurrency: number;
  /** Seconds for which each workload is measured. */
  readonly duration: number;
  /** Seconds before that. */
  readonly warmup: number;
  /** Requests a second; null for as many as are answered. */
  readonly rate: number | null;
  readonly jsonFile: string | null;
  readonly htmlFile: string | null;
}

/** The command line makes no sense. The message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Loads an OctoStore server and shows what it does.

  npm run bench -- [options]

  --url URL            the server; without it one is started on a database of its own
  --token TOKEN        a bearer token of that server; or in OCTOSTORE_TOKEN
  --admin-key KEY      shows the server's commits as well; or in ADMIN_KEY
  --workload NAMES     of those below, separated by commas; all of them by default
  --concurrency N      connections, each with one request at a time (64)
  --duration SECONDS   measured, for each workload (10)
  --warmup SECONDS     before that (2)
  --rate N             requests a second that are due whether or not earlier ones were answered, with latency from when
                       they were due; without it each connection asks again once it is answered
  --json FILE          writes all figures
  --html FILE          writes a page with plots

Workloads:
${WORKLOADS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}
`;

const OPTIONS = {
  url: { type: 'string' },
  token: { type: 'string' },
  'admin-key': { type: 'string' },
  workload: { type: 'string' },
  concurrency: { type: 'string', default: '64' },
  duration: { type: 'string', default: '10' },
  warmup: { type: 'string', default: '2' },
  rate: { type: 'string' },
  json: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a command line. Returns 'help' if that is what it asks for; throws `UsageError`. */
export function parseOptions(args: readonly string[], environment: Environment = {}): BenchOptions | 'help' {
  const values = parsed(args);
  if (values.help) return 'help';
  const token = values.token ?? environment['OCTOSTORE_TOKEN'] ?? null;
  const url = values.url === undefined ? null : serverUrl(values.url);
  if (url !== null && token === null) throw new UsageError('--url needs --token, or OCTOSTORE_TOKEN');
  return {
    url,
    token,
    adminKey: values['admin-key'] ?? environment['ADMIN_KEY'] ?? null,
    workloads: workloadsNamed(values.workload),
    concurrency: whole('--concurrency', values.concurrency, 1, 100_000),
    duration: whole('--duration', values.duration, 1, 3600),
    warmup: whole('--warmup', values.warmup, 0, 3600),
    rate: values.rate === undefined ? null : whole('--rate', values.rate, 1, 1_000_000),
    jsonFile: values.json ?? null,
    htmlFile: values.html ?? null,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError('--url must be an http(s) URL');
  return url;
}

function workloadsNamed(text: string | undefined): string[] {
  const all = WORKLOADS.map(({ name }) => name);
  const names = text === undefined ? all : text.split(',');
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`there is no workload called ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return names;
}

/** Reads a whole number of a command line; throws `UsageError`. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${name} must be a whole number between ${min} and ${max}`);
  return value;
}

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

/** The options of the command line, as they were written. */
export interface BenchFlags {
  readonly url?: string;
  readonly token?: string;
  readonly adminKey?: string;
  readonly workload?: string;
  readonly concurrency: string;
  readonly duration: string;
  readonly warmup: string;
  readonly rate?: string;
  readonly json?: string;
  readonly html?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the flags ask for. A server to load is never taken from the environment. Throws `UsageError`. */
export function benchOptionsOf(flags: BenchFlags, environment: Environment): BenchOptions {
  const token = flags.token ?? environment['OCTOSTORE_TOKEN'] ?? null;
  const url = flags.url === undefined ? null : serverUrl(flags.url);
  if (url !== null && token === null)
    throw new UsageError('--url needs a token, in OCTOSTORE_TOKEN or with --token');
  return {
    url,
    token,
    adminKey: flags.adminKey ?? environment['ADMIN_KEY']?.split(',')[0]?.trim() ?? null,
    workloads: workloadsNamed(flags.workload),
    concurrency: whole('--concurrency', flags.concurrency, 1, 100_000),
    duration: whole('--duration', flags.duration, 1, 3600),
    warmup: whole('--warmup', flags.warmup, 0, 3600),
    rate: flags.rate === undefined ? null : whole('--rate', flags.rate, 1, 1_000_000),
    jsonFile: flags.json ?? null,
    htmlFile: flags.html ?? null,
  };
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

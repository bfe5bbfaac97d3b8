import { WORKLOADS } from './workloads/catalogue.js';

/** The options of one run of the benchmark. */
export interface BenchOptions {
  /** The server to load. Null to start one. */
  readonly url: URL | null;
  readonly token: string | null;
  readonly adminKey: string | null;
  readonly workloads: readonly string[];
  readonly concurrency: number;
  /** Seconds that each workload is measured. */
  readonly duration: number;
  /** Seconds that each workload runs before it is measured. */
  readonly warmup: number;
  /** Requests per second. Null for as many as the server answers. */
  readonly rate: number | null;
  readonly jsonFile: string | null;
  readonly htmlFile: string | null;
}

/** The command line is not valid. The message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options of the command line, as texts. */
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

/** Parses the flags. The server to load never comes from the environment. Throws `UsageError`. */
export function benchOptionsOf(flags: BenchFlags, environment: Environment): BenchOptions {
  const token = flags.token ?? environment['OCTOSTORE_TOKEN'] ?? null;
  const url = flags.url === undefined ? null : serverUrl(flags.url);
  if (url !== null && token === null)
    throw new UsageError('--url needs a token. Set OCTOSTORE_TOKEN, or give --token.');
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
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError('--url must be an http or https URL.');
  return url;
}

function workloadsNamed(text: string | undefined): string[] {
  const all = WORKLOADS.map(({ name }) => name);
  const names = text === undefined ? all : text.split(',');
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`there is no workload called ${unknown.join(', ')}. Choose from ${all.join(', ')}.`);
  return names;
}

/** Reads a whole number from the command line. Throws `UsageError`. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${name} must be a whole number from ${min} to ${max}.`);
  return value;
}

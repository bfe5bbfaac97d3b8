import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { faultShape } from '../../../lab/kit/proxy/fault.js';
import { Variables } from './variables.js';

const json = z.record(z.string(), z.unknown());

/** The proxy that a step is about. */
const at = z.enum(['first', 'second']);
const atEither = z.enum(['first', 'second', 'both']);

/** How a request to the driver must end. By default, it must succeed. */
const outcome = {
  gives: z.unknown().optional(),
  fails: json.optional(),
  /** Values to save: the variable, and the path in the answer. */
  save: z.record(z.string(), z.string()).optional(),
  at_least_ms: z.int().optional(),
  at_most_ms: z.int().optional(),
};

const steps = {
  /** A request to the driver. With `start`, it runs until the `finish` step of that name. */
  do: z.strictObject({ do: z.string(), with: json.default({}), start: z.string().optional(), ...outcome }),
  finish: z.strictObject({ finish: z.string(), ...outcome }),
  /** An event that the driver must send. */
  event: z.strictObject({
    event: z.string(),
    of: z.string(),
    gives: z.unknown().optional(),
    save: z.record(z.string(), z.string()).optional(),
    within_ms: z.int().default(10_000),
  }),
  /**
   * The loss that a handle must signal, and how long after a request. The request is the last one of an operation with a success
   * status, or the first one with an error status.
   */
  lost: z.strictObject({
    lost: z.strictObject({ handle: z.string() }).or(z.strictObject({ session: z.string() })),
    since: z.string(),
    at: atEither.default('first'),
    status: z.int().default(200),
    at_least_ms: z.int().default(0),
    at_most_ms: z.int(),
  }),
  /** The requests that must have reached a proxy, or both together. */
  seen: z.strictObject({
    seen: z.string(),
    at: atEither.default('first'),
    count: z.union([z.int(), json]).optional(),
    /** Milliseconds to wait for the count. With 0, it must be right now. */
    within_ms: z.int().default(0),
    /** Paths at which all requests have the same value, or all have different ones. */
    same: z.array(z.string()).default([]),
    different: z.array(z.string()).default([]),
    all: json.optional(),
    first: json.optional(),
    last: json.optional(),
    /** Milliseconds between consecutive requests. */
    gaps_ms: json.optional(),
    /** Milliseconds since the last request. */
    age_ms: json.optional(),
  }),
  fault: z.strictObject({ fault: faultShape, at: at.default('first') }),
  faults: z.strictObject({ faults: z.literal('end'), at: at.default('first') }),
  network: z.strictObject({ network: z.enum(['down', 'up', 'cut']), at: at.default('first') }),
  server: z.strictObject({ server: z.enum(['kill', 'start', 'stop', 'continue']) }),
  /** With `terminate`, the driver must exit within a time. */
  driver: z.strictObject({
    driver: z.enum(['stop', 'continue', 'terminate']),
    within_ms: z.int().default(5000),
  }),
  /** A request from the runner directly to the server, without the proxy. */
  http: z.strictObject({
    http: z.string(),
    body: json.optional(),
    as: z.enum(['same', 'other']).default('other'),
    status: z.int().default(200),
    gives: z.unknown().optional(),
    save: z.record(z.string(), z.string()).optional(),
    /** Milliseconds to repeat the request until the answer matches. */
    within_ms: z.int().default(0),
  }),
  /** A proof of a lease, which must be valid by the server's public keys and have these claims. */
  proof: z.strictObject({ proof: z.string(), gives: json.default({}) }),
  pause_ms: z.strictObject({ pause_ms: z.int() }),
};

export type Step = { [Kind in keyof typeof steps]: z.infer<(typeof steps)[Kind]> }[keyof typeof steps];
export type StepOf<Kind extends keyof typeof steps> = z.infer<(typeof steps)[Kind]>;

const scenarioShape = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  about: z.string(),
  /** `own` for scenarios that stop or restart the server. */
  server: z.enum(['shared', 'own']).default('shared'),
  driver: z.enum(['shared', 'own']).default('shared'),
  /** Environment variables for its own driver. They add to the usual ones, or replace them. Variables are filled in. */
  environment: z.record(z.string(), z.string()).default({}),
  /** The options of client `c`, besides its URL and token. Null for no client. */
  client: json.nullable().default({}),
  /** How many times to run it until it succeeds, if it depends on random delays. */
  tries: z.int().default(1),
  /** Runs the scenario once with each of these sets of variables. */
  each: z.array(json).optional(),
  steps: z.array(json).min(1),
});

export interface Scenario extends Omit<z.infer<typeof scenarioShape>, 'each' | 'steps'> {
  readonly steps: readonly Step[];
}

/** All scenarios of a folder, in the order of its files. Throws if one is invalid. */
export function loadScenarios(folder: string): Scenario[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const scenarios = files.toSorted().flatMap((file) => scenariosOf(join(folder, file)));
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two scenarios are named ${twice}`);
  return scenarios;
}

function scenariosOf(file: string): Scenario[] {
  const entries = load(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file} is not a list of scenarios`);
  return entries.flatMap((entry: unknown, at) => {
    try {
      return variants(scenarioShape.parse(entry));
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      throw new Error(`${file}, scenario ${at + 1}: ${why}`, { cause: error });
    }
  });
}

function variants({ each, ...scenario }: z.infer<typeof scenarioShape>): Scenario[] {
  return (each ?? [{}]).map((values) => {
    const which = Object.values(values).slice(0, 1).map(shown);
    const steps = new Variables(values).fill(scenario.steps).map(stepOf);
    return { ...scenario, name: [scenario.name, ...which].join('-'), steps };
  });
}

/** The kind of a step is the member that it has. */
function stepOf(step: Readonly<Record<string, unknown>>): Step {
  const shape = Object.entries(steps).find(([kind]) => kind in step)?.[1];
  if (shape === undefined) throw new Error(`unknown kind of step: ${JSON.stringify(step)}`);
  const parsed = (shape as z.ZodType<Step>).safeParse(step);
  if (parsed.success) return parsed.data;
  throw new Error(`${JSON.stringify(step)}: ${z.prettifyError(parsed.error)}`);
}

/** A value in the name of a scenario. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

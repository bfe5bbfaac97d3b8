import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { faultShape } from '../../../lab/kit/proxy/fault.js';
import { Variables } from './variables.js';

const json = z.record(z.string(), z.unknown());

/** How a request to the driver must end. Without either it must succeed. */
const outcome = {
  gives: z.unknown().optional(),
  fails: json.optional(),
  /** Values to remember: variable, and path in the answer. */
  save: z.record(z.string(), z.string()).optional(),
  at_least_ms: z.int().optional(),
  at_most_ms: z.int().optional(),
};

const steps = {
  /** A request to the driver; with `start` it runs on until the step `finish` of that name. */
  do: z.strictObject({ do: z.string(), with: json.default({}), start: z.string().optional(), ...outcome }),
  finish: z.strictObject({ finish: z.string(), ...outcome }),
  /** An event of the driver that must come. */
  event: z.strictObject({
    event: z.string(),
    of: z.string(),
    save: z.record(z.string(), z.string()).optional(),
    within_ms: z.int().default(10_000),
  }),
  /**
   * The loss that a handle must signal, and how long after a request of a kind had come that was answered with a status: the
   * last one if that is a success, else the first one.
   */
  lost: z.strictObject({
    lost: z.strictObject({ handle: z.string() }).or(z.strictObject({ session: z.string() })),
    since: z.string(),
    status: z.int().default(200),
    at_least_ms: z.int().default(0),
    at_most_ms: z.int(),
  }),
  /** What must have reached the proxy. */
  seen: z.strictObject({
    seen: z.string(),
    count: z.union([z.int(), json]).optional(),
    /** Milliseconds to wait for the count to be so; with 0 it must be so now. */
    within_ms: z.int().default(0),
    /** Paths at which all of them have the same value, or each another one. */
    same: z.array(z.string()).default([]),
    different: z.array(z.string()).default([]),
    all: json.optional(),
    first: json.optional(),
    last: json.optional(),
    /** Milliseconds between any two that follow each other. */
    gaps_ms: json.optional(),
    /** Milliseconds since the last one. */
    age_ms: json.optional(),
  }),
  fault: z.strictObject({ fault: faultShape }),
  faults: z.strictObject({ faults: z.literal('end') }),
  network: z.strictObject({ network: z.enum(['down', 'up', 'cut']) }),
  server: z.strictObject({ server: z.enum(['kill', 'start', 'stop', 'continue']) }),
  driver: z.strictObject({ driver: z.enum(['stop', 'continue']) }),
  /** A request of the runner itself to the server, past the proxy. */
  http: z.strictObject({
    http: z.string(),
    body: json.optional(),
    as: z.enum(['same', 'other']).default('other'),
    status: z.int().default(200),
    gives: z.unknown().optional(),
    save: z.record(z.string(), z.string()).optional(),
    /** Milliseconds to ask again and again until the answer is so. */
    within_ms: z.int().default(0),
  }),
  pause_ms: z.strictObject({ pause_ms: z.int() }),
};

export type Step = { [Kind in keyof typeof steps]: z.infer<(typeof steps)[Kind]> }[keyof typeof steps];
export type StepOf<Kind extends keyof typeof steps> = z.infer<(typeof steps)[Kind]>;

const scenarioShape = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  about: z.string(),
  /** `own` for those that stop or restart it. */
  server: z.enum(['shared', 'own']).default('shared'),
  driver: z.enum(['shared', 'own']).default('shared'),
  /** Variables that its own driver finds in its environment besides, or instead of, the usual ones. */
  environment: z.record(z.string(), z.string()).default({}),
  /** What the client `c` is made with, beside its URL and token; null for none. */
  client: json.nullable().default({}),
  /** How often to play it until it succeeds, if it hangs on delays that are drawn by lot. */
  tries: z.int().default(1),
  /** Plays the scenario once with each of these sets of variables. */
  each: z.array(json).optional(),
  steps: z.array(json).min(1),
});

export interface Scenario extends Omit<z.infer<typeof scenarioShape>, 'each' | 'steps'> {
  readonly steps: readonly Step[];
}

/** All scenarios of a folder, in the order of its files. Throws if one is not written as it should be. */
export function loadScenarios(folder: string): Scenario[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const scenarios = files.toSorted().flatMap((file) => scenariosOf(join(folder, file)));
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two scenarios are called ${twice}`);
  return scenarios;
}

function scenariosOf(file: string): Scenario[] {
  const entries = load(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file} is no list of scenarios`);
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

/** A step is of the kind that it has a member of. */
function stepOf(step: Readonly<Record<string, unknown>>): Step {
  const shape = Object.entries(steps).find(([kind]) => kind in step)?.[1];
  if (shape === undefined) throw new Error(`no kind of step: ${JSON.stringify(step)}`);
  const parsed = (shape as z.ZodType<Step>).safeParse(step);
  if (parsed.success) return parsed.data;
  throw new Error(`${JSON.stringify(step)}: ${z.prettifyError(parsed.error)}`);
}

/** For the name of a scenario. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

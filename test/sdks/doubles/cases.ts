import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { difference } from '../../../sdks/conformance/runner/match.js';

/** Who makes a request. Null needs no token. */
type Person = 'ada' | 'bob' | 'admin' | null;

interface Expected {
  readonly status: number;
  readonly answer?: unknown;
  readonly save?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly as: Person;
  /** The method and the path. */
  readonly ask: string;
  readonly body?: unknown;
}

interface Ask extends Asked, Expected {
  /** Asks until the answer is the expected one. */
  readonly until?: true;
}

/** Sends a request and does not wait for its answer. */
interface Start extends Asked {
  readonly start: string;
}

interface Finish extends Expected {
  readonly finish: string;
}

interface Pass {
  readonly pass_seconds: number;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly (Ask | Start | Finish | Pass)[];
}

/** What answers the requests of a case. */
export interface Target {
  readonly url: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  readonly tokens: Readonly<Record<Exclude<Person, null>, string>>;
  /** The logins of the two users. */
  readonly logins: { readonly ada: string; readonly bob: string };
  passSeconds(seconds: number): Promise<void> | void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What every test double and the real server must answer. */
export const CASES = (
  JSON.parse(readFileSync('sdks/conformance/test-double-cases.json', 'utf8')) as {
    readonly cases: readonly Case[];
  }
).cases;

const PATIENCE_MS = 10_000;

/** Runs one case. Each run has names and ids of its own. */
export class CaseRun {
  readonly #target: Target;
  readonly #saved = new Map<string, unknown>();
  readonly #started = new Map<string, Promise<Answer>>();

  constructor(target: Target) {
    this.#target = target;
    this.#saved.set('lock', `case-${randomUUID()}`);
    for (const id of ['id1', 'id2', 'id3', 'id4']) this.#saved.set(id, randomUUID());
    for (const [person, login] of Object.entries(target.logins)) this.#saved.set(person, login);
  }

  async run({ steps }: Case): Promise<void> {
    for (const [at, step] of steps.entries()) await this.#step(step, `step ${at}`);
  }

  async #step(step: Case['steps'][number], where: string): Promise<void> {
    if ('pass_seconds' in step) return this.#target.passSeconds(step.pass_seconds);
    if ('start' in step) {
      const answer = this.#ask(step);
      answer.catch(() => undefined);
      this.#started.set(step.start, answer);
      return;
    }
    if ('finish' in step) {
      const answer = this.#started.get(step.finish);
      if (answer === undefined) throw new Error(`${where}: nothing was started as ${step.finish}`);
      return this.#check(await answer, step, where);
    }
    if (step.until === true) await this.#askUntil(step);
    this.#check(await this.#ask(step), step, where);
  }

  async #askUntil(step: Ask): Promise<void> {
    const isReached = async (): Promise<boolean> => this.#differs(await this.#ask(step), step) === null;
    await expect.poll(isReached, { timeout: PATIENCE_MS, interval: 5 }).toBe(true);
  }

  async #ask({ as, ask, body }: Asked): Promise<Answer> {
    const [method, path] = String(this.#filled(ask)).split(' ');
    const { tokens, url } = this.#target;
    const response = await this.#target.fetch(`${url}${path}`, {
      method: method ?? 'GET',
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${tokens[as]}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(this.#filled(body)) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  #check(answer: Answer, expected: Expected, where: string): void {
    expect(this.#differs(answer, expected), where).toBeNull();
    for (const [name, field] of Object.entries(expected.save ?? {}))
      this.#saved.set(name, (answer.body as Record<string, unknown>)[field]);
  }

  #differs({ status, body }: Answer, expected: Expected): string | null {
    if (status !== expected.status) return `the status is ${status}: ${JSON.stringify(body)}`;
    return expected.answer === undefined ? null : difference(this.#filled(expected.answer), body);
  }

  /** The value with the variables in it replaced. A text that is only a variable becomes its value, of whatever type. */
  #filled(value: unknown): unknown {
    if (typeof value === 'string') {
      const whole = /^\{(\w+)\}$/.exec(value)?.[1];
      if (whole !== undefined) return this.#saved.get(whole);
      return value.replace(/\{(\w+)\}/g, (_, name: string) => String(this.#saved.get(name)));
    }
    if (Array.isArray(value)) return value.map((entry) => this.#filled(entry));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#filled(member)]));
  }
}

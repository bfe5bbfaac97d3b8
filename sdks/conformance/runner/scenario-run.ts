import { readFileSync } from 'node:fs';
import { BuiltServer } from '../../../lab/kit/server/built-server.js';
import { Driver, type Json, type Reply } from './driver.js';
import { Proxies } from './proxies.js';
import { ROOT } from './root.js';
import type { Scenario } from './scenario.js';
import { ADMIN_KEY, tokenOf } from './secrets.js';
import { Variables } from './variables.js';

/** What scenarios share. */
export interface SharedResources {
  readonly server: BuiltServer;
  /** Starts a driver with the shared server in its environment, plus the given variables. */
  readonly newDriver: (environment: Readonly<Record<string, string>>) => Driver;
  /** Null if each scenario needs its own. */
  readonly driver: Driver | null;
  /** A number that no other run against the shared server has. */
  readonly nextUser: () => number;
}

/** A request to the driver that is still running. */
export interface Running {
  readonly startedAtMs: number;
  readonly reply: Promise<Reply>;
}

const RULES = rulesIn('rules.json');

const USERS = 500;

/** The users of a run, and which tokens they have. */
const TOKENS = [
  ['same', 'same'],
  ['same', 'spare'],
  ['other', 'other'],
] as const;

/** The settings of every server under test. Each run has two users of its own. */
export const SERVER_SETTINGS = {
  STATIC_TOKENS: Array.from({ length: USERS }, (_, number) =>
    TOKENS.map(([user, token]) => `${user}-${number}:${tokenOf(token, number)}`),
  )
    .flat()
    .join(','),
  ADMIN_KEY,
  // All drivers share one address, and some scenarios use invalid tokens.
  AUTH_FAILURES_PER_MINUTE: '1000000',
};

/** Returns consecutive user numbers. */
export function userNumbers(): () => number {
  let last = ENVIRONMENT_USER;
  return () => {
    last += 1;
    if (last >= USERS) throw new Error('there are more runs than users');
    return last;
  };
}

/** The number of the user whose token is in the drivers' environment. */
export const ENVIRONMENT_USER = 0;

/** The resources of one run of a scenario. */
export class ScenarioRun {
  readonly running = new Map<string, Running>();

  private constructor(
    readonly server: BuiltServer,
    readonly driver: Driver,
    readonly proxies: Proxies,
    readonly variables: Variables,
    readonly tokens: Readonly<Record<'same' | 'other', string>>,
    readonly scope: string,
    private readonly own: { readonly server: boolean; readonly driver: boolean },
  ) {}

  static async start(scenario: Scenario, shared: SharedResources): Promise<ScenarioRun> {
    const number = shared.nextUser();
    const ownServer = scenario.server === 'own';
    const server = ownServer ? new BuiltServer({ ...SERVER_SETTINGS }) : shared.server;
    if (ownServer) await server.start();
    const proxies = await Proxies.start(() => server.address);
    const prefix = `p${number}/`;
    const tokens = { same: tokenOf('same', number), other: tokenOf('other', number) };
    const variables = new Variables({
      rules: RULES,
      prefix,
      lock: `${prefix}${scenario.name}`,
      url: proxies.at.first.url,
      second_url: proxies.at.second.url,
      token: tokens.same,
      spare_token: tokenOf('spare', number),
      user: `same-${number}`,
      other_token: tokens.other,
      other_user: `other-${number}`,
      admin_key: ADMIN_KEY,
    });
    const sharedDriver = scenario.driver === 'own' ? null : shared.driver;
    const driver = sharedDriver ?? shared.newDriver(variables.fill(scenario.environment));
    const own = { server: ownServer, driver: sharedDriver === null };
    const scenarioRun = new ScenarioRun(server, driver, proxies, variables, tokens, `s${number}`, own);
    try {
      await scenarioRun.#makeClient(scenario);
      return scenarioRun;
    } catch (error) {
      await scenarioRun.clear();
      throw error;
    }
  }

  request(what: string, given: Json): Promise<Reply> {
    return this.driver.request(this.scope, what, given);
  }

  async clear(): Promise<void> {
    await this.proxies.down();
    if (this.own.server) await this.server.remove();
    if (this.own.driver) await this.driver.end();
  }

  async #makeClient({ client }: Scenario): Promise<void> {
    if (client === null) return;
    const given = {
      as: 'c',
      base_url: this.proxies.at.first.url,
      ...('token_function' in client ? {} : { token: this.tokens.same }),
      ...this.variables.fill(client),
    };
    const { error } = await this.request('client', given);
    if (error !== undefined) throw new Error(`the client could not be created: ${JSON.stringify(error)}`);
  }
}

function rulesIn(file: string): unknown {
  return JSON.parse(readFileSync(`${ROOT}/sdks/conformance/${file}`, 'utf8'));
}

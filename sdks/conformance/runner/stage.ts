import { readFileSync } from 'node:fs';
import { BuiltServer } from '../../../lab/kit/server/built-server.js';
import { Driver, type Json, type Reply } from './driver.js';
import { Proxy } from '../../../lab/kit/proxy/proxy.js';
import { ROOT } from './root.js';
import type { Scenario } from './scenario.js';
import { tokenOf } from './secrets.js';
import { Variables } from './variables.js';

/** What scenarios share. */
export interface House {
  readonly server: BuiltServer;
  /** Starts a driver that finds the shared server in its environment, and what else it is given. */
  readonly newDriver: (environment: Readonly<Record<string, string>>) => Driver;
  /** Null if each scenario needs one of its own. */
  readonly driver: Driver | null;
  /** A number that no other playing against the shared server has. */
  readonly nextUser: () => number;
}

/** A request to the driver that is still running. */
export interface Running {
  readonly startedAtMs: number;
  readonly reply: Promise<Reply>;
}

const RULES: unknown = JSON.parse(readFileSync(`${ROOT}/sdks/conformance/rules.json`, 'utf8'));

const USERS = 400;

/** The settings of every server that scenarios are played against: each playing has two users of its own. */
export const SERVER_SETTINGS = {
  STATIC_TOKENS: Array.from({ length: USERS }, (_, number) =>
    (['same', 'other'] as const).map((user) => `${user}-${number}:${tokenOf(user, number)}`),
  )
    .flat()
    .join(','),
  // All drivers ask from one address, also with tokens that are not valid.
  AUTH_FAILURES_PER_MINUTE: '1000000',
};

/** Gives the numbers of users one after the other. */
export function userNumbers(): () => number {
  let last = ENVIRONMENT_USER;
  return () => {
    last += 1;
    if (last >= USERS) throw new Error('more playings than users');
    return last;
  };
}

/** The number of the user whose token stands in the drivers' environment. */
export const ENVIRONMENT_USER = 0;

/** What one playing of a scenario has around it. */
export class Stage {
  readonly running = new Map<string, Running>();

  private constructor(
    readonly server: BuiltServer,
    readonly driver: Driver,
    readonly proxy: Proxy,
    readonly variables: Variables,
    readonly tokens: Readonly<Record<'same' | 'other', string>>,
    readonly scope: string,
    private readonly own: { readonly server: boolean; readonly driver: boolean },
  ) {}

  static async set(scenario: Scenario, house: House): Promise<Stage> {
    const number = house.nextUser();
    const ownServer = scenario.server === 'own';
    const server = ownServer ? new BuiltServer({ ...SERVER_SETTINGS }) : house.server;
    if (ownServer) await server.start();
    const shared = scenario.driver === 'own' ? null : house.driver;
    const driver = shared ?? house.newDriver(scenario.environment);
    const proxy = await Proxy.start(() => server.address);
    const prefix = `p${number}/`;
    const tokens = { same: tokenOf('same', number), other: tokenOf('other', number) };
    const variables = new Variables({
      rules: RULES,
      prefix,
      lock: `${prefix}${scenario.name}`,
      url: proxy.url,
      token: tokens.same,
      user: `same-${number}`,
      other_token: tokens.other,
      other_user: `other-${number}`,
    });
    const own = { server: ownServer, driver: shared === null };
    const stage = new Stage(server, driver, proxy, variables, tokens, `s${number}`, own);
    try {
      await stage.#makeClient(scenario);
      return stage;
    } catch (error) {
      await stage.clear();
      throw error;
    }
  }

  request(what: string, given: Json): Promise<Reply> {
    return this.driver.request(this.scope, what, given);
  }

  async clear(): Promise<void> {
    this.proxy.faults.clear();
    await this.proxy.down().catch(() => undefined);
    if (this.own.server) await this.server.remove();
    if (this.own.driver) await this.driver.end();
  }

  async #makeClient({ client }: Scenario): Promise<void> {
    if (client === null) return;
    const given = {
      as: 'c',
      base_url: this.proxy.url,
      token: this.tokens.same,
      ...this.variables.fill(client),
    };
    const { error } = await this.request('client', given);
    if (error !== undefined) throw new Error(`no client could be made: ${JSON.stringify(error)}`);
  }
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NameServer } from '../../kit/doubles/name-server.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import { Attacker, attackersTokens, type AttackWebhook } from './attacker.js';
import {
  ATTACKERS_ZONE,
  forbiddenUrls,
  loopbackNamedUrls,
  loopbackUrls,
  namedUrls,
  UNROUTED_ADDRESS,
  reboundUrl,
} from './forbidden-targets.js';
import { Trap } from './trap.js';

/** The result of the attack. */
export interface SsrfFindings {
  /** One sentence per violation. */
  readonly violations: readonly string[];
  readonly refusedUrls: number;
  readonly refusedNames: number;
  /** The connections to the trap while they were allowed, and the number of local addresses that they used. */
  readonly allowed: number;
  readonly allowedAddresses: number;
  /** The connections that the server started to the unassigned address, while private ones were forbidden. */
  readonly outward: number;
}

/** The errors with which an attempt for a forbidden target must end. */
const REFUSED = new Set(['url_refused', 'address_refused']);

/** Records the connections of a server, first with permission to call any address, and then without. */
export class SsrfAttack {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-ssrf-'));
  readonly #violations: string[] = [];
  readonly #server: BuiltServer;
  readonly #attacker: Attacker;
  readonly #trap: Trap;
  #refusedUrls = 0;

  private constructor(trap: Trap, names: NameServer, main?: string) {
    this.#trap = trap;
    const recorder = new URL('connection-recorder.js', import.meta.url);
    recorder.search = new URLSearchParams({ file: this.#log, nameServer: names.address }).toString();
    const settings = { STATIC_TOKENS: attackersTokens(), NODE_OPTIONS: `--import=${recorder.href}` };
    this.#server = new BuiltServer(settings, main === undefined ? {} : { main });
    this.#attacker = new Attacker(this.#server);
  }

  /** @param main the entry point of another build of the server. */
  static async run(main?: string): Promise<SsrfFindings> {
    const trap = await Trap.listen();
    const names = await NameServer.start(ATTACKERS_ZONE);
    const attack = new SsrfAttack(trap, names, main);
    try {
      return await attack.#run();
    } finally {
      await attack.#server.remove();
      names.stop();
      await trap.close();
      rmSync(attack.#folder, { recursive: true, force: true });
    }
  }

  async #run(): Promise<SsrfFindings> {
    await this.#server.start({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'true,127.0.0.0/8,::1,0.0.0.0,::' });
    await this.#reachLoopback();
    await this.#server.end('SIGTERM');
    const [allowed, allowedAddresses] = [this.#trap.connections, this.#trap.connectionsTo.size];
    if (this.#started().length < allowed)
      throw new Error('the recorder missed connections, so the proof would mean nothing');
    this.#trap.connectionsTo.clear();
    rmSync(this.#log);
    await this.#server.start();
    await this.#reachNothing();
    await this.#server.end('SIGTERM');
    return {
      violations: [...this.#violations, ...this.#connectionViolations()],
      refusedUrls: this.#refusedUrls,
      refusedNames: this.#attacker.webhooks.length,
      allowed,
      allowedAddresses,
      outward: this.#started().filter((address) => address === UNROUTED_ADDRESS).length,
    };
  }

  /** The control: with permission, each of the same webhooks does reach the trap. */
  async #reachLoopback(): Promise<void> {
    const { port } = this.#trap;
    for (const url of [...loopbackUrls(port), ...loopbackNamedUrls(port)]) {
      const before = this.#trap.connections;
      if ((await this.#attacker.createWebhook(url)) !== 201)
        throw new Error(`${url} was refused although it is allowed`);
      await this.#attacker.causeEvent();
      const error = await this.#attacker.nextAttempt(this.#newest, 1);
      if (this.#trap.connections === before)
        throw new Error(`${url} does not lead to this machine: ${error}`);
    }
  }

  get #newest(): AttackWebhook {
    const newest = this.#attacker.webhooks.at(-1);
    if (newest === undefined) throw new Error('there is no webhook');
    return newest;
  }

  async #reachNothing(): Promise<void> {
    const { port } = this.#trap;
    const old = [...this.#attacker.webhooks];
    for (const url of forbiddenUrls(port)) await this.#expectRefusedUrl(url);
    for (const url of [...namedUrls(port), reboundUrl(port)]) {
      if ((await this.#attacker.createWebhook(url)) !== 201)
        throw new Error(`${url} was refused before a lookup`);
    }
    const rebound = this.#newest;
    await this.#attacker.causeEvent();
    for (const webhook of old)
      this.#expectRefusedAttempt(webhook, await this.#attacker.nextAttempt(webhook, 2));
    for (const webhook of this.#attacker.webhooks.slice(old.length)) {
      const first = await this.#attacker.nextAttempt(webhook, 1);
      if (webhook !== rebound) this.#expectRefusedAttempt(webhook, first);
      this.#expectRefusedAttempt(webhook, await this.#attacker.nextAttempt(webhook, 2));
    }
  }

  async #expectRefusedUrl(url: string): Promise<void> {
    this.#refusedUrls += 1;
    const status = await this.#attacker.createWebhook(url);
    if (status !== 400)
      this.#violations.push(`the answer to a webhook to ${JSON.stringify(url)} was ${status}, not 400`);
  }

  #expectRefusedAttempt({ url }: AttackWebhook, error: string): void {
    if (!REFUSED.has(error)) this.#violations.push(`an attempt for ${url} ended with ${error}`);
  }

  #connectionViolations(): string[] {
    const connectionsTo = [...this.#trap.connectionsTo].map(
      ([address, count]) => `${count} connections to ${address}`,
    );
    const begun = this.#started().filter((address) => address !== UNROUTED_ADDRESS);
    return [...connectionsTo, ...begun.map((address) => `a connection to ${address} was started`)];
  }

  /** The addresses of all connections that the server has started. */
  #started(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n') : [];
  }

  get #log(): string {
    return join(this.#folder, 'connections');
  }
}

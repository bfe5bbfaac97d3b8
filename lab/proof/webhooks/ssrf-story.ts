import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NameServer } from '../../kit/doubles/name-server.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import { Attacker, attackersTokens, type Planted } from './attacker.js';
import {
  ATTACKERS_ZONE,
  forbiddenUrls,
  loopbackNamedUrls,
  loopbackUrls,
  namedUrls,
  NOBODYS_ADDRESS,
  reboundUrl,
} from './forbidden-targets.js';
import { Trap } from './trap.js';

/** What came of it. */
export interface SsrfFindings {
  /** A sentence for each violation. */
  readonly violations: readonly string[];
  readonly refusedUrls: number;
  readonly refusedNames: number;
  /** Connections that the trap saw when they were allowed, and the addresses of this machine that they came to. */
  readonly allowed: number;
  readonly allowedAddresses: number;
  /** Connections that the server began when they were forbidden, to the address that is nobody's. */
  readonly outward: number;
}

/** What an attempt for a webhook that may not be called must end with. */
const REFUSED = new Set(['url_refused', 'address_refused']);

/** A server whose connections are seen, first one that may call anybody, then the same one without that permission. */
export class SsrfStory {
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-ssrf-'));
  readonly #violations: string[] = [];
  readonly #server: BuiltServer;
  readonly #attacker: Attacker;
  readonly #trap: Trap;
  #refusedUrls = 0;

  private constructor(trap: Trap, names: NameServer, main?: string) {
    this.#trap = trap;
    const witness = new URL('witness.js', import.meta.url);
    witness.search = new URLSearchParams({ file: this.#log, nameServer: names.address }).toString();
    const settings = { STATIC_TOKENS: attackersTokens(), NODE_OPTIONS: `--import=${witness.href}` };
    this.#server = new BuiltServer(settings, main === undefined ? {} : { main });
    this.#attacker = new Attacker(this.#server);
  }

  /** @param main The entry of another build of the server. */
  static async tell(main?: string): Promise<SsrfFindings> {
    const trap = await Trap.set();
    const names = await NameServer.start(ATTACKERS_ZONE);
    const story = new SsrfStory(trap, names, main);
    try {
      return await story.#tell();
    } finally {
      await story.#server.remove();
      names.stop();
      await trap.close();
      rmSync(story.#folder, { recursive: true, force: true });
    }
  }

  async #tell(): Promise<SsrfFindings> {
    await this.#server.start({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'true,127.0.0.0/8,::1,0.0.0.0,::' });
    await this.#reachThisMachine();
    await this.#server.end('SIGTERM');
    const [allowed, allowedAddresses] = [this.#trap.connections, this.#trap.caught.size];
    if (this.#begun().length < allowed) throw new Error('the witness is blind: that proves nothing');
    this.#trap.caught.clear();
    rmSync(this.#log);
    await this.#server.start();
    await this.#reachNothing();
    await this.#server.end('SIGTERM');
    return {
      violations: [...this.#violations, ...this.#trespasses()],
      refusedUrls: this.#refusedUrls,
      refusedNames: this.#attacker.planted.length,
      allowed,
      allowedAddresses,
      outward: this.#begun().filter((address) => address === NOBODYS_ADDRESS).length,
    };
  }

  /** The control: with permission the very same webhooks do reach the trap, each of them. */
  async #reachThisMachine(): Promise<void> {
    const { port } = this.#trap;
    for (const url of [...loopbackUrls(port), ...loopbackNamedUrls(port)]) {
      const before = this.#trap.connections;
      if ((await this.#attacker.plant(url)) !== 201)
        throw new Error(`${url} is refused though it is allowed`);
      await this.#attacker.provoke();
      const error = await this.#attacker.nextAttempt(this.#newest, 1);
      if (this.#trap.connections === before) throw new Error(`${url} does not lead here: ${error}`);
    }
  }

  get #newest(): Planted {
    const newest = this.#attacker.planted.at(-1);
    if (newest === undefined) throw new Error('nothing is planted');
    return newest;
  }

  async #reachNothing(): Promise<void> {
    const { port } = this.#trap;
    const old = [...this.#attacker.planted];
    for (const url of forbiddenUrls(port)) await this.#demandRefusal(url);
    for (const url of [...namedUrls(port), reboundUrl(port)]) {
      if ((await this.#attacker.plant(url)) !== 201)
        throw new Error(`${url} is refused before anybody can know`);
    }
    const rebound = this.#newest;
    await this.#attacker.provoke();
    for (const planted of old) this.#demandRefused(planted, await this.#attacker.nextAttempt(planted, 2));
    for (const planted of this.#attacker.planted.slice(old.length)) {
      const first = await this.#attacker.nextAttempt(planted, 1);
      if (planted !== rebound) this.#demandRefused(planted, first);
      this.#demandRefused(planted, await this.#attacker.nextAttempt(planted, 2));
    }
  }

  async #demandRefusal(url: string): Promise<void> {
    this.#refusedUrls += 1;
    const status = await this.#attacker.plant(url);
    if (status !== 400)
      this.#violations.push(`a webhook to ${JSON.stringify(url)} was answered ${status}, not 400`);
  }

  #demandRefused({ url }: Planted, error: string): void {
    if (!REFUSED.has(error)) this.#violations.push(`an attempt for ${url} ended with ${error}`);
  }

  #trespasses(): string[] {
    const caught = [...this.#trap.caught].map(
      ([address, count]) => `${count} connections came to ${address}`,
    );
    const begun = this.#begun().filter((address) => address !== NOBODYS_ADDRESS);
    return [...caught, ...begun.map((address) => `a connection to ${address} was begun`)];
  }

  /** The addresses of all connections that the server has begun. */
  #begun(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n') : [];
  }

  get #log(): string {
    return join(this.#folder, 'connections');
  }
}

import { load } from 'js-yaml';
import { ApiContract, type OpenApiDocument } from '../../kit/http/schema.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { BuiltServer, TOKEN } from '../../kit/server/built-server.js';
import { Attacker, type User } from './attacker.js';
import { Bystander } from './bystander.js';
import { expectRejections } from './bad-server.js';
import { matchHostilePatterns } from './lock-patterns.js';
import { rawRequestsFor, requestsFor } from './mixed-requests.js';
import { AnswerChecker } from './answer-checker.js';
import { Tally } from './tally.js';

const REQUESTS = { small: 100_000, full: 1_500_000 } as const;
const HOSTILE_PATTERNS = { small: 3_000, full: 100_000 } as const;

/** The share of raw bytes, each on its own connection, in percent. */
const RAW_SHARE = 8;
const ATTACKERS = 48;
const RAW_ATTACKERS = 16;
const PROGRESS_EVERY_MS = 10_000;

const ADMIN_KEY = 'the-admin-key-for-proofs';

const USERS: readonly User[] = Array.from({ length: ATTACKERS }, (_, index) => ({
  name: `attacker-${index}`,
  // The tokens differ in many characters, since attackers try tokens that are close to their own.
  token: `token-${String(index).repeat(10)}`,
}));
const RAW_USER: User = { name: 'raw-attacker', token: 'token-of-the-raw-attacker' };

const SETTINGS = {
  STATIC_TOKENS: [{ name: 'prover', token: TOKEN }, RAW_USER, ...USERS]
    .map(({ name, token }) => `${name}:${token}`)
    .join(),
  ADMIN_KEY,
  MAX_SESSIONS_PER_USER: '1000000',
  MIN_FREE_DISK_MB: '0',
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  SIGN_INS_PER_MINUTE: '100000',
  AUTH_FAILURES_PER_MINUTE: '1000000',
  GITHUB_CLIENT_ID: 'no-one',
  GITHUB_CLIENT_SECRET: 'nothing',
  // Nothing listens there, and no sign-in gets that far.
  GITHUB_BASE_URL: 'http://127.0.0.1:9',
};

/** Sends all kinds of good and bad requests to every route. */
export const fuzz: Proof = {
  name: 'fuzz',
  claim: 'Whatever a client sends, every answer is documented, and no other client is affected.',
  async run(context): Promise<Figures> {
    const worst = matchHostilePatterns(HOSTILE_PATTERNS[context.budget], context.seed);
    const server = new BuiltServer(SETTINGS);
    try {
      await server.start();
      const contract = await contractOf(server);
      const detected = await expectRejections(contract);
      return {
        ...(await attack(server, contract, context)),
        'hostile patterns matched': HOSTILE_PATTERNS[context.budget],
        'most steps to match one, as a share of the limit': worst.toFixed(2),
        'control: bad answers that were detected': detected,
      };
    } finally {
      await server.remove();
    }
  },
};

async function attack(server: BuiltServer, contract: ApiContract, context: ProofContext): Promise<Figures> {
  const checker = new AnswerChecker(contract);
  const tally = new Tally();
  const bystander = new Bystander(() => server.address, TOKEN);
  await bystander.start();
  const attackers = USERS.map((user) => new Attacker(user, () => server.url, checker, tally));
  const rawAttackers = Array.from(
    { length: RAW_ATTACKERS },
    () => new Attacker(RAW_USER, () => server.url, checker, tally),
  );
  const progress = setInterval(() => context.reportProgress(`${tally.total} requests`), PROGRESS_EVERY_MS);
  try {
    await runAttackers(attackers, rawAttackers, contract, context);
    await bystander.stop();
    await settle(server, attackers);
  } finally {
    clearInterval(progress);
    for (const attacker of attackers) attacker.stop();
  }
  if ((await server.end('SIGTERM')) !== 0) throw new ClaimBroken('the server did not shut down cleanly');
  return {
    requests: tally.total,
    ...tally.figures,
    ...sumsOf(attackers),
    'renewals by a bystander': bystander.renewals,
  };
}

/** The API document that the server itself serves. */
async function contractOf({ url }: BuiltServer): Promise<ApiContract> {
  const response = await fetch(`${url}/openapi.yaml`);
  return new ApiContract(load(await response.text()) as OpenApiDocument);
}

async function runAttackers(
  attackers: readonly Attacker[],
  rawAttackers: readonly Attacker[],
  contract: ApiContract,
  { budget, seed }: ProofContext,
): Promise<void> {
  const total = REQUESTS[budget];
  const rawEach = Math.ceil((total * RAW_SHARE) / 100 / rawAttackers.length);
  const each = Math.ceil((total * (100 - RAW_SHARE)) / 100 / attackers.length);
  const targetOf = ({ user }: Attacker) => ({ user, adminKey: ADMIN_KEY, contract });
  const work = [
    ...attackers.map(async (attacker, index) => {
      const requests = requestsFor(targetOf(attacker), seed + index);
      for (let count = 0; count < each; count += 1) {
        await attacker.send(requests.next().value);
        await attacker.tidy();
      }
    }),
    ...rawAttackers.map(async (rawAttacker, index) => {
      const requests = rawRequestsFor(targetOf(rawAttacker), seed + 1000 + index);
      for (let count = 0; count < rawEach; count += 1) await rawAttacker.sendRaw(requests.next().value);
    }),
  ];
  await Promise.all(work);
}

/** The state must match the accepted requests, now and after the server was killed and restarted. */
async function settle(server: BuiltServer, attackers: readonly Attacker[]): Promise<void> {
  for (const attacker of attackers) await attacker.settle();
  await compareCounters(server);
  for (const attacker of attackers) attacker.stop();
  await server.end('SIGKILL');
  await server.start();
  for (const attacker of attackers) await attacker.settle(true);
}

/** The operators' counters must match the list. Expiring leases may make them differ for a moment. */
async function compareCounters({ url }: BuiltServer): Promise<void> {
  for (let attempts = 20; ; attempts -= 1) {
    const held = await numberAt(`${url}/admin/status`, ADMIN_KEY, 'locks_held');
    const listed = await numberAt(`${url}/locks?limit=10000`, TOKEN, 'total');
    if (held === listed) return;
    if (attempts === 0) throw new ClaimBroken(`${held} locks are held, ${listed} are listed`);
    await pause(200);
  }
}

async function numberAt(url: string, token: string, field: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return Number(((await response.json()) as Record<string, unknown>)[field]);
}

function sumsOf(attackers: readonly Attacker[]): Figures {
  const sum = (of: (attacker: Attacker) => number): number =>
    attackers.reduce((total, attacker) => total + of(attacker), 0);
  return {
    'leases granted': sum(({ expected }) => expected.grants),
    'sessions opened': sum(({ expected }) => expected.sessionsOpened),
    'webhooks created': sum(({ expected }) => expected.webhooksCreated),
    'leases held at the end': sum(({ expected }) => expected.leases.size),
  };
}

import { load } from 'js-yaml';
import { ApiContract, type OpenApiDocument } from '../../kit/http/schema.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { BuiltServer, TOKEN } from '../../kit/server/built-server.js';
import { Attacker, type User } from './attacker.js';
import { Bystander } from './bystander.js';
import { expectRejections } from './liar.js';
import { matchHostilePatterns } from './lock-patterns.js';
import { rawShotsOf, shotsOf } from './magazine.js';
import { Oracle } from './oracle.js';
import { Tally } from './tally.js';

const REQUESTS = { small: 100_000, full: 1_500_000 } as const;
const HOSTILE_PATTERNS = { small: 3_000, full: 100_000 } as const;

/** Of a hundred requests so many are bytes on connections of their own. */
const RAW_SHARE = 8;
const ATTACKERS = 48;
const RAW_ATTACKERS = 16;
const TELL_EACH_MS = 10_000;

const ADMIN_KEY = 'the-admin-key-for-proofs';

const USERS: readonly User[] = Array.from({ length: ATTACKERS }, (_, index) => ({
  name: `attacker-${index}`,
  // Far from one another: attackers try what is near to their own.
  token: `token-${String(index).repeat(10)}`,
}));
const VANDAL: User = { name: 'vandal', token: 'token-of-the-vandal' };

const SETTINGS = {
  STATIC_TOKENS: [{ name: 'prover', token: TOKEN }, VANDAL, ...USERS]
    .map(({ name, token }) => `${name}:${token}`)
    .join(),
  ADMIN_KEY,
  MAX_SESSIONS_PER_USER: '1000000',
  MIN_FREE_DISK_MB: '0',
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  SIGN_INS_PER_MINUTE: '100000',
  AUTH_FAILURES_PER_MINUTE: '1000000',
  GITHUB_CLIENT_ID: 'nobody',
  GITHUB_CLIENT_SECRET: 'nothing',
  // Nobody listens there, and nobody gets as far as asking.
  GITHUB_BASE_URL: 'http://127.0.0.1:9',
};

/** Rubbish of all kinds for every route. */
export const fuzz: Proof = {
  name: 'fuzz',
  claim: 'whatever is sent, each answer is one that is documented, and nobody else notices',
  async run(context): Promise<Figures> {
    const worst = matchHostilePatterns(HOSTILE_PATTERNS[context.budget], context.seed);
    const server = new BuiltServer(SETTINGS);
    try {
      await server.start();
      const contract = await contractOf(server);
      const recognized = await expectRejections(contract);
      return {
        ...(await attack(server, contract, context)),
        'hostile patterns matched': HOSTILE_PATTERNS[context.budget],
        'most steps, as a share of the bound': worst.toFixed(2),
        'planted lies that were recognized': recognized,
      };
    } finally {
      await server.remove();
    }
  },
};

async function attack(server: BuiltServer, contract: ApiContract, context: ProofContext): Promise<Figures> {
  const oracle = new Oracle(contract);
  const tally = new Tally();
  const bystander = new Bystander(() => server.address, TOKEN);
  await bystander.start();
  const attackers = USERS.map((user) => new Attacker(user, () => server.url, oracle, tally));
  const vandals = Array.from(
    { length: RAW_ATTACKERS },
    () => new Attacker(VANDAL, () => server.url, oracle, tally),
  );
  const progress = setInterval(() => context.tell(`${tally.total} requests`), TELL_EACH_MS);
  try {
    await strike(attackers, vandals, contract, context);
    await bystander.stop();
    await settle(server, attackers);
  } finally {
    clearInterval(progress);
    for (const attacker of attackers) attacker.stop();
  }
  if ((await server.end('SIGTERM')) !== 0) throw new ClaimBroken('the server did not stop in order');
  return {
    requests: tally.total,
    ...tally.figures,
    ...sumsOf(attackers),
    'renewals beside it': bystander.renewals,
  };
}

/** The API document that the server itself serves. */
async function contractOf({ url }: BuiltServer): Promise<ApiContract> {
  const response = await fetch(`${url}/openapi.yaml`);
  return new ApiContract(load(await response.text()) as OpenApiDocument);
}

async function strike(
  attackers: readonly Attacker[],
  vandals: readonly Attacker[],
  contract: ApiContract,
  { budget, seed }: ProofContext,
): Promise<void> {
  const total = REQUESTS[budget];
  const rawEach = Math.ceil((total * RAW_SHARE) / 100 / vandals.length);
  const each = Math.ceil((total * (100 - RAW_SHARE)) / 100 / attackers.length);
  const targetOf = ({ user }: Attacker) => ({ user, adminKey: ADMIN_KEY, contract });
  const works = [
    ...attackers.map(async (attacker, index) => {
      const shots = shotsOf(targetOf(attacker), seed + index);
      for (let count = 0; count < each; count += 1) {
        await attacker.shoot(shots.next().value);
        await attacker.tidy();
      }
    }),
    ...vandals.map(async (vandal, index) => {
      const shots = rawShotsOf(targetOf(vandal), seed + 1000 + index);
      for (let count = 0; count < rawEach; count += 1) await vandal.shootApart(shots.next().value);
    }),
  ];
  await Promise.all(works);
}

/** What there is, is what the accepted requests say: now, and after the server was killed and started again. */
async function settle(server: BuiltServer, attackers: readonly Attacker[]): Promise<void> {
  for (const attacker of attackers) await attacker.settle();
  await compareCounters(server);
  for (const attacker of attackers) attacker.stop();
  await server.end('SIGKILL');
  await server.start();
  for (const attacker of attackers) await attacker.settle(true);
}

/** The counters of operators agree with the list. What is about to end may make them differ for a moment. */
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
    'webhooks made': sum(({ expected }) => expected.webhooksMade),
    'leases held at the end, as told': sum(({ expected }) => expected.leases.size),
  };
}

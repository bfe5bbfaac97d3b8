import type { Attack, AttackContext } from '../attack.js';
import { AbusedServer, EVENTUALLY_MS, eventually, withAbused } from '../abused-server.js';
import { CUT_EVERYWHERE, HOSTILE } from '../hostile-bytes.js';
import { ENDINGS, type Ending } from '../endings.js';
import type { RawClient } from '../raw-client.js';

const AT_ONCE = 120;
const ROUNDS = { small: 1, full: 12 } as const;

interface Attempt {
  readonly name: string;
  readonly ending: Ending;
  readonly text: string;
  readonly cut: number;
}

/** Clients without a token send all kinds of bytes and disconnect in all ways. */
export const strangers: Attack = {
  name: 'strangers',
  run: (context) =>
    withAbused(context, {}, async (abused) => {
      const attempts = [...attemptsOf(context)];
      await makeAll(attempts, abused, context);
      context.findings.addFigures({ 'connections without a token': attempts.length });
    }),
};

function* attemptsOf({ budget, random }: AttackContext): Generator<Attempt> {
  for (const text of CUT_EVERYWHERE) {
    for (let length = 1; length <= text.length; length += budget === 'full' ? 1 : 3) {
      const part = JSON.stringify(text.slice(0, length)).slice(-20);
      for (const name of ['a reset at once', 'a FIN at once'] as const)
        yield { name: `${part}, then ${name}`, ending: ENDINGS[name], text: text.slice(0, length), cut: 1 };
    }
  }
  for (let round = 0; round < ROUNDS[budget]; round += 1) {
    for (const [what, text] of HOSTILE) {
      for (const [name, ending] of Object.entries(ENDINGS))
        yield { name: `${what}, then ${name}`, ending, text, cut: random.next() };
    }
  }
}

/** Makes the attempts in batches. After each one, the process must still serve others and release all descriptors. */
async function makeAll(
  attempts: readonly Attempt[],
  abused: AbusedServer,
  { findings }: AttackContext,
): Promise<void> {
  for (let start = 0; start < attempts.length; start += AT_ONCE) {
    const batch = attempts.slice(start, start + AT_ONCE);
    const names = (): string => `${batch.at(0)?.name} … ${batch.at(-1)?.name}`;
    const clients = await Promise.all(batch.map((attempt) => make(attempt, abused)));
    await abused.serves().catch((error: unknown) => {
      throw new Error(`after ${names()}: ${String(error)}`);
    });
    const isFree = await eventually(() => abused.descriptors.extra <= 2, EVENTUALLY_MS);
    const left = abused.descriptors.extra;
    for (const client of clients) client?.cut();
    findings.expect(isFree, `${left} descriptors are still open after ${names()}`);
    if (!isFree) return;
  }
}

/** Null if the server refused the connection. */
function make({ ending, text, cut }: Attempt, { server }: AbusedServer): Promise<RawClient | null> {
  return ending(server.address, text, cut).catch(() => null);
}

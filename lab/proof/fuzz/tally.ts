import type { Reply } from '../../kit/http/client.js';
import type { Figures } from '../proof.js';

/** Counts what was sent and what was answered. */
export class Tally {
  readonly #attacks = new Map<string, number>();
  readonly #answers = new Map<string, number>();
  /** Requests that were repeated because the server shed them. */
  overloaded = 0;
  total = 0;

  count(attack: string, reply: Reply): void {
    this.countRaw(attack, [reply]);
  }

  /** Counts one request, or other bytes, with any number of answers. */
  countRaw(attack: string, replies: readonly Reply[]): void {
    this.total += 1;
    add(this.#attacks, attack);
    for (const { status, body } of replies) {
      const code = typeof body['code'] === 'string' ? ` ${body['code']}` : '';
      add(this.#answers, `${status}${code}`);
    }
  }

  get figures(): Figures {
    return {
      ...Object.fromEntries([...this.#attacks].map(([name, count]) => [`  ${name}`, count])),
      'kinds of answers': this.#answers.size,
      answers: [...this.#answers]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([kind, count]) => `${kind}: ${count}`)
        .join(', '),
      'repeated after shedding': this.overloaded,
    };
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

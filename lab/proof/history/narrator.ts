import { pause } from '../../../src/process/time.js';
import { NoAnswer, type Address } from '../../kit/http/connection.js';
import { STORIES } from './story-book.js';
import { Actor, StoryBroken } from './story-teller.js';
import type { World } from '../../kit/load/world.js';

/** How many stories may be told at the same time, each by users of its own. */
const NARRATORS = Object.keys(STORIES).length;

/** How long a server is left alone that cannot be reached. */
const RETRY_MS = 20;

/** The users of all stories. */
export const STORY_USERS = Array.from({ length: NARRATORS }, (_, number) => [
  `ann${number}`,
  `ben${number}`,
]).flat();

let told = 0;

/** Tells every story again and again until the signal says stop. Returns how many came to their end. */
export async function tellStories(
  address: () => Address,
  world: World,
  quota: number,
  stop: AbortSignal,
): Promise<number> {
  let ended = 0;
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const narrate = async ([name, story]: (typeof BOOK)[number], number: number): Promise<void> => {
    const ann = new Actor(`ann${number}`, address);
    const ben = new Actor(`ben${number}`, address);
    while (!stop.aborted) {
      told += 1;
      try {
        const telling = story({ ann, ben, lock: `story/${number}/${told}`, quota });
        telling.catch(() => undefined);
        await Promise.race([telling, stopped]);
        if (stop.aborted) return;
        ended += 1;
      } catch (error) {
        // A story whose server was killed has no end.
        if (error instanceof NoAnswer) {
          await pause(RETRY_MS);
          continue;
        }
        if (!(error instanceof StoryBroken)) throw error;
        world.violation(`${name}: ${error.message}`);
        return;
      }
    }
  };
  await Promise.all(BOOK.map(narrate));
  return ended;
}

const BOOK = Object.entries(STORIES);

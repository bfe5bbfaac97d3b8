import type { Random } from '../../kit/random.js';
import type { Site } from './site.js';

/** Something that goes wrong, and is repaired before `inflict` resolves. Only then can it be followed by another fault. */
export interface Fault {
  readonly name: string;
  /** Resolves with a sentence if something happened that must not. */
  inflict(site: Site, random: Random): Promise<string | void>;
}

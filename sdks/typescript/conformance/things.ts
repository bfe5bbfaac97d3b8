import type {
  Election,
  LockHandle,
  LockStatus,
  OctoStoreClient,
  PrefixState,
  SessionHandle,
  Watch,
  WatchUpdate,
} from '../src/index.js';

/** Ends a block: it returns, or throws a `ProgramError` with this message. */
export type EndBlock = (fails: string | undefined) => void;

export interface OpenWatch {
  readonly watch: Watch<LockStatus> | Watch<PrefixState>;
  /** The update that the last `next` waits for, if it has not arrived yet. */
  coming: Promise<IteratorResult<WatchUpdate<unknown>, undefined>> | null;
}

/** What requests have named with `as`, by name. */
class Shelf<T> {
  readonly #things = new Map<string, T>();

  put(name: string, thing: T): T {
    this.#things.set(name, thing);
    return thing;
  }

  get(name: string | undefined): T {
    const thing = this.#things.get(String(name));
    if (thing === undefined) throw new Error(`nothing has the name ${name}`);
    return thing;
  }
}

export const clients = new Shelf<OctoStoreClient>();
export const handles = new Shelf<LockHandle>();
export const sessions = new Shelf<SessionHandle>();
export const watches = new Shelf<OpenWatch>();
export const elections = new Shelf<Election>();
export const blocks = new Shelf<EndBlock>();

import { toApiError, type ApiError } from '../api/api-error';
import { api, ask } from '../api/client';
import type { LockEvent } from '../api/schemas';
import { appendPage, applyEvent, newLevel, replacePage, type Entry, type Level, type Page } from './levels';
import { Store } from './store';

/** Locks per page. Enough to fill any screen a few times, and read in a few milliseconds. */
const PAGE_SIZE = 200;

/** Which locks the list shows. */
export interface Selection {
  readonly prefix: string;
  readonly nested: boolean;
  readonly mine: boolean;
}

/** A row of the list. `more` stands for what has not been read yet. */
export type Row =
  | {
      readonly kind: 'entry';
      readonly entry: Entry;
      readonly depth: number;
      readonly isOpen: boolean;
      readonly base: string;
    }
  | { readonly kind: 'more'; readonly prefix: string; readonly depth: number };

interface Contents {
  readonly levels: ReadonlyMap<string, Level>;
  readonly open: ReadonlySet<string>;
  readonly failure: ApiError | null;
}

/** The locks that the list shows. Reads pages as they are needed, and follows the events. */
export class LockTree {
  readonly contents: Store<Contents>;
  readonly #selection: Selection;
  readonly #refreshing = new Set<string>();
  /** The events that arrived while pages are being read. A page may be older than they are. */
  #meanwhile: LockEvent[] = [];
  #reading = 0;

  constructor(selection: Selection, open: ReadonlySet<string> = new Set()) {
    this.#selection = selection;
    const root = newLevel(selection.prefix, selection.nested);
    this.contents = new Store<Contents>({ levels: new Map([[root.prefix, root]]), open, failure: null });
  }

  get root(): Level {
    return this.contents.value.levels.get(this.#selection.prefix) ?? newLevel(this.#selection.prefix, false);
  }

  /** Reads the next page of a level, unless it is being read. */
  async loadMore(prefix: string): Promise<void> {
    const level = this.#level(prefix);
    if (level.state === 'loading' || (level.state === 'ready' && level.next === null)) return;
    this.#put({ ...level, state: 'loading' });
    try {
      await this.#read(prefix, level.next, (page) => {
        this.#put(appendPage(this.#level(prefix), page, level.next), null);
      });
    } catch (failure) {
      this.#put({ ...this.#level(prefix), state: level.state }, toApiError(failure));
    }
  }

  /** Reads the page with this lock again, at most once at a time. Its leases may have been renewed. */
  async refresh(prefix: string, key: string): Promise<void> {
    const start = this.#level(prefix).pages.findLast((page) => page.key <= key);
    const id = `${prefix} ${start?.cursor ?? ''}`;
    if (start === undefined || this.#refreshing.has(id)) return;
    this.#refreshing.add(id);
    try {
      await this.#read(prefix, start.cursor, (page) => {
        this.#put(replacePage(this.#level(prefix), page, start.cursor));
      });
    } catch {
      // The connection banner says so. What is shown stays.
    } finally {
      // Locks that really have expired must not be asked for in a tight loop.
      setTimeout(() => this.#refreshing.delete(id), 5000);
    }
  }

  toggle(prefix: string): void {
    const open = new Set(this.contents.value.open);
    if (!open.delete(prefix)) open.add(prefix);
    this.contents.set({ ...this.contents.value, open });
  }

  apply(events: readonly LockEvent[]): void {
    if (this.#reading > 0) this.#meanwhile.push(...events);
    this.#change(events);
  }

  #change(events: readonly LockEvent[]): void {
    const { levels } = this.contents.value;
    let next: Map<string, Level> | null = null;
    for (const event of events) {
      for (const [prefix, level] of next ?? levels) {
        const after = this.#selection.mine && event.event === 'acquired' ? level : applyEvent(level, event);
        if (after !== level) next = new Map(next ?? levels).set(prefix, after);
      }
    }
    if (next !== null) this.contents.set({ ...this.contents.value, levels: next });
  }

  async #read(prefix: string, cursor: string | null, keep: (page: Page) => void): Promise<void> {
    this.#reading += 1;
    try {
      keep(await this.#page(prefix, cursor));
      this.#change(this.#meanwhile);
    } finally {
      this.#reading -= 1;
      if (this.#reading === 0) this.#meanwhile = [];
    }
  }

  async #page(prefix: string, cursor: string | null): Promise<Page> {
    const { nested, mine } = this.#selection;
    const query = {
      limit: PAGE_SIZE,
      ...(prefix === '' ? {} : { prefix }),
      ...(cursor === null ? {} : { cursor }),
      ...(nested ? { delimiter: '/' as const } : {}),
      ...(mine ? { owner: 'me' as const } : {}),
    };
    return await ask(api.GET('/locks', { params: { query } }));
  }

  #level(prefix: string): Level {
    return this.contents.value.levels.get(prefix) ?? newLevel(prefix, this.#selection.nested);
  }

  #put(level: Level, failure = this.contents.value.failure): void {
    const levels = new Map(this.contents.value.levels).set(level.prefix, level);
    this.contents.set({ ...this.contents.value, levels, failure });
  }
}

/** The rows to show, from top to bottom. */
export function rowsOf({ levels, open }: Contents, prefix: string, depth = 1): Row[] {
  const level = levels.get(prefix);
  if (level === undefined) return [{ kind: 'more', prefix, depth }];
  const rows: Row[] = [];
  for (const entry of level.entries) {
    const isOpen = entry.kind === 'folder' && open.has(entry.key);
    rows.push({ kind: 'entry', entry, depth, isOpen, base: prefix });
    if (isOpen) rows.push(...rowsOf({ levels, open } as Contents, entry.key, depth + 1));
  }
  if (level.state !== 'ready' || level.next !== null) rows.push({ kind: 'more', prefix, depth });
  return rows;
}

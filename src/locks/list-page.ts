import type { LockName } from '../core/model/lock-name.js';
import { PAGE_SIZE, type ListLocksQuery } from './dto/list-locks.dto.js';
import type { ListedLock, LockList } from './dto/lock-responses.dto.js';
import { encodeCursor, encodeFolderCursor } from './list-cursor.js';

/** A page of a list of locks, or of one level of their tree, while it is being read. */
export class ListPage {
  readonly #size: number;
  readonly #prefix: string | null;
  /** Null if the locks are not listed by folder. */
  readonly #delimiter: string | null;
  readonly #locks: ListedLock[] = [];
  readonly #folders: string[] = [];
  #cursorOfLast: () => string | null = () => null;
  #next: string | null = null;

  constructor({ limit, prefix, delimiter }: ListLocksQuery) {
    this.#size = limit ?? PAGE_SIZE.default;
    this.#prefix = prefix ?? null;
    this.#delimiter = delimiter ?? null;
  }

  get isFull(): boolean {
    return this.#locks.length + this.#folders.length === this.#size;
  }

  /** The last folder of the page. Null if it has none yet. */
  get lastFolder(): string | null {
    return this.#folders.at(-1) ?? null;
  }

  /** The beginning of a lock's name that stands for it in the page. Null if the lock is listed itself. */
  folderOf(lockName: LockName): string | null {
    if (this.#delimiter === null) return null;
    const end = lockName.indexOf(this.#delimiter, this.#prefix?.length ?? 0);
    return end < 0 ? null : lockName.slice(0, end + 1);
  }

  addLock(lock: ListedLock): void {
    this.#locks.push(lock);
    this.#cursorOfLast = () => encodeCursor(lock);
  }

  addFolder(folder: string): void {
    this.#folders.push(folder);
    this.#cursorOfLast = () => encodeFolderCursor(folder);
  }

  /** There is another page. */
  end(): void {
    this.#next = this.#cursorOfLast();
  }

  get list(): LockList {
    return {
      locks: this.#locks,
      total: this.#locks.length,
      prefix: this.#prefix,
      ...(this.#delimiter === null ? {} : { prefixes: this.#folders }),
      next_cursor: this.#next,
    };
  }
}

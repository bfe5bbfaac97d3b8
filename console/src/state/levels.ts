import type { Lease, LockEvent } from '../api/schemas';

/** A lock in the list, with the leases that hold it, in the order of their grants. */
export interface LockEntry {
  readonly kind: 'lock';
  readonly key: string;
  readonly leases: readonly Lease[];
}

/** The locks below a prefix that ends with `/`. */
export interface FolderEntry {
  readonly kind: 'folder';
  readonly key: string;
}

export type Entry = LockEntry | FolderEntry;

/** What this tab knows of the held locks below a prefix, in the order of their names. */
export interface Level {
  readonly prefix: string;
  /** Whether locks further down are collected in folders. */
  readonly nested: boolean;
  readonly entries: readonly Entry[];
  /** Where each page began, to read it again. */
  readonly pages: readonly PageStart[];
  /** The cursor of the page that follows. Null if there is none. */
  readonly next: string | null;
  readonly state: 'new' | 'loading' | 'ready';
}

export interface PageStart {
  readonly key: string;
  readonly cursor: string | null;
}

/** A page as the API sends it. */
export interface Page {
  readonly locks: readonly Lease[];
  readonly prefixes?: readonly string[];
  readonly next_cursor: string | null;
}

export function newLevel(prefix: string, nested: boolean): Level {
  return { prefix, nested, entries: [], pages: [], next: null, state: 'new' };
}

/** The entries of a page, with all leases of a lock together. */
export function entriesOf({ locks, prefixes = [] }: Page): Entry[] {
  const entries: Entry[] = prefixes.map((key) => ({ kind: 'folder', key }));
  for (const lease of locks) {
    const last = entries.at(-1);
    if (last?.kind === 'lock' && last.key === lease.name) {
      entries[entries.length - 1] = { ...last, leases: [...last.leases, lease] };
    } else {
      entries.push({ kind: 'lock', key: lease.name, leases: [lease] });
    }
  }
  return entries.toSorted(byKey);
}

/** Adds the page that follows what is known. */
export function appendPage(level: Level, page: Page, cursor: string | null): Level {
  const added = entriesOf(page);
  const start: PageStart = { key: added[0]?.key ?? level.prefix, cursor };
  return {
    ...level,
    entries: mergeSorted(level.entries, added),
    pages: [...level.pages, start],
    next: page.next_cursor,
    state: 'ready',
  };
}

/** Replaces what is known of a page by its present content. */
export function replacePage(level: Level, page: Page, cursor: string | null): Level {
  const index = level.pages.findIndex((known) => known.cursor === cursor);
  const from = level.pages[index]?.key ?? level.prefix;
  const present = entriesOf(page);
  const until = page.next_cursor === null ? null : (present.at(-1)?.key ?? from);
  const others = level.entries.filter(({ key }) => key < from || (until !== null && key > until));
  return { ...level, entries: mergeSorted(others, present) };
}

/** What is known after an event. Returns the same level if it changes nothing. */
export function applyEvent(level: Level, event: LockEvent): Level {
  const { lock } = event;
  if (!lock.startsWith(level.prefix) || level.state === 'new') return level;
  const slash = level.nested ? lock.indexOf('/', level.prefix.length) : -1;
  const key = slash < 0 ? lock : lock.slice(0, slash + 1);
  const { index, found } = search(level.entries, key);
  // What lies beyond the last page is not known yet.
  if (!found && level.next !== null && index === level.entries.length) return level;
  const entry = found ? level.entries[index] : undefined;
  if (slash >= 0) {
    if (entry !== undefined || event.event !== 'acquired') return level;
    return { ...level, entries: level.entries.toSpliced(index, 0, { kind: 'folder', key }) };
  }
  const entries = changed(level.entries, index, entry, event);
  return entries === level.entries ? level : { ...level, entries };
}

function changed(
  entries: readonly Entry[],
  index: number,
  entry: Entry | undefined,
  event: LockEvent,
): readonly Entry[] {
  const before = entry?.kind === 'lock' ? entry.leases : [];
  const leases = leasesAfter(before, event);
  if (leases === before) return entries;
  const replaced: Entry[] = leases.length === 0 ? [] : [{ kind: 'lock', key: event.lock, leases }];
  return entries.toSpliced(index, entry === undefined ? 0 : 1, ...replaced);
}

function leasesAfter(leases: readonly Lease[], event: LockEvent): readonly Lease[] {
  const index = leases.findIndex(({ fencing_token }) => fencing_token === event.fencing_token);
  const known = leases[index];
  switch (event.event) {
    case 'acquired': {
      const lease = leaseOf(event, known);
      if (lease === null) return leases;
      return known === undefined ? [...leases, lease] : leases.with(index, lease);
    }
    case 'renewed':
      if (known === undefined || event.expires_at === undefined) return leases;
      return leases.with(index, { ...known, expires_at: event.expires_at });
    case 'released':
    case 'expired':
    case 'broken':
      return known === undefined ? leases : leases.toSpliced(index, 1);
    default:
      return leases;
  }
}

function leaseOf(event: LockEvent, known: Lease | undefined): Lease | null {
  if (event.fencing_token === null || event.expires_at === undefined) return null;
  return {
    name: event.lock,
    status: 'held',
    mode: event.mode,
    limit: event.limit,
    slots: event.slots,
    permits: event.slots?.length,
    fencing_token: event.fencing_token,
    expires_at: event.expires_at,
    holder: event.holder ?? known?.holder ?? '',
    holder_id: event.holder_id ?? known?.holder_id ?? '',
    metadata: event.metadata ?? null,
    lease_id: known?.lease_id,
  };
}

function byKey(one: Entry, other: Entry): number {
  return one.key < other.key ? -1 : 1;
}

/** Where a key is, or where it would be. */
function search(entries: readonly Entry[], key: string): { index: number; found: boolean } {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return { index: low, found: entries[low]?.key === key };
}

/** Both lists in one. Of two entries with the same key, the leases are put together. */
function mergeSorted(one: readonly Entry[], other: readonly Entry[]): Entry[] {
  const last = one.at(-1);
  const first = other[0];
  if (last === undefined || first === undefined || last.key < first.key) return [...one, ...other];
  const byName = new Map<string, Entry>(one.map((entry) => [entry.key, entry]));
  for (const entry of other) byName.set(entry.key, merged(byName.get(entry.key), entry));
  return [...byName.values()].toSorted(byKey);
}

function merged(before: Entry | undefined, entry: Entry): Entry {
  if (before?.kind !== 'lock' || entry.kind !== 'lock') return entry;
  const tokens = new Set(entry.leases.map(({ fencing_token }) => fencing_token));
  const others = before.leases.filter(({ fencing_token }) => !tokens.has(fencing_token));
  return { ...entry, leases: [...others, ...entry.leases] };
}

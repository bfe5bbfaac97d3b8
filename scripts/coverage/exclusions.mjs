/** Reasons why no test has to reach a branch. */
const WHY = {
  contradiction: 'Stops the process if the state contradicts itself. No command can cause this.',
  typed: 'The compiler requires it, but the looked-up value always exists.',
  stopping: 'The store has just stopped, and nothing is left to do.',
  decorator: 'The compiler adds a branch to the metadata of a decorator.',
};

/**
 * The branches of src/core, src/store and src/access that no test reaches. Each entry has the file without its extension, the start
 * of the line with the branch, and the reason. `npm run coverage` also fails if an entry excludes nothing.
 */
export const EXCLUSIONS = [
  { path: 'src/core/rules/conflict', code: 'if (place === undefined) throw', why: WHY.contradiction },
  { path: 'src/core/rules/conflict', code: 'if (other === null) throw', why: WHY.contradiction },
  { path: 'src/core/rules/conflict', code: 'return { position: 1 +', why: WHY.typed },
  { path: 'src/core/rules/session-memory', code: 'if (oldest === null) return;', why: WHY.typed },
  { path: 'src/core/state/broken-leases', code: 'if (record === undefined) throw', why: WHY.contradiction },
  { path: 'src/core/state/deadline-heap', code: 'if (item === undefined) throw', why: WHY.contradiction },
  { path: 'src/core/state/locks', code: 'if (record === null) throw', why: WHY.contradiction },
  { path: 'src/core/state/locks', code: 'return entry === undefined ? []', why: WHY.typed },
  { path: 'src/core/state/slots', code: 'return ((this.#words', why: WHY.typed },
  { path: 'src/core/state/slots', code: 'this.#words[index] = (this.#words', why: WHY.typed },
  { path: 'src/core/state/sorted-chunks', code: 'const chunk = this.#chunks[index] ?? []', why: WHY.typed },
  { path: 'src/core/state/sorted-chunks', code: 'if (item !== undefined) yield item;', why: WHY.typed },
  { path: 'src/core/state/sorted-chunks', code: 'for (let index = 0; index < chunkIndex', why: WHY.typed },
  { path: 'src/store/store-parts', code: 'if (!admission.stop()) return;', why: WHY.stopping },
  { path: 'src/store/backup/backup.job', code: 'const reason = error instanceof Error', why: WHY.typed },
  { path: 'src/store/jobs/expiry.job', code: '@Injectable()', why: WHY.decorator },
];

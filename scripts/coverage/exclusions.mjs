/** Reasons why no test has to reach a branch. */
const WHY = {
  contradiction: 'Stops the process if the state contradicts itself. No command can cause this.',
  typed: 'The compiler requires it, but the looked-up value always exists.',
  single: 'No request asks for more than one lock yet.',
  stopping: 'The store has just stopped, and nothing is left to do.',
  decorator: 'The compiler adds a branch to the metadata of a decorator.',
};

/**
 * The branches of src/core, src/store and src/access that no test reaches. Each entry has the file without its extension, the start
 * of the line with the branch, and the reason. `npm run coverage` also fails if an entry excludes nothing.
 */
export const EXCLUSIONS = [
  { path: 'src/core/rules/hand-over', code: 'for (const other of place.ticket.places)', why: WHY.single },
  { path: 'src/core/rules/session-memory', code: 'if (oldest === null) return;', why: WHY.typed },
  { path: 'src/core/state/deadline-heap', code: 'if (item === undefined) throw', why: WHY.contradiction },
  { path: 'src/core/state/sorted-names', code: 'const chunk = this.#chunks[index] ?? []', why: WHY.typed },
  { path: 'src/core/state/sorted-names', code: "if ((this.#chunks[middle]?.[0] ?? '')", why: WHY.typed },
  { path: 'src/core/state/sorted-names', code: "if ((names[middle] ?? '') < name)", why: WHY.typed },
  { path: 'src/store/wait/queued-acquires', code: 'if (!admission.isRunning', why: WHY.stopping },
  { path: 'src/store/store-parts', code: 'if (!admission.stop()) return;', why: WHY.stopping },
  { path: 'src/store/backup/backup.job', code: 'const reason = error instanceof Error', why: WHY.typed },
  { path: 'src/store/jobs/expiry.job', code: '@Injectable()', why: WHY.decorator },
];

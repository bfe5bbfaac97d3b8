/** The process that a task belongs to. A dead owner's tasks never run, and a paused owner's tasks wait. */
export interface Owner {
  readonly isAlive: boolean;
  /** In milliseconds of the world's time. */
  readonly pausedUntilMs: number;
}

export interface Task {
  atMs: number;
  /** Random, so that tasks that are due at the same time run in any order. */
  readonly lot: number;
  readonly owner: Owner | null;
  readonly run: () => void;
  isCancelled: boolean;
}

/** The tasks to run, earliest first. */
export class Agenda {
  readonly #tasks: Task[] = [];

  add(task: Task): void {
    const tasks = this.#tasks;
    let slot = tasks.length;
    tasks.push(task);
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1;
      const parent = tasks[parentSlot];
      if (parent === undefined || !isBefore(task, parent)) break;
      tasks[slot] = parent;
      slot = parentSlot;
    }
    tasks[slot] = task;
  }

  /** Removes and returns the next task to run; undefined if none is left. */
  take(): Task | undefined {
    for (;;) {
      const task = this.#pop();
      if (task === undefined) return undefined;
      if (task.isCancelled || task.owner?.isAlive === false) continue;
      const pausedUntilMs = task.owner?.pausedUntilMs ?? 0;
      if (pausedUntilMs <= task.atMs) return task;
      task.atMs = pausedUntilMs;
      this.add(task);
    }
  }

  #pop(): Task | undefined {
    const tasks = this.#tasks;
    const first = tasks[0];
    const last = tasks.pop();
    if (last === undefined || last === first) return first;
    let slot = 0;
    for (;;) {
      let childSlot = 2 * slot + 1;
      let child = tasks[childSlot];
      const right = tasks[childSlot + 1];
      if (right !== undefined && child !== undefined && isBefore(right, child)) {
        childSlot += 1;
        child = right;
      }
      if (child === undefined || !isBefore(child, last)) break;
      tasks[slot] = child;
      slot = childSlot;
    }
    tasks[slot] = last;
    return first;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.lot < b.lot);
}

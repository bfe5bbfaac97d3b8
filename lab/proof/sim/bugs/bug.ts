import type { Command } from '../../../../src/core/model/command.js';
import { Line } from '../../../../src/core/state/line.js';
import { Transition } from '../../../../src/core/transition.js';
import { Decider } from '../../../../src/store/decide/decider.js';

/** A bug that someone could make. The simulation must notice each of them, or its silence means nothing. */
export interface Bug {
  readonly name: string;
  /** Puts the bug in. Returns what takes it out. */
  plant(): () => void;
}

/** Replaces a method, giving the replacement the original. */
export function patch<T extends object, K extends keyof T>(
  target: T,
  method: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = target[method];
  target[method] = make(original);
  return () => {
    target[method] = original;
  };
}

/** Replaces a property that is read, giving the replacement the original. */
export function patchRead<T extends object>(
  target: T,
  property: keyof T & string,
  make: (read: (self: T) => unknown) => (this: T) => unknown,
): () => void {
  const original = Object.getOwnPropertyDescriptor(target, property);
  if (original?.get === undefined) throw new Error(`there is no ${property}`);
  const read = (self: T): unknown => original.get?.call(self);
  Object.defineProperty(target, property, { ...original, get: make(read) });
  return () => void Object.defineProperty(target, property, original);
}

/** Has lines look as if no one was asking, whenever `isHidden` says so. */
export function hideLines(isHidden: () => boolean): () => void {
  return together(
    patchRead(
      Line.prototype,
      'firstAsking',
      (read) =>
        function firstAsking() {
          return isHidden() ? null : read(this);
        },
    ),
    patchRead(
      Line.prototype,
      'askingCount',
      (read) =>
        function askingCount() {
          return isHidden() ? 0 : read(this);
        },
    ),
  );
}

/** Calls `during` with each command before it is decided, and with null after that. */
export function aroundCommand(during: (command: Command | null) => void): () => void {
  return patch(
    Decider.prototype,
    'decide',
    (original) =>
      function decide(this: Decider, command) {
        during(command);
        const decision = original.call(this, command);
        during(null);
        return decision;
      } as typeof original,
  );
}

/** Puts in several changes that make one bug. */
export function together(...takesOut: readonly (() => void)[]): () => void {
  return () => takesOut.forEach((takeOut) => takeOut());
}

/** Has no lock handed over in the steps of these commands. */
export function leaveLocksFree(kinds: readonly Command['kind'][]): () => void {
  let isForgetful = false;
  return together(
    aroundCommand((command) => (isForgetful = command !== null && kinds.includes(command.kind))),
    patch(
      Transition.prototype,
      'mayServe',
      (original) =>
        function mayServe(this: Transition, lock) {
          return !isForgetful && original.call(this, lock);
        },
    ),
  );
}

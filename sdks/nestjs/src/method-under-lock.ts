import 'reflect-metadata';
import { Inject } from '@nestjs/common';
import { LockRunner } from './lock-runner.js';

type Method = (this: WithRunner, ...args: unknown[]) => Promise<unknown>;

/** How to call a method under a lock. */
type Around<A extends readonly unknown[], R> = (
  runner: LockRunner,
  args: A,
  call: () => Promise<R>,
) => Promise<R>;

const RUNNER = Symbol('the runner of locks');

interface WithRunner {
  readonly [RUNNER]?: LockRunner;
}

/**
 * Replaces a method by one that calls it through `around`. Metadata of other decorators, such as that of a schedule or a route,
 * goes to the new method, so their order does not matter.
 */
export function replaceMethod<A extends readonly unknown[], R>(
  target: object,
  key: string | symbol,
  descriptor: { value?: unknown },
  around: Around<A, R>,
): void {
  Inject(LockRunner)(target, RUNNER);
  const original = descriptor.value as Method;
  const replacement: Method = async function (this: WithRunner, ...args: unknown[]) {
    const runner = this[RUNNER];
    if (runner === undefined) throw new Error(missingRunner(target, key));
    return around(runner, args as unknown as A, () => original.apply(this, args) as Promise<R>);
  };
  Object.defineProperty(replacement, 'name', { value: original.name });
  for (const name of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(name, Reflect.getMetadata(name, original), replacement);
  }
  descriptor.value = replacement;
}

function missingRunner({ constructor }: object, key: string | symbol): string {
  return `${constructor.name}.${String(key)} needs a lock, but Nest did not create this object. Make the class a provider or controller.`;
}

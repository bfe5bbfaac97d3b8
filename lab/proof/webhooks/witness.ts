import { createHook } from 'node:async_hooks';
import { Resolver } from 'node:dns/promises';
import { appendFileSync } from 'node:fs';

/**
 * Loaded into the process of a server before its program: writes down every TCP connection that is begun, whoever begins it,
 * and has names looked up at a name server of the proof's own, as if the machine had been set up so. The program itself is
 * the one that was built.
 */
const settings = new URL(import.meta.url).searchParams;
const file = settings.get('file') ?? '';
const nameServer = settings.get('nameServer') ?? '';

createHook({
  init: (_, type, __, resource) => {
    if (type !== 'TCPCONNECTWRAP') return;
    // Only once it is made is it told where to go.
    queueMicrotask(() => appendFileSync(file, `${(resource as { readonly address: string }).address}\n`));
  },
}).enable();

const directed = new WeakSet<Resolver>();

for (const method of ['resolve4', 'resolve6'] as const) {
  const original = Resolver.prototype[method] as (this: Resolver, name: string) => Promise<string[]>;
  Object.defineProperty(Resolver.prototype, method, {
    value(this: Resolver, name: string) {
      // Not while a question is under way: that is an error.
      if (!directed.has(this)) this.setServers([nameServer]);
      directed.add(this);
      return original.call(this, name);
    },
  });
}

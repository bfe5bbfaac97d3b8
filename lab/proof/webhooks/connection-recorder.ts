import { createHook } from 'node:async_hooks';
import { Resolver } from 'node:dns/promises';
import { appendFileSync } from 'node:fs';

/**
 * Loaded into a server's process before its program. It records every TCP connection that the process starts, and sends name
 * lookups to the proof's name server, as if the machine were configured that way. The program itself is unchanged.
 */
const settings = new URL(import.meta.url).searchParams;
const file = settings.get('file') ?? '';
const nameServer = settings.get('nameServer') ?? '';

createHook({
  init: (_, type, __, resource) => {
    if (type !== 'TCPCONNECTWRAP') return;
    // The address is set only after the resource was created.
    queueMicrotask(() => appendFileSync(file, `${(resource as { readonly address: string }).address}\n`));
  },
}).enable();

const directed = new WeakSet<Resolver>();

for (const method of ['resolve4', 'resolve6'] as const) {
  const original = Resolver.prototype[method] as (this: Resolver, name: string) => Promise<string[]>;
  Object.defineProperty(Resolver.prototype, method, {
    value(this: Resolver, name: string) {
      // Only once: `setServers` throws during a lookup.
      if (!directed.has(this)) this.setServers([nameServer]);
      directed.add(this);
      return original.call(this, name);
    },
  });
}

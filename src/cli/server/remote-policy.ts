import { z } from 'zod';
import type { Finding } from '../../access/policy/finding.js';
import type { Control } from './installation/control.js';
import { parseAnswer, RemoteServer } from './remote-server.js';

const finding = z.object({
  line: z.number(),
  column: z.number(),
  message: z.string(),
}) satisfies z.ZodType<Finding>;
const summary = z.object({
  version: z.number(),
  removed: z.boolean(),
  applied_at: z.string().nullable(),
  applied_by: z.string().nullable(),
});
const version = summary.extend({ text: z.string().nullable() });
const applied = version.extend({ warnings: z.array(finding) });
const checked = z.object({
  valid: z.boolean(),
  mistakes: z.array(finding),
  warnings: z.array(finding),
  version: z.number(),
  changes: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
});
const grant = z.object({
  line: z.number(),
  to: z.array(z.string()),
  may: z.array(z.string()),
  on: z.array(z.string()),
});
const explained = z.object({ allowed: z.boolean(), reason: z.string(), grants: z.array(grant) });

export type PolicySummary = z.infer<typeof summary>;

/** What someone asks to do. */
export interface Question {
  readonly user: string;
  readonly action: string;
  readonly lock: string;
}

/** Reads and changes the policy of the running server. */
export class RemotePolicy {
  readonly #server: RemoteServer;

  constructor(control: Control) {
    this.#server = new RemoteServer(control);
  }

  async current(): Promise<z.infer<typeof version>> {
    return parseAnswer(version, await this.#ask('GET', ''));
  }

  async version(number: string): Promise<z.infer<typeof version>> {
    return parseAnswer(version, await this.#ask('GET', `/versions/${encodeURIComponent(number)}`));
  }

  async versions(): Promise<PolicySummary[]> {
    return parseAnswer(z.object({ versions: z.array(summary) }), await this.#ask('GET', '/versions'))
      .versions;
  }

  async check(text: string): Promise<z.infer<typeof checked>> {
    return parseAnswer(checked, await this.#ask('POST', '/check', { body: { text } }));
  }

  async apply(text: string, replaced: string): Promise<z.infer<typeof applied>> {
    return parseAnswer(applied, await this.#ask('PUT', '', { body: { text }, headers: ifMatch(replaced) }));
  }

  async remove(replaced: string): Promise<z.infer<typeof version>> {
    return parseAnswer(version, await this.#ask('DELETE', '', { headers: ifMatch(replaced) }));
  }

  async why(question: Question): Promise<z.infer<typeof explained>> {
    return parseAnswer(
      explained,
      await this.#ask('GET', `/why?${new URLSearchParams({ ...question }).toString()}`),
    );
  }

  #ask(
    method: string,
    path: string,
    { body, headers }: { body?: object; headers?: Record<string, string> } = {},
  ): Promise<unknown> {
    return this.#server.ask(method, `/admin/policy${path}`, body, headers);
  }
}

function ifMatch(version: string): Record<string, string> {
  return { 'if-match': `"${version}"` };
}

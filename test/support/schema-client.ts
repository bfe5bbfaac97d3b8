import { expect } from 'vitest';
import { Client, type CallOptions, type Reply } from '../../lab/kit/http/client.js';
import { commonProblemsOf } from '../../lab/kit/http/reply-problems.js';
import { ApiContract } from '../../lab/kit/http/schema.js';

const contract = ApiContract.load();

/** A client that checks each reply against the OpenAPI document and against the rules for all replies. */
export class CheckedClient extends Client {
  override as(token: string | null): CheckedClient {
    return new CheckedClient(this.url, token);
  }

  override async call(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    const reply = await super.call(method, path, options);
    const problems = [...contract.problemsOf(method, path, reply), ...commonProblemsOf(reply)];
    expect(problems, `${method} ${path} answered ${reply.status} ${JSON.stringify(reply.body)}`).toEqual([]);
    return reply;
  }
}

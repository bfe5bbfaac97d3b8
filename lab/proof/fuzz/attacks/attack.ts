import type { Arbitrary } from 'fast-check';
import type { ErrorCode } from '../../../../src/errors/error-table.js';
import type { ApiContract } from '../../../kit/http/schema.js';
import type { User } from '../attacker.js';
import type { Check, RawFuzzRequest, FuzzRequest } from '../fuzz-request.js';

/** What an attack knows. */
export interface Target {
  readonly user: User;
  readonly adminKey: string;
  readonly contract: ApiContract;
}

/** A kind of request to attack with. */
export interface Attack {
  /** Its share of all requests, in percent. */
  readonly share: number;
  readonly requests: Arbitrary<FuzzRequest>;
}

/** The same with bytes that need not be requests. */
export interface RawAttack {
  readonly share: number;
  readonly requests: Arbitrary<RawFuzzRequest>;
}

export function authorizationOf({ token }: User): string {
  return `authorization: Bearer ${token}`;
}

/** A check that the answer is one of these errors. */
export function refusedWith(...codes: readonly ErrorCode[]): Check {
  return ({ status, body }) =>
    codes.some((code) => code === body['code'])
      ? []
      : [`${status} ${String(body['code'])} instead of ${codes.join(' or ')}`];
}

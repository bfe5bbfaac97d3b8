import type { Arbitrary } from 'fast-check';
import type { ErrorCode } from '../../../../src/errors/error-table.js';
import type { ApiContract } from '../../../kit/http/schema.js';
import type { User } from '../attacker.js';
import type { Judge, RawShot, Shot } from '../shot.js';

/** What an attack may know. */
export interface Target {
  readonly user: User;
  readonly adminKey: string;
  readonly contract: ApiContract;
}

/** One way to attack, by requests of which nothing but their answers is expected. */
export interface Attack {
  /** How many of a hundred requests it makes. */
  readonly share: number;
  readonly shots: Arbitrary<Shot>;
}

/** The same with bytes that need be no requests. */
export interface RawAttack {
  readonly share: number;
  readonly shots: Arbitrary<RawShot>;
}

export function authorizationOf({ token }: User): string {
  return `authorization: Bearer ${token}`;
}

/** The answer must be one of these errors. */
export function refusedWith(...codes: readonly ErrorCode[]): Judge {
  return ({ status, body }) =>
    codes.some((code) => code === body['code'])
      ? []
      : [`${status} ${String(body['code'])} instead of ${codes.join(' or ')}`];
}

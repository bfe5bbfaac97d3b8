import type { FenceName } from '../../../src/core/model/fence.js';
import type { LeaseId, SessionId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';

/** The law's branded values, made without the checks of the service's API. */
export const lockName = (index: number): LockName => `lock/${index}` as LockName;
export const fenceName = (index: number): FenceName => `fence/${index}` as FenceName;
export const userId = (index: number): UserId => `user-${index}` as UserId;
export const leaseId = (text: string): LeaseId => text as LeaseId;
export const sessionId = (text: string): SessionId => text as SessionId;

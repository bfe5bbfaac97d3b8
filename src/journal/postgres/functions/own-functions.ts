import type { DataSource } from 'typeorm';
import { commitFunction } from './commit-function.js';
import { CONTINUE_CHAIN } from './continue-chain.js';
import { GO_ON } from './go-on.js';
import type { OwnFunction } from './own-function.js';
import { FORGET_REPLICA, REPORT_REPLICA } from './report-replica.js';
import { TAKE_OVER } from './take-over.js';

/** Every function that this version calls. */
export function ownFunctions(dataSource: DataSource): OwnFunction[] {
  return [commitFunction(dataSource), CONTINUE_CHAIN, GO_ON, TAKE_OVER, REPORT_REPLICA, FORGET_REPLICA];
}

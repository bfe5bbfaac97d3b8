import { BE_DURABLE, ownFunction, UNLESS_REFUSED } from './own-function.js';

/** A commit that changes nothing but the number of the last commit. */
export const CONTINUE_CHAIN = ownFunction({
  verb: 'continue_chain',
  parameters: ['p_epoch bigint', 'p_reign uuid', 'p_previous bigint'],
  body: `begin ${BE_DURABLE}
  update server set commit_no = p_previous + 1, db_clock = clock_timestamp()
    where id = 1 and epoch = p_epoch and reign = p_reign and commit_no = p_previous;
  ${UNLESS_REFUSED}
end`,
});

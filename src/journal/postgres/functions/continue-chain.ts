import { AT_LAST_POSITION, LAST_POSITION, NEXT_COMMIT, WHERE_IT_WAS } from './own-chain.js';
import { BE_DURABLE, ownFunction, UNLESS_REFUSED } from './own-function.js';

/** A commit that changes nothing but the number of the last commit. */
export const CONTINUE_CHAIN = ownFunction({
  verb: 'continue_chain',
  parameters: LAST_POSITION,
  body: `begin ${BE_DURABLE}
  update server set ${NEXT_COMMIT}
    where ${AT_LAST_POSITION}
      and ${WHERE_IT_WAS};
  ${UNLESS_REFUSED}
end`,
});

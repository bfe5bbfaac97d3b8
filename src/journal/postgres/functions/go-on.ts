import { DATABASE_REPLACED } from '../connection/sql-errors.js';
import { AT_LAST_POSITION, LAST_POSITION } from './own-chain.js';
import { BE_DURABLE, IDENTIFY, ownFunction, UNLESS_REFUSED } from './own-function.js';

/**
 * Whether no later term can have been lost. None is lost if the same server was started again. After a promotion, none is lost if
 * commits waited for a standby: whatever a later term has acknowledged, the standby has. The last commit tells whether they did. It
 * tells nothing of the time after a promotion that the term has not seen, so only one promotion may lie in between.
 */
const HAS_LOST_NO_TERM = `
  v_last.system_id = v_system and (
    v_last.timeline = v_timeline
    or (v_last.synchronous and v_last.timeline + 1 = v_timeline)
  )`;

/**
 * Lets a term go on after the database was started again, or a standby was promoted. Raises `DATABASE_REPLACED` if a later term may
 * have been lost. That term may have issued the numbers that would come next.
 */
export const GO_ON = ownFunction({
  verb: 'go_on',
  parameters: LAST_POSITION,
  body: `declare
  v_last server%rowtype;
  v_system text;
  v_timeline bigint;
begin ${BE_DURABLE} ${IDENTIFY}
  select * into v_last from server where ${AT_LAST_POSITION} for update;
  ${UNLESS_REFUSED}
  if (${HAS_LOST_NO_TERM}) is not true then
    raise exception 'the database was replaced by one that may lack a later term' using errcode = '${DATABASE_REPLACED}';
  end if;
  update server set timeline = v_timeline, postmaster_started_at = pg_postmaster_start_time() where id = 1;
end`,
});

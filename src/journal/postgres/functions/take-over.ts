import {
  ELAPSED_SECONDS_MAX,
  FIRST_SECOND,
  NUMBERS_PER_SECOND_MAX,
  NUMBERS_SKIPPED_FOR_TERMS,
  NUMBERS_SKIPPED_MIN,
  PRESENT_SECONDS_MAX,
} from '../../skipped-numbers.js';
import { FORMAT_TOO_NEW } from '../cluster/format.js';
import { BE_DURABLE, IDENTIFY, IS_SYNCHRONOUS, ownFunction, UNLESS_REFUSED } from './own-function.js';

/** How many terms operators can look back. */
const TERMS_KEPT = 50;

/** Whether this is another database than at the last commit, or one that lacks commits. Then terms may be missing as a whole. */
const MAY_HAVE_LOST_TERMS = `
  (p_has_lost_commits
    or v_system is null or v_old.system_id is distinct from v_system
    or v_old.timeline is distinct from v_timeline)`;

/**
 * Whether commits may be missing. Then numbers above the ones in the database may have been issued. A database that has run on since
 * its last commit has lost none, and otherwise only a process that watched it can know that it is not an old copy. One without any term
 * may be a standby that was promoted before it had received the first.
 */
const MAY_HAVE_LOST_COMMITS = `
  (case when v_old.epoch = 0
    then p_has_lost_commits or coalesce(v_timeline > 1, false)
    else ${MAY_HAVE_LOST_TERMS}
      or (not p_has_watched and v_old.postmaster_started_at is distinct from pg_postmaster_start_time())
  end)`;

/** What is skipped at least, relative to the last numbers that are known. Each promotion since then may have begun a term that is lost. */
const SKIPS_AT_LEAST = `
  case when ${MAY_HAVE_LOST_TERMS}
    then ${NUMBERS_SKIPPED_FOR_TERMS} * greatest(1, coalesce(v_timeline - v_old.timeline, 1))
    else ${NUMBERS_SKIPPED_MIN}
  end`;

/** As `numberAfterLoss` does. */
function afterLoss(last: string): string {
  return `(greatest(
      ${last} + v_elapsed,
      round(${NUMBERS_PER_SECOND_MAX} * least(${PRESENT_SECONDS_MAX}, extract(epoch from v_now) - ${FIRST_SECOND}))
    ) + v_least)::bigint`;
}

/**
 * Begins a term, if the server row is where it was seen. If commits may be missing, it skips numbers as a restore does, and every fence refuses
 * all earlier tokens. It skips more if terms may be lost as a whole: they may have skipped numbers too. Refuses a database that may contain what
 * this version cannot read.
 */
export const TAKE_OVER = ownFunction({
  verb: 'take_over',
  parameters: [
    'p_epoch bigint',
    'p_commit_no bigint',
    'p_reign uuid',
    'p_has_lost_commits boolean',
    'p_has_watched boolean',
    'p_reason text',
    'p_format bigint',
    'p_replica_id text',
    'p_url text',
    'p_version text',
  ],
  body: `declare
  v_old server%rowtype;
  v_system text;
  v_timeline bigint;
  v_now timestamptz := clock_timestamp();
  v_elapsed numeric;
  v_least numeric;
  v_token bigint;
  v_sequence bigint;
begin ${BE_DURABLE} ${IDENTIFY}
  select * into v_old from server
    where id = 1 and epoch = p_epoch and commit_no = p_commit_no for update;
  ${UNLESS_REFUSED}
  if v_old.format > p_format then
    raise exception 'a newer version of OctoStore uses this database' using errcode = '${FORMAT_TOO_NEW}';
  end if;
  v_token := v_old.last_fencing_token;
  v_sequence := v_old.last_sequence;
  if ${MAY_HAVE_LOST_COMMITS} then
    v_elapsed := round(${NUMBERS_PER_SECOND_MAX} *
      least(${ELAPSED_SECONDS_MAX}, greatest(0, extract(epoch from v_now - v_old.db_clock))));
    v_least := ${SKIPS_AT_LEAST};
    v_token := ${afterLoss('v_token')};
    v_sequence := ${afterLoss('v_sequence')};
    update fences set highest = v_token;
  end if;
  update server set
    epoch = epoch + 1,
    commit_no = commit_no + 1,
    reign = p_reign,
    leader_url = '',
    continues_from = v_old.db_clock,
    system_id = v_system,
    timeline = v_timeline,
    postmaster_started_at = pg_postmaster_start_time(),
    synchronous = ${IS_SYNCHRONOUS},
    db_clock = v_now,
    last_fencing_token = v_token,
    last_sequence = v_sequence,
    restored_at = case when v_sequence > v_old.last_sequence then v_sequence else restored_at end
    where id = 1;
  insert into terms (reign, epoch, replica_id, url, version, began_at, reason, skipped)
    values (p_reign, v_old.epoch + 1, p_replica_id, p_url, p_version, clock_timestamp(),
      case when v_old.epoch = 0 then 'first' else p_reason end, v_token - v_old.last_fencing_token);
  delete from terms where epoch <= v_old.epoch + 1 - ${TERMS_KEPT};
end`,
});

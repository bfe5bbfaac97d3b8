import {
  NUMBERS_PER_SECOND_MAX,
  NUMBERS_SKIPPED_FOR_TERMS,
  NUMBERS_SKIPPED_MIN,
  SECONDS_MAX,
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
 * its last commit has lost none, and otherwise only a process that watched it can know that it is not an old copy.
 */
const MAY_HAVE_LOST_COMMITS = `
  v_old.epoch > 0 and (
    ${MAY_HAVE_LOST_TERMS}
    or (not p_has_watched and v_old.postmaster_started_at is distinct from pg_postmaster_start_time())
  )`;

/**
 * Begins a term, if the server row is where it was seen. If commits may be missing, it skips as many numbers as a restore does, and
 * every fence refuses all earlier tokens. It skips more if terms may be lost as a whole, once for each promotion since the last term
 * that is known: each of those terms may have skipped numbers too, after a promotion or because its database was started again. Refuses a database that may contain what this version
 * cannot read.
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
  v_skipped bigint := 0;
begin ${BE_DURABLE} ${IDENTIFY}
  select * into v_old from server
    where id = 1 and epoch = p_epoch and commit_no = p_commit_no for update;
  ${UNLESS_REFUSED}
  if v_old.format > p_format then
    raise exception 'a newer version of OctoStore uses this database' using errcode = '${FORMAT_TOO_NEW}';
  end if;
  if ${MAY_HAVE_LOST_COMMITS} then
    v_skipped := greatest(
      case when ${MAY_HAVE_LOST_TERMS}
        then ${NUMBERS_SKIPPED_FOR_TERMS} * greatest(1, coalesce(v_timeline - v_old.timeline, 1))
        else ${NUMBERS_SKIPPED_MIN}
      end,
      ${NUMBERS_PER_SECOND_MAX} * least(${SECONDS_MAX},
        ceil(extract(epoch from clock_timestamp() - v_old.db_clock))))::bigint;
    update fences set highest = v_old.last_fencing_token + v_skipped;
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
    db_clock = clock_timestamp(),
    last_fencing_token = last_fencing_token + v_skipped,
    last_sequence = last_sequence + v_skipped,
    restored_at = case when v_skipped > 0 then last_sequence + v_skipped else restored_at end
    where id = 1;
  insert into terms (reign, epoch, replica_id, url, version, began_at, reason, skipped)
    values (p_reign, v_old.epoch + 1, p_replica_id, p_url, p_version, clock_timestamp(),
      case when v_old.epoch = 0 then 'first' else p_reason end, v_skipped);
  delete from terms where epoch <= v_old.epoch + 1 - ${TERMS_KEPT};
end`,
});

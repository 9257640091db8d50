import { history } from '../../../migrations/history.js';
import { LockstepError } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import { printable } from '../../core/finding.js';
import type { World } from '../../world.js';
import { type Look, lookOf, lookSql, proveSystem } from './look.js';
import type { Db } from './open.js';

export interface Limits {
  readonly schema: string | null;
  /** how long to wait for another run to end */
  readonly lockMs: number;
  readonly statementMs: number;
  readonly world: Pick<World, 'monotonic' | 'timer' | 'random' | 'interrupted'>;
}

/** The advisory lock of lockstep in a database: its own name in ASCII. */
const lock = BigInt(`0x${Buffer.from('lockstep', 'latin1').toString('hex')}`);

const ledger = `create table if not exists ${history.migrationTableName} (
  name varchar(255) not null primary key, timestamp varchar(255) not null, hash text, adopted boolean not null default false);
alter table ${history.migrationTableName} add column if not exists hash text,
  add column if not exists adopted boolean not null default false;
create table if not exists ${history.migrationLockTableName} (
  id varchar(255) not null primary key, is_locked integer not null default 0);
insert into ${history.migrationLockTableName} (id) values ('migration_lock') on conflict do nothing`;

/**
 * All the statements or none of them, in one transaction under the lock, provided that the ledger is still as it was
 * `seen`; false when somebody changed it since, and then nothing was done. Two round trips where nobody else is there.
 * The lock, the limits and the search path end with the transaction, so that a pooler may give each one another session.
 */
export async function inTransaction(
  db: Db,
  seen: Look,
  statements: readonly string[],
  limits: Limits,
): Promise<boolean> {
  const now = await locked(db, limits);
  try {
    // a pooler may lead elsewhere meanwhile
    proveSystem(now, db.place, seen.system);
    if (now.seal !== seen.seal || now.schema !== seen.schema) {
      await db.send('rollback');
      return false;
    }
    // each statement may take its time, and the server says when one takes longer
    await db.send([quietly, ledger, ...statements, 'commit'].join(';\n'), limits.statementMs * (statements.length + 3));
    return true;
  } catch (error) {
    // the server may be gone, and has then rolled back by itself
    await db.send('rollback').catch(() => {});
    throw error;
  }
}

/** `if not exists` need not be remarked upon */
const quietly = 'set local client_min_messages = warning';

/** Begins a transaction that holds the lock. Where somebody else holds it: tries again until the deadline, then names them. */
async function locked(db: Db, limits: Limits): Promise<Look> {
  const { world, lockMs, schema } = limits;
  const end = world.monotonic() + lockMs;
  for (;;) {
    const answer = await db.send(`${begin(limits)}; ${lookSql(schema)}`);
    if (answer.flat().some((row) => row.locked === true)) return lookOf(answer, db.place, schema);
    const holders = (await db.send(`${whoHolds}; rollback`)).flat();
    if (world.monotonic() >= end) throw heldBy(holders, db.place);
    if (world.interrupted.aborted) throw heldBy(holders, db.place);
    // a little chance, so that runners do not ask in step
    const [chance = 0] = world.random(1);
    await new Promise<void>((resolve) => world.timer(40 + chance / 4, resolve));
  }
}

/** The client's death is noticed within a second where the platform can tell, also during a long statement. */
function begin({ statementMs }: Limits): string {
  return `begin;
set local lock_timeout = '10s';
set local statement_timeout = ${Math.ceil(statementMs)};
set local idle_in_transaction_session_timeout = '60s';
do $lockstep$ begin
  perform set_config('client_connection_check_interval', '1s', true);
exception when others then null;
end $lockstep$;
select pg_try_advisory_xact_lock(${lock}) as locked`;
}

const whoHolds = `select l.pid, a.application_name as application, a.usename as "user",
  to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
from pg_locks l left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
  and l.classid::bigint = ${lock >> 32n} and l.objid::bigint = ${lock & 0xffff_ffffn} and l.objsubid = 1`;

function heldBy(holders: readonly Record<string, unknown>[], place: string): LockstepError {
  const [holder] = holders;
  const part = (name: string, words: string) => (holder?.[name] ? ` ${words}${printable(String(holder[name]))}` : '');
  const who =
    holder === undefined
      ? 'another run, which has just ended'
      : `process ${holder.pid}${part('application', '')}${part('user', 'as ')}${part('since', 'since ')}`;
  const pid = holder === undefined ? '' : `; to end it: select pg_terminate_backend(${holder.pid})`;
  return new LockstepError('locked', `${place}: another migration holds the lock: ${who}`, {
    exit: Exit.unfinished,
    hint: `wait for it, or for longer: --lock-timeout 60s${pid}`,
  });
}

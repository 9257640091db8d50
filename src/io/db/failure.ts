import { LockstepError } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { printable } from '../../core/finding.js';

/** What PostgreSQL said, or why it said nothing. `message` of the server may name rows' values: only some are shown. */
interface PgError {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly table?: string;
  readonly constraint?: string;
  /** of a key that was not expected */
  readonly pin?: string;
}

interface Words {
  readonly code: string;
  readonly text: string;
  readonly hint: string;
  readonly exit: ExitCode;
}

const config = (code: string, text: string, hint: string): Words => ({ code, text, hint, exit: Exit.usage });
const silent = (code: string, text: string, hint: string): Words => ({ code, text, hint, exit: Exit.unfinished });

const starting = 'give it time: --wait 60s';
const where = 'see that it runs and that host and port are right; --wait 60s waits for one that is starting';

/** By SQLSTATE (PostgreSQL, appendix A) or by the name of a system error. */
const known: Readonly<Record<string, Words>> = {
  '28P01': config(
    'wrong-password',
    'the password is not taken',
    'see that user and password of the URL are those of the database',
  ),
  '28000': config(
    'not-let-in',
    'this user is not let in from here',
    'see user, host and sslmode of the URL, and pg_hba.conf of the server',
  ),
  '3D000': config('no-such-database', 'there is no database of that name', 'create it, or see the end of the URL'),
  '3F000': config(
    'no-such-schema',
    'there is no such schema',
    'create it: create schema NAME; or see --schema and the search_path',
  ),
  '22023': config('no-such-timezone', 'there is no such time zone', 'give --timezone a name like UTC or Europe/Berlin'),
  '42501': config(
    'no-privilege',
    'this user may not do that',
    'give it CREATE on the schema, and the tables, or come as their owner',
  ),
  '25006': config(
    'read-only',
    'the database takes no writes',
    'it is a replica, or default_transaction_read_only is on: give the URL of the primary',
  ),
  '08P01': config(
    'startup-refused',
    'a setting of the URL is refused',
    'a pooler takes no `options`: leave search_path out of the URL and give --schema',
  ),
  '57P03': silent('starting', 'the server is starting up or shutting down', starting),
  '57P01': silent('connection-lost', 'the server ended the connection', 'nothing is half done: run it again'),
  '57P02': silent('connection-lost', 'the server crashed', 'nothing is half done: run it again'),
  '53100': silent('disk-full', "the server's disk is full", 'nothing was changed: make room there, then run it again'),
  '53200': silent('out-of-memory', 'the server is out of memory', 'nothing was changed: try again'),
  '58030': silent(
    'disk-fails',
    "the server's disk reports an error",
    'nothing was changed: see the log of the server before it is run again',
  ),
  '53300': silent('too-many-connections', 'the server has no connection to spare', 'end some, or try again'),
  '55P03': silent(
    'locked',
    'a table is in use by somebody else',
    'nothing was changed: try again when the long transaction is over',
  ),
  '57014': silent(
    'timed-out',
    'a statement took longer than it may',
    'nothing was changed: --statement-timeout gives it longer',
  ),
  '40P01': silent('locked', 'somebody else waits for the same tables', 'nothing was changed: try again'),
  '25P03': silent('connection-lost', 'the transaction stood idle for too long', 'nothing was changed: try again'),
  ENOTFOUND: silent('unreachable', 'no such host', where),
  EAI_AGAIN: silent('unreachable', 'the name service does not answer', where),
  ECONNREFUSED: silent('unreachable', 'connection refused: nothing listens there', where),
  ENOENT: silent('unreachable', 'no socket there: nothing listens', where),
  EACCES: silent('unreachable', 'the socket may not be used by this user', where),
  ECONNRESET: silent('connection-lost', 'the connection was reset', 'nothing is half done: run it again'),
  EPIPE: silent('connection-lost', 'the connection was closed', 'nothing is half done: run it again'),
  EHOSTUNREACH: silent('unreachable', 'no route to the host', where),
  ENETUNREACH: silent('unreachable', 'no route to the network', where),
  ETIMEDOUT: silent('unreachable', 'no connection in time', where),
  LOCKSTEP_TIMEOUT: silent('unreachable', 'no answer in time', where),
  LOCKSTEP_NOT_POSTGRES: silent(
    'not-postgresql',
    'what answers there is not PostgreSQL',
    'see host and port of the URL',
  ),
  LOCKSTEP_UNREADABLE: silent(
    'not-postgresql',
    'what answers there is not PostgreSQL, or not one that can be read',
    'see host and port of the URL',
  ),
  LOCKSTEP_TOO_LARGE: silent('not-postgresql', 'what answers there says more than a database has to say', where),
  LOCKSTEP_METADATA: silent(
    'unreachable',
    'this is an address of cloud metadata, to which nothing is ever sent',
    where,
  ),
  LOCKSTEP_ABROAD: silent(
    'unreachable',
    'the name is one of this machine or a private network, and leads elsewhere',
    where,
  ),
  LOCKSTEP_CLOSED: silent('connection-lost', 'the connection ended without a word', where),
  LOCKSTEP_NO_TLS: config('no-tls', 'the server does not speak TLS', 'leave sslmode out of the URL, or turn TLS on'),
};

/** Errors after which the server may yet come: those of one that is starting. */
export function mayCome(error: unknown): boolean {
  return (
    error instanceof LockstepError &&
    ['unreachable', 'starting', 'connection-lost', 'too-many-connections'].includes(error.code)
  );
}

/**
 * Rebuilt from the kind of the error: messages of drivers and servers may carry parts of the URL, or values of rows.
 * `place` is the database in words.
 */
export function failure(error: unknown, place: string): LockstepError {
  if (error instanceof LockstepError) return error;
  const raw = rootOf(error);
  const { code = '' } = raw;
  const words = known[code] ?? pinWords(raw) ?? tlsWords(code) ?? constraintWords(raw) ?? dependentWords(raw);
  if (words !== undefined) {
    return new LockstepError(words.code, `${place}: ${words.text}`, { exit: words.exit, hint: words.hint });
  }
  // classes 42 and 2B are about the statement, never about values of rows
  const said = /^(42|2B|0A|54|XX)/.test(code) && raw.message !== undefined ? `: ${printable(raw.message)}` : '';
  return new LockstepError('database-error', `${place}: PostgreSQL refuses (${printable(code) || 'unknown'})${said}`, {
    exit: Exit.unfinished,
  });
}

function rootOf(error: unknown): PgError {
  const { code, errors, message } = error as PgError & { errors?: unknown[] };
  if (Array.isArray(errors) && errors.length > 0) return rootOf(errors[0]);
  if (code !== undefined) return error as PgError;
  if (/does not support SSL/.test(message ?? '')) return { code: 'LOCKSTEP_NO_TLS' };
  if (/timeout|timed out/i.test(message ?? '')) return { code: 'LOCKSTEP_TIMEOUT' };
  if (/Connection terminated/.test(message ?? '')) return { code: 'LOCKSTEP_CLOSED' };
  return {};
}

function pinWords({ code, pin = '' }: PgError): Words | undefined {
  if (code !== 'LOCKSTEP_PIN') return undefined;
  return silent(
    'other-key',
    `the server has the key sha256/${pin}, which is none of --expect-spki`,
    'nothing was sent to it. If it was given a new key on purpose, say that one, too',
  );
}

function tlsWords(code: string): Words | undefined {
  if (!/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/.test(code)) return undefined;
  return config(
    'tls',
    `the TLS connection is not trusted (${code})`,
    "give the server's authority with sslrootcert=FILE in the URL",
  );
}

/** Rows that came in after they were counted. Values stand in the detail, which is left out. */
function constraintWords({ code = '', table, constraint }: PgError): Words | undefined {
  if (!/^23/.test(code)) return undefined;
  const named = constraint === undefined ? '' : ` (${printable(constraint)})`;
  const text = `a row of ${printable(table ?? 'a table')} breaks a constraint${named}: nothing was changed`;
  return { code: 'rows-in-the-way', text, hint: 'lockstep migrate plan', exit: Exit.refused };
}

/** Something of the application hangs on what was to go. The detail names it, out of the catalogue. */
function dependentWords({ code, detail = '' }: PgError): Words | undefined {
  if (code !== '2BP01') return undefined;
  const text = `other things depend on what was to go (${printable(detail.split('\n')[0] ?? '')}): nothing was changed`;
  return { code: 'dependents', text, hint: 'take those away first', exit: Exit.refused };
}

import type { Command as Commander } from 'commander';
import { idTypes, type Layout, namings, type OptionalSet, optionalSets } from '../../../migrations/layout.js';
import type { DatabaseFlags } from '../../config/database.js';
import { usage } from '../../core/errors.js';
import type { Wanted } from '../../io/db/plan.js';
import type { DeadlineOptions } from '../deadline.js';
import { declareDeadline } from '../deadline.js';
import { optionName, plainFlags } from '../plain-flags.js';
import { declarePins } from '../reach.js';

/** What every verb takes. */
export interface Options extends DatabaseFlags, DeadlineOptions {
  readonly expectSpki?: readonly string[];
  readonly expectDbId?: string;
  readonly schema?: string;
  readonly idType?: string;
  readonly fieldNames?: string;
  readonly with?: readonly string[];
  readonly timezone?: string;
  readonly wait?: string;
  readonly lockTimeout?: string;
  readonly statementTimeout?: string;
  readonly json?: boolean;
}

/** What a verb that changes something takes beside. */
export interface ConsentOptions {
  readonly yes?: boolean;
  /** false for --no-input */
  readonly input?: boolean;
  readonly confirm?: string;
}

/** The options, checked. */
export interface Asked {
  readonly wanted: Wanted;
  readonly schema: string | null;
  /** the system id that the database must have */
  readonly system: string | null;
  readonly waitMs: number;
  readonly lockMs: number;
  readonly statementMs: number;
  readonly json: boolean;
}

export function declareDatabase(commander: Commander): Commander {
  return declareDeadline(declarePins(commander))
    .option('--database-url-env <name>', 'the variable that holds the URL; DATABASE_URL otherwise')
    .option('--target <name>', 'target of lockstep.json')
    .option('--config <file>', 'another lockstep.json')
    .option('--expect-db-id <id>', 'touch no other server than the one with this system id, which `status` tells')
    .option('--schema <name>', 'schema of the tables; the first of the search path otherwise')
    .option('--wait <time>', 'wait for a database that is starting: 60s')
    .option('--json', 'one JSON object on stdout, and no questions');
}

export function declareLayout(commander: Commander): Commander {
  return commander
    .option('--id-type <type>', 'ids are text, uuid or serial; read from the tables that are there, else text')
    .option('--field-names <how>', 'camel, or snake where the options of Better Auth map fields to snake_case')
    .option('--with <sets...>', `optional tables: ${optionalSets.join(', ')}`)
    .option('--timezone <name>', 'of the clock that wrote times without a time zone; UTC otherwise');
}

export function declareConsent(commander: Commander): Commander {
  return commander
    .option('-y, --yes', 'consent; a production database wants --confirm')
    .option('--confirm <name>', 'consent to change this database, by its name or that of the target')
    .option('--no-input', 'ask nothing')
    .option('--production', 'treat the database as production')
    .option('--no-production', 'the database is not production, wherever it is')
    .option('--lock-timeout <time>', 'wait so long for another migration: 10s')
    .option('--statement-timeout <time>', 'no statement may take longer: 10m');
}

const valued = [
  'database-url-env',
  'target',
  'config',
  'expect-db-id',
  'schema',
  'wait',
  'deadline',
  'id-type',
  'field-names',
  'timezone',
  'confirm',
  'lock-timeout',
  'statement-timeout',
];
const consenting = ['yes', 'no-input', 'production', 'no-production', 'confirm', 'lock-timeout', 'statement-timeout'];

/** Run before each start of an application: plain command lines need no parser. */
export function brief(args: readonly string[], { consents }: { readonly consents: boolean }): Options | null {
  const flags = plainFlags(args, valued, ['json', ...consenting.filter((name) => !valued.includes(name))]);
  if (flags === null || (!consents && consenting.some((name) => Object.hasOwn(flags, name)))) return null;
  const options = Object.entries(flags).map(([name, value]): [string, string | boolean] => {
    const [, negated] = /^no-(.*)$/.exec(name) ?? [];
    return negated === undefined ? [optionName(name), value] : [optionName(negated), false];
  });
  return Object.fromEntries(options);
}

/** Checks the options; every mistake at once. */
export function read(options: Options): Asked {
  const mistakes: string[] = [];
  const oneOf = <T extends string>(flag: string, value: string | undefined, known: readonly T[]): T | undefined => {
    const found = known.find((one) => one === value);
    if (value !== undefined && found === undefined) mistakes.push(`${flag} ${value}: it is one of ${known.join(', ')}`);
    return found;
  };
  const time = (flag: string, value: string | undefined, standard: number): number => {
    if (value === undefined) return standard;
    const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value) ?? [];
    if (number === '') mistakes.push(`${flag} ${value}: it is a time like 500ms, 60s or 5m`);
    return Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000);
  };
  const id = oneOf('--id-type', options.idType, idTypes);
  const naming = oneOf('--field-names', options.fieldNames, namings);
  const sets = (options.with ?? []).map((set) => oneOf('--with', set, optionalSets) as OptionalSet);
  const layout: Partial<Layout> = { ...(id === undefined ? {} : { id }), ...(naming === undefined ? {} : { naming }) };
  const { expectDbId = null } = options;
  if (expectDbId !== null && !/^\d{1,20}$/.test(expectDbId))
    mistakes.push(`--expect-db-id ${expectDbId}: it is a number, which lockstep migrate status tells`);
  const asked: Asked = {
    wanted: { layout, sets, timezone: options.timezone ?? null },
    schema: options.schema ?? null,
    system: expectDbId,
    waitMs: time('--wait', options.wait, 0),
    lockMs: time('--lock-timeout', options.lockTimeout, 10_000),
    statementMs: time('--statement-timeout', options.statementTimeout, 600_000),
    json: options.json === true,
  };
  if (mistakes.length > 0) throw usage(mistakes.join('\n'), 'lockstep migrate --help');
  return asked;
}

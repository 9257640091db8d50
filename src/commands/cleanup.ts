import { resolveTarget } from '../config/target.js';
import { LockstepError, usage } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import type { Place, Reading } from '../core/journal.js';
import { inWords } from '../core/journal.js';
import type { Redactor } from '../core/redact.js';
import type { Target } from '../core/target.js';
import { createProbe } from '../io/probe.js';
import { styleFor } from '../io/style.js';
import { whyRowsStay } from '../io/throwaway-rows.js';
import type { CleanedRun } from '../report/cleanup.js';
import { cleanupOutcome, renderCleanup, renderCleanupJson } from '../report/cleanup.js';
import type { KeptJournal, World } from '../world.js';
import type { Call } from './command.js';
import { defineCommand } from './command.js';
import type { DeadlineOptions } from './deadline.js';
import { declareDeadline, inTime } from './deadline.js';
import type { ReachOptions } from './reach.js';
import { declareReach, pinned, reach } from './reach.js';
import { administrator } from './throwaway/administrator.js';
import { rowsOf } from './throwaway/remove.js';
import { replay } from './throwaway/replay.js';

interface Options extends ReachOptions, DeadlineOptions {
  readonly target?: string;
  readonly auth?: string;
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly forget?: readonly string[];
  readonly json?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    declareDeadline(declareReach(commander))
      .option('--target <name>', 'only what was made on this target')
      .option('--auth <url>', 'only what was made at this auth server')
      .option('--config <file>', 'another lockstep.json: its users and database help to remove')
      .option('--dry-run', 'print what is on record and contact nobody')
      .option('--forget <run...>', 'take these runs off the record and contact nobody')
      .option('--json', 'one JSON object on stdout')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lockstep cleanup --dry-run\n  $ lockstep cleanup --target staging --json',
      );
  },
  run: (call) => inTime(call, cleanedUp),
});

async function cleanedUp({ options, world, redactor }: Call<Options>): Promise<ExitCode> {
  const kept = (await world.journals.all()).filter((one) => isMeant(one, options));
  if (options.forget !== undefined) return forget(kept, options.forget, world);
  const places = kept.flatMap(({ reading, live }) => (reading === null || live ? [] : [reading.place]));
  const contacts = options.dryRun === true ? [] : places.flatMap(({ auth, api }) => [auth, api]);
  const held = contacts.length === 0 ? world : await pinned(options, world, contacts);
  const runs: CleanedRun[] = [];
  for (const one of kept) runs.push(await cleaned(one, { options, world: held, redactor }));
  const json = options.json === true;
  world.stdout.write(json ? renderCleanupJson(runs) : renderCleanup(runs, styleFor(world.stdout, world.env)));
  return Exit[cleanupOutcome(runs)];
}

interface Circumstances {
  readonly options: Options;
  readonly world: World;
  readonly redactor: Redactor;
}

function isMeant({ reading }: KeptJournal, { target, auth }: Options): boolean {
  if (target === undefined && auth === undefined) return true;
  if (reading === null) return false;
  const { place } = reading;
  // the base path is left out on the command line
  const at = auth?.replace(/\/+$/, '');
  return (target ?? place.name) === place.name && (at === undefined || [at, `${at}/api/auth`].includes(place.auth));
}

async function forget(kept: readonly KeptJournal[], runs: readonly string[], world: World): Promise<ExitCode> {
  const found = runs.map((run) => kept.find(({ reading, file, live }) => !live && (reading?.run ?? file) === run));
  const unknown = runs.filter((_, i) => found[i] === undefined);
  if (unknown.length > 0)
    throw usage(`no journal of a run that has ended: ${unknown.join(', ')}`, 'lockstep cleanup --dry-run');
  for (const one of found) await one?.forget();
  world.stderr.write(`off the record: ${runs.join(', ')}\n`);
  return Exit.ok;
}

async function cleaned({ file, reading, live, journal }: KeptJournal, call: Circumstances): Promise<CleanedRun> {
  const { place, run, at } = reading ?? { place: { name: '', auth: '', api: null }, run: '', at: 0 };
  const { name, auth, api } = place;
  const said = { run, file, target: { name, auth, api }, began: new Date(at).toISOString() };
  if (reading === null) return { ...said, state: 'unreadable', things: [] };
  if (live) return { ...said, state: 'at-work', things: [] };
  if (call.options.dryRun === true) {
    const things = reading.open.map(({ made, remains }) => ({
      what: inWords(made, reading.place),
      state: 'pending' as const,
      ...(remains === null ? {} : { because: remains }),
    }));
    return { ...said, state: 'listed', things };
  }
  const { redactor, options } = call;
  const target = await targetOf(reading.place, call);
  const world = await reach(options, call.world, target);
  const passwords = reading.open.map(({ made }) => (made.kind === 'user' ? made.password : null));
  for (const secret of [
    ...passwords,
    target.users.a?.password,
    target.users.b?.password,
    target.admin?.password,
    target.database,
  ])
    redactor.learn(secret?.reveal() ?? '');
  const learn = (secret: string) => redactor.learn(secret);
  const probe = createProbe({ target, world, undo: [], journal, run, learn }, world.interrupted);
  const admin = target.admin === null ? null : administrator(target.admin);
  const powers = { admin, rows: await rowsAt(target, reading, world) };
  const things = await replay({ probe, reading, journal, powers });
  await admin?.leave(probe);
  await journal.close();
  return { ...said, state: 'replayed', things };
}

/** The deployment as it is configured now, with its users and its database; else as the journal knows it. */
async function targetOf(place: Place, { options: { config, caFile }, world }: Circumstances): Promise<Target> {
  const { auth, api, tokenRoute } = place;
  const where = { auth, api: api ?? undefined, tokenRoute, caFile };
  for (const flags of [
    { config, target: place.name, caFile },
    { config, ...where },
  ]) {
    const found = await resolveTarget(flags, world).catch(unconfigured);
    if (found?.auth === auth) return { ...found, api };
  }
  const files = { ...world.files, exists: async () => false, read: async () => null };
  return resolveTarget(where, { ...world, files, env: {} });
}

function unconfigured(error: unknown): null {
  if (error instanceof LockstepError && error.exit === Exit.usage) return null;
  throw error;
}

/** The database may be asked where it is known to be that of the auth server, by the keys which the journal has. */
async function rowsAt({ database }: Target, { open }: Reading, world: World) {
  const keys = open.flatMap(({ made }) => (made.kind === 'user' ? made.keys : []));
  if (database === null || keys.length === 0) return null;
  const why = await whyRowsStay(database, keys, world).catch(({ message }: Error) => message);
  return why === null ? rowsOf(database, world) : null;
}

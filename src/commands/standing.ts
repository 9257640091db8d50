import { loadConfig } from '../config/load.js';
import type { Parsed } from '../config/parse.js';
import { given } from '../config/sources.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { openStyle } from '../io/coloured.js';
import type { Standing } from '../report/standing.js';
import { renderStanding, renderStandingJson } from '../report/standing.js';
import { defineCommand } from './command.js';
import type { Look } from './standing/files.js';
import { lookAtFiles } from './standing/files.js';

interface Options {
  readonly version: string;
  readonly json: boolean;
}

/** `lockstep` alone, or with `--json`: where things stand in this checkout, and the next command. Nothing is contacted. */
export default defineCommand<Options>({
  declare() {},
  async run({ options, world, redactor }): Promise<ExitCode> {
    const parsed = await loadConfig(world, given('config', {}, world.env)?.value);
    const files = parsed?.config === null ? null : await lookAtFiles(world, redactor);
    const auth = given('auth', {}, world.env) !== null;
    const standing = {
      version: options.version,
      rows: [configRow(parsed), ...(files === null ? [] : [files.row]), targetRow(parsed, auth)],
      ...nextOf(parsed, files, auth),
    };
    world.stdout.write(
      options.json ? renderStandingJson(standing) : renderStanding(standing, await openStyle(world.stdout, world.env)),
    );
    return standing.rows.some(([, , state]) => state === 'bad') ? Exit.problems : Exit.ok;
  },
});

type Row = Standing['rows'][number];

function configRow(parsed: Parsed | null): Row {
  if (parsed === null) return ['lockstep.json', 'there is none; flags and defaults serve', 'open'];
  const { length } = parsed.mistakes;
  if (length > 0)
    return ['lockstep.json', `${parsed.name} has ${length === 1 ? 'a mistake' : `${length} mistakes`}`, 'bad'];
  return ['lockstep.json', parsed.name, 'good'];
}

function targetRow(parsed: Parsed | null, auth: boolean): Row {
  const targets = parsed?.targets ?? [];
  if (targets.length > 0) return ['targets', targets.join(', '), 'good'];
  return auth ? ['targets', 'LOCKSTEP_AUTH', 'good'] : ['targets', 'none is named', 'open'];
}

function nextOf(parsed: Parsed | null, files: Look | null, auth: boolean): Pick<Standing, 'next' | 'why'> {
  if (parsed !== null && parsed.mistakes.length > 0)
    return { next: 'lockstep config show', why: 'tells every mistake of the file' };
  if (files?.row[2] === 'bad') return { next: 'lockstep env check', why: 'tells what is wrong and where' };
  if (files?.written !== true) return { next: 'lockstep init', why: 'writes the matching pair of env files' };
  if (parsed?.targets.length || auth) return { next: 'lockstep check', why: 'walks the auth flow' };
  return {
    next: 'lockstep check --auth http://localhost:3000 --api http://localhost:8000',
    why: 'walks the auth flow of what runs there',
  };
}

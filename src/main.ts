import packageJson from '../package.json' with { type: 'json' };
import type { Entry } from './commands/command.js';
import { helpColumns } from './commands/command.js';
import { LockstepError } from './core/errors.js';
import type { ExitCode } from './core/exit.js';
import { Exit } from './core/exit.js';
import { Redactor } from './core/redact.js';
import { tame } from './core/visible.js';
import { workflowCommand } from './core/workflow-command.js';
import type { Sink, World } from './world.js';

/** Every command. To add one: a file in `src/commands/`, a line here. */
export const commands: readonly Entry[] = [
  {
    name: 'check',
    summary: 'walk the auth flow against a running deployment',
    load: () => import('./commands/check.js'),
  },
  {
    name: 'init',
    summary: 'write the matching pair of env files, and lockstep.json',
    load: () => import('./commands/init.js'),
  },
  {
    name: 'secret',
    summary: 'print one fresh secret of 256 bits, nothing else',
    brief: true,
    load: () => import('./commands/secret.js'),
  },
  {
    name: 'env',
    summary: 'look after the env files of both halves',
    verbs: [
      {
        name: 'check',
        summary: 'do the two halves read the same values, as their loaders read them?',
        brief: true,
        load: () => import('./commands/env/check.js'),
      },
    ],
  },
  {
    name: 'migrate',
    summary: 'the tables of Better Auth: make, adopt, look after',
    verbs: [
      { name: 'up', summary: 'apply what is pending', brief: true, load: () => import('./commands/migrate/up.js') },
      {
        name: 'status',
        summary: 'what is applied, what is pending',
        brief: true,
        load: () => import('./commands/migrate/status.js'),
      },
      { name: 'plan', summary: 'print what `up` would send', load: () => import('./commands/migrate/plan.js') },
      { name: 'drift', summary: 'how live tables differ', load: () => import('./commands/migrate/drift.js') },
      { name: 'repair', summary: 'undo the drift', load: () => import('./commands/migrate/repair.js') },
      { name: 'down', summary: 'take steps back', load: () => import('./commands/migrate/down.js') },
    ],
  },
  {
    name: 'token',
    summary: 'fetch, mint, verify and explain tokens',
    verbs: [
      {
        name: 'fetch',
        summary: 'sign in and print a fresh token of the deployment',
        load: () => import('./commands/token/fetch.js'),
      },
      {
        name: 'mint',
        summary: 'sign a token, right or deliberately wrong',
        brief: true,
        load: () => import('./commands/token/mint.js'),
      },
      {
        name: 'verify',
        summary: 'tell everything that is wrong with a token',
        brief: true,
        load: () => import('./commands/token/verify.js'),
      },
      {
        name: 'which',
        summary: 'find the secret or key that signed a token or a cookie',
        load: () => import('./commands/token/which.js'),
      },
      {
        name: 'decode',
        summary: 'print header and claims, not verified',
        load: () => import('./commands/token/decode.js'),
      },
    ],
  },
  {
    name: 'cleanup',
    summary: 'remove what earlier runs made and could not take back',
    load: () => import('./commands/cleanup.js'),
  },
  {
    name: 'diagnose',
    summary: 'who is out of step, why, and the fix',
    brief: true,
    load: () => import('./commands/diagnose.js'),
  },
  {
    name: 'support',
    summary: 'print what others need to help: versions, settings without values, evidence',
    load: () => import('./commands/support.js'),
  },
  {
    name: 'config',
    summary: 'the settings that hold here',
    verbs: [
      {
        name: 'show',
        summary: 'each setting, and where it was written',
        load: () => import('./commands/config/show.js'),
      },
    ],
  },
  {
    name: 'explain',
    summary: 'what a finding, a check or a rule means and what to do',
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'completion',
    summary: 'print what bash, zsh or fish need to complete command lines',
    load: () => import('./commands/completion.js'),
  },
  { name: 'demo', summary: 'start an embedded deployment and check it', load: () => import('./commands/demo.js') },
];

/** The program: arguments and a world in, an exit code out. Nothing else in lockstep prints an error or ends a run. */
export async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const page = plainPage(args, world);
  if (page !== null) {
    world.stdout.write(page);
    return Exit.ok;
  }
  // GitHub's runner reads both streams, and stdout is the product
  const masked = (value: string) => world.stderr.write(workflowCommand('add-mask', {}, value));
  const redactor = new Redactor(world.env.GITHUB_ACTIONS === 'true' ? masked : undefined);
  world.interrupted.addEventListener('abort', () => {
    if (typeof world.interrupted.reason === 'string')
      world.stderr.write('\ninterrupted: cleaning up; once more stops at once\n');
  });
  const json = args.some((arg) => /^(--(nd)?json|(--report=)?json=-)$/.test(arg));
  const guarded = {
    ...world,
    stdout: cleaned(world.stdout, redactor, { json, moves: false }),
    stderr: cleaned(world.stderr, redactor, { json: false, moves: world.stderr.isTTY }),
  };
  try {
    if (world.inspected) throw inspected();
    if (world.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') throw unverified();
    const code = await dispatch(args, guarded, redactor);
    // a report is out, and a second document behind it would make both unreadable
    return interruption(guarded, null) ?? code;
  } catch (error) {
    return interruption(guarded, args) ?? tell(error, args, guarded);
  } finally {
    await world.http.close();
  }
}

/** Nothing of lockstep would heed it, but what runs beside lockstep does: no verdict is worth anything then. */
function unverified(): LockstepError {
  return new LockstepError('tls-unverified', 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: TLS would not be verified', {
    exit: Exit.usage,
    hint: 'unset it; --ca-file FILE trusts an authority of your own',
  });
}

/** Whoever comes to the port of the debugger reads every secret of the process: docs/decisions/151. */
function inspected(): LockstepError {
  return new LockstepError('inspected', '--inspect is on: a debugger would see the secrets of this run', {
    exit: Exit.usage,
    hint: 'run it without --inspect, also in NODE_OPTIONS',
  });
}

/** A page of help that is no command's. */
const exitCodes = 'exit-codes';

/** The version, or a page of help that stands ready: nothing else of the program is needed to print them. */
function plainPage(args: readonly string[], world: World): string | null {
  if (args[0] === '--version' || args[0] === '-V') return `${packageJson.version}\n`;
  const asked = args[0] === 'help' ? args.slice(1) : /^(--help|-h)$/.test(args.at(-1) ?? '') ? args.slice(0, -1) : null;
  const known = asked !== null && (isNamed(commands, asked) || (args[0] === 'help' && asked.join() === exitCodes));
  if (!known || world.stdout.columns < helpColumns) return null;
  return world.help(asked.join('-') || 'lockstep');
}

/** Whether the words name a command, a group of commands, or, by there being none, the program. */
function isNamed(entries: readonly Entry[], [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const entry = entries.find((each) => each.name === name);
  return entry !== undefined && isNamed(entry.verbs ?? [], rest);
}

async function dispatch(args: readonly string[], world: World, redactor: Redactor): Promise<ExitCode> {
  if (args.length === 0 || (args.length === 1 && args[0] === '--json')) {
    const { default: standing } = await import('./commands/standing.js');
    const options = { version: packageJson.version, json: args.length > 0 };
    return standing.run({ options, args: [], world, redactor, commands });
  }
  const brief = briefly(commands, args);
  if (brief?.entry.load !== undefined) {
    const { default: command } = await brief.entry.load();
    const options = command.brief?.(brief.rest) ?? null;
    if (options !== null) return command.run({ options, args: [], world, redactor, commands });
  }
  if (args[0] === 'help' && args[1] === exitCodes) {
    const { renderExitCodes } = await import('./commands/exit-codes.js');
    world.stdout.write(renderExitCodes());
    return Exit.ok;
  }
  const { parse } = await import('./commands/parse.js');
  const parsed = await parse(args, commands, { version: packageJson.version, world });
  if (parsed.kind === 'shown') return Exit.ok;
  return parsed.command.run({ options: parsed.options, args: parsed.args, world, redactor, commands });
}

/** The command that reads its plain command lines itself, where one is named, and what is left for it to read. */
function briefly(entries: readonly Entry[], [name, ...rest]: readonly string[]): Brief | null {
  const entry = entries.find((each) => each.name === name);
  if (entry?.verbs !== undefined) return briefly(entry.verbs, rest);
  return entry?.brief === true ? { entry, rest } : null;
}

interface Brief {
  readonly entry: Entry;
  readonly rest: readonly string[];
}

/** The one place where bad news about the tool itself becomes words and a number. `args`: null where a report is out. */
function tell(error: unknown, args: readonly string[] | null, world: World): ExitCode {
  const known = error instanceof LockstepError;
  const { code, message, hint, exit } = known ? error : bug(error);
  if (args?.includes('--json') === true && code !== 'output-lost') {
    const outcome = Object.entries(Exit).find(([, number]) => number === exit)?.[0];
    const body = {
      schemaVersion: 1,
      command: args.find((arg) => !arg.startsWith('-')) ?? null,
      outcome,
      error: { code, message, ...(hint === undefined ? {} : { hint }) },
    };
    world.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  } else {
    world.stderr.write(`lockstep: ${message}\n${hint === undefined ? '' : `→ ${hint}\n`}`);
  }
  return exit;
}

/** The stack as text, never the object: inspecting an error shows what it carries. */
function bug(error: unknown): LockstepError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : 'something that is not an error was thrown';
  const hint = '`lockstep support` prints what a report of this needs';
  return new LockstepError('bug', `this is a bug in lockstep\n${stack}`, { exit: Exit.bug, hint });
}

function interruption(world: World, args: readonly string[] | null): ExitCode | null {
  const { aborted, reason } = world.interrupted;
  if (!aborted) return null;
  // an error that nobody caught has ended the run, or an output that nobody can read
  if (reason instanceof Error && reason.name !== 'AbortError') return tell(reason, args, world);
  return reason === 'SIGTERM' ? Exit.terminated : reason === 'SIGHUP' ? Exit.hungUp : Exit.interrupted;
}

/** `moves`: a live list may move the cursor of a terminal there. */
function cleaned(sink: Sink, redactor: Redactor, { json, moves }: { json: boolean; moves: boolean }): Sink {
  return {
    write(text) {
      const clean = redactor.clean(text);
      sink.write(moves ? clean : tame(clean, json));
    },
    drained: async () => sink.drained?.(),
    get isTTY() {
      return sink.isTTY;
    },
    get columns() {
      return sink.columns;
    },
    get rows() {
      return sink.rows;
    },
  };
}

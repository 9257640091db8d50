import { Command as Commander, CommanderError } from 'commander';
import { usage } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { World } from '../world.js';
import type { Command, Entry } from './command.js';
import { helpColumns } from './command.js';

type Parsed =
  | { kind: 'shown' }
  // biome-ignore lint/suspicious/noExplicitAny: each command knows its own options
  | { kind: 'run'; command: Command<any>; options: Record<string, unknown>; args: string[] };

/**
 * Reads the command line. Help is printed here (`shown`); whatever is wrong is thrown, all of it at once, exit 2.
 * Only the command that is asked for is loaded.
 */
export async function parse(
  args: readonly string[],
  entries: readonly Entry[],
  { version, world }: { readonly version: string; readonly world: World },
): Promise<Parsed> {
  let parsed: Parsed = { kind: 'shown' };
  const complaints: string[] = [];
  const program = configured(new Commander('lockstep'), world)
    .description('Keeps a Better Auth frontend and the API that trusts its tokens in step.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(true)
    .usage('<command> [options]')
    .addHelpText(
      'after',
      '\nlockstep alone, or with --json, tells where things stand here; `lockstep help\nexit-codes` what numbers mean.',
    );
  const chosen = await grow(program, entries, args, world, (command, options, rest) => {
    parsed = { kind: 'run', command, options, args: rest };
  });
  for (let remaining = [...args]; ; ) {
    try {
      await program.parseAsync(remaining, { from: 'user' });
      break;
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return { kind: 'shown' };
      if (error.message !== '(outputHelp)') complaints.push(...withoutValues(error.message).split('\n'));
      else if (complaints.length === 0) complaints.push(unknownCommand(args, entries));
      const culprit = error.code === 'commander.unknownOption' ? /'(-[^']*)'/.exec(error.message)?.[1] : undefined;
      const at =
        culprit === undefined ? -1 : remaining.findIndex((arg) => arg === culprit || arg.startsWith(`${culprit}=`));
      if (at === -1) break;
      remaining = remaining.toSpliced(at, 1);
    }
  }
  if (complaints.length > 0) throw usage(complaints.join('\n'), `lockstep ${[...chosen, '--help'].join(' ')}`);
  return parsed;
}

/** Where commander would only show its help. */
function unknownCommand(args: readonly string[], entries: readonly Entry[]): string {
  const [named = '', ...rest] = args.filter((arg) => !arg.startsWith('-') && arg !== 'help');
  const entry = entries.find(({ name }) => name === named);
  if (entry?.verbs !== undefined) {
    if (rest.length > 0) return unknownCommand(rest, entry.verbs);
    return `${named} alone does nothing; it goes with ${entry.verbs.map(({ name }) => name).join(', ')}`;
  }
  const near = nearest(
    named,
    entries.map(({ name }) => name),
  );
  return `unknown command '${named}'${near === null ? '' : `\n(Did you mean ${near}?)`}`;
}

/** What was written after `--flag=` may be a secret that belongs nowhere on a command line: it is not repeated. */
function withoutValues(message: string): string {
  return message.replace(/^error: /, '').replace(/'(--?[\w-]+)=.*'/s, "'$1'");
}

type Choose = (command: Command, options: Record<string, unknown>, args: string[]) => void;

/** Declares the commands of one level; loads the one that the arguments name. Returns its words. */
async function grow(
  parent: Commander,
  entries: readonly Entry[],
  args: readonly string[],
  world: World,
  choose: Choose,
): Promise<string[]> {
  const named = args.find((arg) => !arg.startsWith('-'));
  const wanted = named === 'help' ? args.find((arg) => !arg.startsWith('-') && arg !== 'help') : named;
  let chosen: string[] = [];
  for (const entry of entries) {
    const child = configured(parent.command(entry.name), world).description(entry.summary);
    if (entry.name !== wanted) continue;
    chosen = [entry.name];
    if (entry.verbs !== undefined) {
      chosen.push(...(await grow(child, entry.verbs, args.slice(args.indexOf(wanted) + 1), world, choose)));
    } else if (entry.load !== undefined) {
      const { default: command } = await entry.load();
      command.declare(child);
      child.action(() => choose(command, child.opts(), child.args));
    }
  }
  return chosen;
}

function configured(commander: Commander, { stdout }: World): Commander {
  return commander
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns, helpColumns),
    })
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'show this help');
}

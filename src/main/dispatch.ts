import packageJson from '../../package.json' with { type: 'json' };
import type { Entry } from '../commands/command.js';
import { helpColumns } from '../commands/command.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import type { Redactor } from '../core/redact.js';
import type { World } from '../world.js';
import { commands } from './commands.js';

/** A page of help that is no command's. */
const exitCodes = 'exit-codes';

/** The version, or a page of help that stands ready: nothing else of the program is needed to print them. */
export function plainPage(args: readonly string[], world: World): string | null {
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

/** Runs the command that the words name; without words, shows where things stand. */
export async function dispatch(args: readonly string[], world: World, redactor: Redactor): Promise<ExitCode> {
  if (args.length === 0 || (args.length === 1 && args[0] === '--json')) {
    const { default: standing } = await import('../commands/standing.js');
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
    const { renderExitCodes } = await import('../commands/exit-codes.js');
    world.stdout.write(renderExitCodes());
    return Exit.ok;
  }
  const { parse } = await import('../commands/parse.js');
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

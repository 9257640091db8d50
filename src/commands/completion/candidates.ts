import { Command as Commander } from 'commander';
import { loadConfig } from '../../config/load.js';
import { given } from '../../config/sources.js';
import type { World } from '../../world.js';
import type { Entry } from '../command.js';

export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** What can stand where the last of the words is being written. Nothing: the shell offers its files. */
export async function candidates(
  words: readonly string[],
  commands: readonly Entry[],
  world: World,
): Promise<Candidate[]> {
  const begun = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const found = await offered(commands, before, begun, world);
  return found.filter(({ word }) => word.startsWith(begun));
}

async function offered(
  entries: readonly Entry[],
  [name, ...rest]: readonly string[],
  begun: string,
  world: World,
  top = true,
): Promise<Candidate[]> {
  if (name === undefined) return [...named(entries), ...(top ? program : [])];
  if (top && name === 'help') return rest.length === 0 ? [...named(entries), exitCodes] : verbsOf(entries, rest);
  const entry = entries.find((each) => each.name === name);
  if (entry?.verbs !== undefined) return offered(entry.verbs, rest, begun, world, false);
  return entry?.load === undefined ? [] : within(entry, rest, begun, world);
}

/** Inside the line of one command. */
async function within(entry: Entry, before: readonly string[], begun: string, world: World): Promise<Candidate[]> {
  const { default: command } = await (entry.load as NonNullable<Entry['load']>)();
  const commander = new Commander(entry.name);
  command.declare(commander);
  const open = commander.options.find(
    (option) => option.long === before.at(-1) && (option.required || option.optional),
  );
  if (open !== undefined) return values(open.long ?? '', open.argChoices ?? null, world);
  if (begun.startsWith('-')) {
    const options = commander.options.map(({ long, description }) => ({ word: long ?? '', about: description }));
    return [...options, help].filter(({ word }) => !before.includes(word));
  }
  if (entry.name === 'check' && commander.registeredArguments[0]?.name() === 'checks')
    return (await import('./words.js')).checkWords();
  if (entry.name === 'explain') return before.length === 0 ? (await import('./words.js')).topicWords() : [];
  if (entry.name === 'completion') return before.length === 0 ? shells : [];
  return [];
}

async function values(flag: string, choices: readonly string[] | null, world: World): Promise<Candidate[]> {
  if (choices !== null) return choices.map((word) => ({ word, about: '' }));
  if (flag === '--target') {
    const parsed = await loadConfig(world, given('config', {}, world.env)?.value);
    return (parsed?.targets ?? []).map((word) => ({ word, about: 'target of lockstep.json' }));
  }
  return flag === '--only' ? (await import('./words.js')).checkWords() : [];
}

function verbsOf(entries: readonly Entry[], [name, ...rest]: readonly string[]): Candidate[] {
  return rest.length > 0 ? [] : named(entries.find((each) => each.name === name)?.verbs ?? []);
}

function named(entries: readonly Entry[]): Candidate[] {
  return entries.map(({ name, summary }) => ({ word: name, about: summary }));
}

const help = { word: '--help', about: 'show this help' };
const exitCodes = { word: 'exit-codes', about: 'what the number at the end means' };
const program = [
  { word: 'help', about: 'help of a command' },
  help,
  { word: '--version', about: 'print the version' },
  { word: '--json', about: 'where things stand here, as one JSON object' },
];
const shells = ['bash', 'zsh', 'fish'].map((word) => ({ word, about: 'a script for this shell' }));

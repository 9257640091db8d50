import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { World } from '../../world.js';

/** What reads as a JWT or as a signed cookie rather than as the name of a file. */
const tokenLike = /^[\w%+/=-]{10,}(\.[\w%+/=-]*){1,4}$|[;=]|^eyJ/;

export interface InputOptions {
  readonly allowArgv?: boolean;
}

/**
 * The text of one token: from standard input (`-`, or nothing said), from a file, or, with `allowArgv`, the argument
 * itself. Everybody on the machine sees the arguments of a process, hence the consent.
 */
export async function inputText(argument: string | undefined, options: InputOptions, world: World): Promise<string> {
  if (argument === undefined || argument === '-')
    return withoutNewline(await stdinText(world, 'a token'), 'standard input', world);
  if (options.allowArgv === true) return argument;
  const text = await world.files.read(resolve(world.cwd, argument));
  if (text !== null) return withoutNewline(text, 'the file', world);
  // the argument is not repeated: it may be what should not have been there
  throw tokenLike.test(argument)
    ? usage('a token does not belong on the command line', 'give it on standard input with -, or say --allow-argv')
    : usage('the file that should hold the token is not there', 'give a file, or - for standard input');
}

/** More than any token or secret: the reading of a pipe must end. In characters. */
const most = 4 * 1024 * 1024;

export async function stdinText(
  { stdin, interrupted }: Pick<World, 'stdin' | 'interrupted'>,
  what: string,
): Promise<string> {
  if (stdin.isTTY)
    throw usage(`${what} is expected on standard input, which is a terminal`, 'pipe it in, or name a file');
  let text = '';
  for await (const chunk of stdin.chunks(interrupted)) {
    text += chunk;
    if (text.length > most) throw usage(`standard input is longer than ${most} characters`);
  }
  return text;
}

/** Without the one newline that editors and echo put at the end, and says so. */
export function withoutNewline(text: string, where: string, { stderr }: Pick<World, 'stderr'>): string {
  const bare = text.replace(/\r?\n$/, '');
  if (bare !== text) stderr.write(`one newline at the end of ${where} is left out\n`);
  return bare;
}

import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';
import type { World } from '../../world.js';

/** A secret that a flag leads to: a variable, a file, or standard input (`-`). Null where no flag does. */
export async function given(
  what: string,
  { env, file }: { readonly env: string | undefined; readonly file: string | undefined },
  world: World,
  fault: (text: string) => string | null,
): Promise<Secret | null> {
  if (env !== undefined && file !== undefined) throw usage(`${what} is named twice: by a variable and by a file`);
  if (env !== undefined) return judged(`the variable ${env}`, world.env[env] ?? '', fault);
  if (file === undefined) return null;
  const from = file === '-' ? 'standard input' : file;
  const text = file === '-' ? await piped(world) : await world.files.read(resolve(world.cwd, file));
  if (text === null) throw usage(`${file}: there is no such file`);
  const value = text.replace(/\r?\n$/, '');
  if (value !== text) world.stderr.write(`lockstep: the line end after ${what} in ${from} is left out\n`);
  return judged(from, value, fault);
}

/** No secret, URL or key is longer; in characters. */
const longest = 65_536;

async function piped({ stdin, interrupted }: World): Promise<string> {
  let text = '';
  for await (const chunk of stdin.chunks(interrupted)) {
    text += chunk;
    if (text.length > longest) throw usage(`standard input is longer than ${longest} characters`);
  }
  return text;
}

function judged(from: string, value: string, fault: (text: string) => string | null): Secret {
  const wrong = value === '' ? 'is empty or not set' : fault(value);
  if (wrong !== null) throw usage(`${from}: ${wrong}`);
  return new Secret(value);
}

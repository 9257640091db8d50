import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { named } from '../corpus.js';
import type { Answer } from './loaders.js';

const run = promisify(execFile);
const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';

/**
 * No unit can be started without systemd as the first process, but its environment generator reads `environment.d`
 * with the same parser and prints what it read. It also replaces references, which `EnvironmentFile=` does not: cases
 * with a dollar cannot be asked, nor those that end a comment in a backslash, whose meaning changed in systemd 254.
 */
export async function askSystemd(cases: readonly string[]): Promise<(Answer | undefined)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-systemd-'));
  try {
    await mkdir(join(folder, 'environment.d'));
    const askable = cases.map((text) => !/\$|^\s*[#;].*\\$|(^|\n)\s*(SET|EMPTY|HOME|exported)\b/m.test(text));
    await Promise.all(
      cases.map(async (text, i) => {
        const name = `${String(i).padStart(6, '0')}.conf`;
        if (askable[i]) await writeFile(join(folder, 'environment.d', name), named(text, i));
      }),
    );
    const { stdout } = await run(generator, [], { env: { XDG_CONFIG_HOME: folder }, maxBuffer: 256 * 1024 * 1024 });
    const printed = entries(stdout);
    return cases.map((_, i) => (askable[i] ? own(printed, i) : undefined));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `NAME=value` lines, the value quoted for a shell where it needs to be. */
function entries(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, quoted, plain] of text.matchAll(
    /^([A-Za-z_][A-Za-z0-9_]*)=(?:"((?:\\[\s\S]|[^"\\])*)"|\$'((?:\\[\s\S]|[^'\\])*)'|([^\n]*))$/gm,
  )) {
    if (name !== undefined) found.set(name, quoted?.replace(/\\([\s\S])/g, '$1') ?? plain ?? '');
  }
  return found;
}

function own(printed: ReadonlyMap<string, string>, i: number): Answer {
  const answer: Record<string, string> = {};
  for (const [name, value] of printed) {
    const bare = name.replace(new RegExp(`(?<![0-9])([KJ])${i}(?![0-9])`, 'g'), '$1');
    if (bare !== name) answer[bare] = value.replace(new RegExp(`([KJ])${i}(?![0-9])`, 'g'), '$1');
  }
  return answer;
}

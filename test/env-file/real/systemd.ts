import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { named, unnamed } from '../corpus.js';
import type { Answer } from './loaders.js';

const run = promisify(execFile);
const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';

/**
 * No unit can be started without systemd as the first process, but its environment generator reads `environment.d`
 * with the same parser and prints what it read. It also replaces references, which `EnvironmentFile=` does not: cases
 * with a dollar cannot be asked, nor does it print empty values, nor those that end a comment in a backslash, whose meaning changed in systemd 254.
 */
export async function askSystemd(cases: readonly string[]): Promise<(Answer | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-systemd-'));
  try {
    mkdirSync(join(folder, 'environment.d'));
    const askable = cases.map((text) => !/\$|^\s*[#;].*\\$|(^|\n)\s*(SET|EMPTY|HOME|exported)\b/m.test(text));
    for (const [i, text] of cases.entries()) {
      const name = `${String(i).padStart(6, '0')}.conf`;
      if (askable[i]) writeFileSync(join(folder, 'environment.d', name), named(text, i));
    }
    const { stdout } = await run(generator, [], { env: { XDG_CONFIG_HOME: folder }, maxBuffer: 256 * 1024 * 1024 });
    const printed = entries(stdout);
    return cases.map((_, i) => (askable[i] ? unnamed(printed, i) : undefined));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `NAME=value` lines, the value quoted for a shell where it needs to be. */
function entries(text: string): Map<string, string> {
  const line = /^([A-Za-z_][A-Za-z0-9_]*)=(?:"((?:\\[\s\S]|[^"\\])*)"|\$'((?:\\[\s\S]|[^'\\])*)'|([^\n]*))$/gm;
  const found = new Map<string, string>();
  for (const [, name, quoted, ansi, plain] of text.matchAll(line)) {
    const escaped = quoted ?? ansi;
    const value = escaped === undefined ? plain : unquoted(escaped);
    if (name !== undefined) found.set(name, value ?? '');
  }
  return found;
}

const letters: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unquoted(ansi: string): string {
  return ansi.replace(/\\(?:x([0-9a-f]{2})|([0-7]{3})|([\s\S]))/g, (_, hex?: string, octal?: string, letter = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return letters[letter] ?? letter;
  });
}

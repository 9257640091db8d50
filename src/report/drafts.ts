import { printable } from '../core/finding.js';
import type { Style } from '../core/style.js';
import type { Draft } from '../setup/draft.js';

/** What would change, one block a file, without any secret. */
export function renderDrafts(drafts: readonly Draft[], style: Style): string {
  const blocks = drafts.map(({ path, before, shown }) => {
    const lines = shown.map(({ sign, text }) => {
      const line = `  ${sign} ${printable(text)}`;
      return sign === '+' ? style.good(line) : style.bad(line);
    });
    return [`${style.strong(printable(path))}${before === null ? style.quiet('  new') : ''}`, ...lines, ''].join('\n');
  });
  return blocks.join('\n');
}

/** The same as one JSON object (`schemaVersion` 1): fields are only ever added. */
export function renderDraftsJson(
  drafts: readonly Draft[],
  outcome: 'ok' | 'pending',
  backups: readonly string[],
): string {
  const changes = drafts.map(({ path, before, shown }) => ({
    path,
    new: before === null,
    lines: shown.map(({ sign, text }) => `${sign} ${text}`),
  }));
  return `${JSON.stringify({ schemaVersion: 1, command: 'init', outcome, changes, backups }, null, 2)}\n`;
}

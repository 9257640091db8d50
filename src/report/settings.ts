import { Secret } from '../core/secret.js';
import type { Style } from '../core/style.js';

/** One setting, and where it was written, in words. */
export interface ShownSetting {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
}

/** One line a setting; a secret shows that it is there and nothing of it. */
export function renderSettings(settings: readonly ShownSetting[], origins: boolean, style: Style): string {
  const rows = settings.map(({ name, value, origin }) => ({ name, value: written(value), origin }));
  const names = Math.max(0, ...rows.map(({ name }) => name.length));
  // a long value does not push every origin to the right
  const values = Math.min(48, Math.max(0, ...rows.map(({ value }) => value.length)));
  const lines = rows.map(({ name, value, origin }) =>
    `${name.padEnd(names)}  ${origins ? `${value.padEnd(values)}  ${style.quiet(origin)}` : value}`.trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** `{ schemaVersion, command, settings }`; origins are always in it. */
export function renderSettingsJson(settings: readonly ShownSetting[]): string {
  return `${JSON.stringify({ schemaVersion: 1, command: 'config show', outcome: 'ok', settings }, null, 2)}\n`;
}

function written(value: unknown): string {
  if (value instanceof Secret) return String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

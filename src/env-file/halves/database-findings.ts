import type { Finding } from '../../core/finding.js';
import type { Identity } from './database-identity.js';
import { identity } from './database-identity.js';
import { found } from './problems.js';
import type { Halves } from './secret-findings.js';
import { exposed } from './secret-findings.js';
import { held, placeOf } from './service.js';

const usualName = 'DATABASE_URL';

/** Whether both halves use one database; drivers, parameters and users may differ. */
export function databaseFindings(halves: Halves): Finding[] {
  const { frontend, backend } = halves;
  const names = [frontend, backend].map(({ service }) => service.names.database ?? usualName) as [string, string];
  const front = held(frontend, names[0]);
  const back = held(backend, names[1]);
  if (front === null && back === null) return [];
  if (front === null || back === null) {
    const [side, only, name] =
      back === null ? (['frontend', front, names[0]] as const) : (['backend', back, names[1]] as const);
    return [found('database.one-side-only', { side, name }, only === null ? null : placeOf(only))];
  }
  if (front.value === null || back.value === null) return [];
  const [a, b] = [identity(front.value), identity(back.value)];
  const unreadable = [
    ...(a === null ? [found('database.not-a-url', { name: front.name, side: 'frontend' }, placeOf(front))] : []),
    ...(b === null ? [found('database.not-a-url', { name: back.name, side: 'backend' }, placeOf(back))] : []),
  ];
  const parts =
    a === null || b === null ? [] : (Object.keys(a) as (keyof Identity)[]).filter((part) => a[part] !== b[part]);
  return [
    ...unreadable,
    ...(parts.length > 0
      ? [found('database.differs', { parts: parts.join(' and ') }, placeOf(back) ?? placeOf(front))]
      : []),
    ...exposed(frontend, front, 'database'),
    ...exposed(backend, back, 'database'),
  ];
}

import type { Evidence } from '../core/evidence/evidence.js';

/** What somebody who was not there needs to know. */
export interface Support {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** the paths that lockstep.json sets, without their values; null where there is no file */
  readonly config: readonly string[] | null;
  readonly verdicts: readonly string[];
  readonly outcome: string;
  readonly evidence: Evidence;
}

/** As one JSON object (`schemaVersion` 1), safe to paste: fields are only ever added. */
export function renderSupport(support: Support): string {
  return `${JSON.stringify({ schemaVersion: 1, command: 'support', ...support }, null, 2)}\n`;
}

/** The names in a lockstep.json, in the order in which they stand; nothing that stands behind a colon. */
export function shapeOf(text: string): string[] {
  return [...text.matchAll(/"([A-Za-z$][\w$]{0,40})"\s*:/g)].map(([, name = '']) => name);
}

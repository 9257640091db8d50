import { printable } from '../core/finding.js';
import type { Credential } from '../token/credential.js';

const kinds: Readonly<Record<Credential['kind'], string>> = {
  jwt: 'token',
  'session-cookie': 'session cookie',
  'session-data-compact': 'session_data cookie (compact)',
  'session-data-jwe': 'session_data cookie (jwe)',
  unknown: 'not readable',
};

/** Whose signature one token or cookie has, as a line. The token itself is not repeated. */
export function renderMatch(line: number, credential: Credential, names: readonly string[]): string {
  const what = credential.kind === 'jwt' ? `${printable(credential.alg)} ${kinds.jwt}` : kinds[credential.kind];
  return `${line}  ${what}: ${ruling(credential, names)}\n`;
}

function ruling(credential: Credential, names: readonly string[]): string {
  if (credential.kind === 'unknown') return printable(credential.why);
  if (names.length === 0) return 'signed with none of these';
  return `signed with ${names.map(printable).join(', which is the same key as ')}`;
}

/** As `renderMatch`, as one line of NDJSON (`schemaVersion` 1): fields are only ever added. */
export function renderMatchJson(line: number, credential: Credential, names: readonly string[]): string {
  const { kind } = credential;
  const alg = kind === 'jwt' ? { alg: credential.alg } : {};
  const why = kind === 'unknown' ? { because: credential.why } : {};
  const outcome = names.length === 0 ? 'problems' : 'ok';
  return `${JSON.stringify({ schemaVersion: 1, command: 'token which', outcome, line, kind, ...alg, matches: names, ...why })}\n`;
}

import { visible } from '../core/finding.js';
import type { Style } from '../core/style.js';
import { dateWords, durationWords } from '../token/duration.js';
import type { JsonObject } from '../token/json.js';
import { member } from '../token/json.js';
import type { Reading } from '../token/read.js';

const notVerified = 'not verified: anybody can write this';
const dates = { iat: 'issued', nbf: 'not before', exp: 'expires' } as const;

/** Header and claims of a token for a person, dates in words. */
export function renderDecoded({ header, claims, findings }: Reading, now: number, style: Style): string {
  const lines = [
    style.doubtful(notVerified),
    ...section('header', header, style),
    ...section('claims', claims, style),
    ...(claims === null ? [] : spoken(claims, now).map(([name, words]) => `${style.quiet(name.padEnd(11))}${words}`)),
    ...findings.map(({ text, code }) => `${style.bad('✗')} ${text}  ${style.quiet(code)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function section(name: string, object: JsonObject | null, style: Style): string[] {
  if (object === null) return [];
  const text = JSON.stringify(object, null, 2);
  return ['', style.strong(name), ...text.split('\n').map(visible), ''];
}

function spoken(claims: JsonObject, now: number): [name: string, words: string][] {
  return Object.entries(dates).flatMap(([claim, name]) => {
    const value = member(claims, claim);
    if (typeof value !== 'number' || !Number.isFinite(value)) return [];
    const away = value - now / 1000;
    const when = away > 0 ? `in ${durationWords(away)}` : `${durationWords(away)} ago`;
    return [[name, `${dateWords(value)}, ${when}`]];
  });
}

/** As `renderDecoded`, as one JSON object (`schemaVersion` 1). */
export function renderDecodedJson({ header, claims, findings }: Reading, now: number): string {
  const broken = findings.some(({ level }) => level === 'fail');
  const body = {
    schemaVersion: 1,
    command: 'token decode',
    outcome: broken ? 'problems' : 'ok',
    verified: false,
    header,
    claims,
    dates: claims === null ? {} : Object.fromEntries(spoken(claims, now)),
    results: [{ check: 'token/decode', title: 'the token can be read', verdict: broken ? 'fail' : 'pass', findings }],
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}

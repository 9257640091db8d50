import { createHmac } from 'node:crypto';
import { jwtOf } from './deployment.js';

/**
 * Unique values that must be found nowhere. Each has characters that JSON, URLs, XML, shells, logs and Markdown escape,
 * as far as its place lets it.
 */
const secret = 'secret-Zq7"x&ü%2F|#:<-canary-5f1c9a';
export const canaries = {
  password: `password-Zq7"x&ü%2F|#'\\:<-canary-5f1c9a`,
  secret,
  cookie: 'cookie-canary-c0ffee5f1c9a7b',
  /** of a database URL, as the server gets it */
  database: `database-Zq7"x&ü%2F|#'\\:<-canary-5f1c9a`,
  jwt: signed(),
} as const;

/** By the secret, so that it can be verified. */
function signed(): string {
  const unsigned = jwtOf({ alg: 'HS256' }, { sub: 'user-a', exp: 4_102_444_800, note: 'jwt-canary-77aa' }).replace(
    /\.[^.]*$/,
    '',
  );
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** The database with that password, at an address where PostgreSQL is or is not. */
export const databaseAt = (place: string) =>
  `postgresql://postgres:${encodeURIComponent(canaries.database).replaceAll("'", '%27')}@${place}`;

/** Undoes one way to escape, wherever it stands in a text. */
type Reader = (text: string) => string;

const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const names: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

const readers: readonly Reader[] = [
  // JSON, TAP, Markdown, and control characters made visible
  (text) =>
    text.replaceAll(
      /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|([^u]))/gi,
      (whole, unit?: string, point?: string, one?: string) => {
        const number = Number.parseInt(unit ?? point ?? '', 16);
        if (one !== undefined) return controls[one] ?? one;
        return number <= 0x10ffff ? String.fromCodePoint(number) : whole;
      },
    ),
  // URLs, forms, workflow commands
  (text) => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString()),
  // XML
  (text) =>
    text.replaceAll(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
      (whole, number?: string, hex?: string, name = '') => {
        const point = number === undefined ? Number.parseInt(hex ?? '', 16) : Number(number);
        return point <= 0x10ffff ? String.fromCodePoint(point) : (names[name] ?? whole);
      },
    ),
  // Markdown's cells, which escape nothing else
  (text) => text.replaceAll('\\|', '|'),
  // a shell
  (text) => text.replaceAll("'\\''", "'"),
];

/** A text as it stands, and as it reads once up to three escapes are undone, in whatever order. */
function readings(text: string): Set<string> {
  const all = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < 3; depth++) {
    latest = latest.flatMap((each) => readers.map((read) => read(each))).filter((each) => !all.has(each));
    for (const each of latest) all.add(each);
  }
  return all;
}

/** What of a value shows in hex or base64, whatever stands before and after it, and whether it was escaped before. */
function encoded(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].flatMap((text) => {
    const bytes = Buffer.from(text);
    const base64 = [0, 1, 2].map((shift) => {
      const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      return whole.slice(shift === 0 ? 0 : 4, -4);
    });
    return [bytes.toString('hex'), ...base64];
  });
}

/** Names of the values that a text holds, in whatever spelling. */
export function found(text: string, values: Readonly<Record<string, string>> = canaries): string[] {
  const read = [...readings(text)].map((each) => ({
    each,
    flat: each.replaceAll('-', '+').replaceAll('_', '/'),
    lower: each.toLowerCase(),
  }));
  return Object.entries(values)
    .filter(([, value]) => {
      const [plain, ...others] = [value, ...encoded(value)];
      return read.some(
        ({ each, flat, lower }) =>
          each.includes(plain as string) ||
          others.some((other) => (/^[0-9a-f]+$/.test(other) ? lower.includes(other) : flat.includes(other))),
      );
    })
    .map(([name]) => name);
}

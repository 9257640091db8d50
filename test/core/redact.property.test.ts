import { checks } from 'virtual:checks';
import { describe, expect, it } from 'vitest';
import type { ProblemSpecs } from '../../src/core/check.js';
import { Redactor } from '../../src/core/redact.js';
import type { Report, Result } from '../../src/core/report.js';
import { renderResultEvent } from '../../src/report/events.js';
import { formatNames, renderer } from '../../src/report/formats.js';
import { found } from '../hostile/searcher.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';

/** What people and programs take for secrets, without an end of line in it. */
const alphabet = (letters: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength });
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const upper = lower.toUpperCase();
const base64url = alphabet(`${lower}${upper}${digits}-_`, 24, 60);
const password = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  minLength: 12,
  maxLength: 40,
});
const secret = fc.oneof(
  alphabet(`${digits}abcdef`, 32, 64),
  base64url,
  password,
  // words of a passphrase
  fc.array(alphabet(lower, 4, 8), { minLength: 4, maxLength: 6 }).map((words) => words.join('-')),
  fc
    .string({ unit: 'grapheme', minLength: 12, maxLength: 30 })
    .filter((text) => text.isWellFormed() && !/[\n\r]/.test(text)),
  fc.tuple(base64url, base64url, base64url).map((parts) => parts.join('.')),
  fc
    .tuple(password, alphabet(lower, 3, 8))
    .map(([word, name]) => `postgresql://${name}:${encodeURIComponent(word)}@localhost:5432/${name}`),
);

const titles = checks.map(({ title }) => title as string);
const texts = checks.flatMap(({ problems }) => Object.values(problems as ProblemSpecs).map(({ text }) => text));
const hints = checks.flatMap(({ problems }) =>
  Object.values(problems as ProblemSpecs).flatMap(({ hint = [] }) => hint),
);
const codes = checks.flatMap(({ id, problems }) => Object.keys(problems).map((code) => `${id}.${code}`));
const host = fc.constantFrom('localhost', '127.0.0.1', 'app.example.com', '[::1]', 'staging.internal');
/** What stands in reports of any deployment, a line each. */
const ordinary = fc
  .oneof(
    fc.constantFrom(...titles, ...texts, ...hints),
    fc.constantFrom(...codes, ...checks.map(({ id }) => id as string)),
    fc
      .tuple(host, fc.integer({ min: 1, max: 65_535 }), fc.webPath())
      .map(([name, port, path]) => `http://${name}:${port}${path}`),
    fc
      .tuple(fc.constantFrom('GET', 'POST', 'DELETE'), fc.webUrl({ withQueryParameters: true }))
      .map((words) => words.join(' ')),
    fc.integer({ min: 0, max: 90_000 }).map((ms) => `${ms} ms, ${(ms / 1000).toFixed(1)} s`),
    fc.uuid(),
    fc.emailAddress(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.lorem(),
    fc.constantFrom('HTTP/1.1 401 Unauthorized', 'x-ratelimit-remaining: 99', 'said … and more', '✓ pass', '1..88'),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  )
  .filter((text) => !/[\n\r]/.test(text));

function redactorOf(secrets: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const one of secrets) redactor.learn(one);
  return redactor;
}

describe('the redactor, whatever the secrets are', () => {
  it('leaves ordinary text as it is, to the letter', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 20 }),
        fc.array(ordinary, { maxLength: 30 }),
        (secrets, lines) => {
          const text = lines.join('\n');
          expect(redactorOf(secrets).clean(text)).toBe(text);
        },
      ),
      { numRuns: cases(500) },
    );
  });

  it('takes out the secret and not a letter beside it', () => {
    const spelled = fc.constantFrom(
      (text: string) => text,
      (text: string) => JSON.stringify(text).slice(1, -1),
      encodeURIComponent,
      (text: string) => Buffer.from(text).toString('hex'),
      (text: string) => text.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
      (text: string) => text.replaceAll('%', '%25'),
    );
    fc.assert(
      fc.property(secret, fc.array(fc.tuple(ordinary, spelled), { minLength: 1, maxLength: 10 }), (one, parts) => {
        const text = parts.map(([line, spell]) => `${line}\n${spell(one)}\n`).join('');
        expect(redactorOf([one]).clean(text)).toBe(parts.map(([line]) => `${line}\n[redacted]\n`).join(''));
      }),
      { numRuns: cases(500) },
    );
  });

  it('never learns what lockstep itself says, which would tell it by the gaps and spoil JSON', async () => {
    const printed = `${(await renderer('json'))(reportOf('x'))}${renderResultEvent(resultOf('x'))}`;
    const fields = [...printed.matchAll(/"(\w+)":/g)].map(([, name = '']) => name);
    expect(fields.length).toBeGreaterThan(10);
    const words = [
      ...fields,
      ...codes,
      ...checks.map(({ id }) => id as string),
      'password',
      'postgres',
      'DATABASE_URL',
    ];
    for (const word of words) expect(redactorOf([word]).clean(`"${word}": 1`), word).toBe(`"${word}": 1`);
  });

  it('lets nothing through in any form of a report, however a deployment spelled it', async () => {
    const renders = await Promise.all(formatNames.map(async (format) => ({ format, render: await renderer(format) })));
    fc.assert(
      fc.property(secret, fc.constantFrom(...renders), (value, { format, render }) => {
        const redactor = redactorOf([value]);
        const text = redactor.clean(render(redactor.cleanAll(reportOf(value))));
        expect(found(text, { value }), `${format}: ${text}`).toEqual([]);
      }),
      { numRuns: cases(300) },
    );
  });
});

function resultOf(value: string): Result {
  const data = { said: JSON.stringify({ value }) };
  return {
    check: 'ws/health',
    title: 'holds',
    severity: 'high',
    core: true,
    asked: true,
    verdict: 'fail',
    at: 0,
    ms: 1,
    findings: [{ code: 'ws/health.open', level: 'fail', text: `said ${value}`, hint: value, data, reproduce: 'curl' }],
    because: `as ${encodeURIComponent(value)}`,
  };
}

function reportOf(value: string): Report {
  return {
    command: 'check',
    target: { name: 'local', auth: `http://x/${value}`, api: value },
    results: [resultOf(value)],
    began: 0,
    ms: 1,
    leftovers: [{ what: value, seen: true }],
    strict: false,
  };
}

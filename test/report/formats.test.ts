import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/check.js';
import type { Leftover, Report, Result } from '../../src/core/report.js';
import { exitCode } from '../../src/core/report.js';
import type { Format } from '../../src/report/formats.js';
import { formatNames, renderer } from '../../src/report/formats.js';

const schema = path.resolve(import.meta.dirname, '../fixtures/junit.xsd');
const xmllint =
  (...args: string[]) =>
  (input: string) =>
    spawnSync('xmllint', ['--noout', '--nonet', ...args, '-'], { input, encoding: 'utf8' });
const hasXmllint = xmllint()('<a/>').status === 0;

const result = (verdict: Verdict, more: Partial<Result> = {}): Result => ({
  check: `token/${verdict}`,
  title: `${verdict} holds`,
  severity: 'high',
  core: true,
  asked: true,
  verdict,
  at: 20,
  ms: 12,
  findings:
    verdict === 'fail' || verdict === 'warn'
      ? [
          {
            code: `token/${verdict}.problem`,
            level: verdict,
            text: 'http://x answered 500',
            hint: 'read the log',
            data: { url: 'http://x', status: 500 },
            reproduce: "curl -sS -i http://x -H 'a: <&>'",
          },
        ]
      : [],
  ...(verdict === 'skip' || verdict === 'inconclusive' ? { because: 'no answer' } : {}),
  ...more,
});

const report = (results: readonly Result[], more: Partial<Report> = {}): Report => ({
  command: 'check',
  target: { name: 'local', auth: 'http://localhost:3000/api/auth', api: null },
  results,
  began: Date.UTC(2026, 10, 21, 12),
  ms: 1234,
  leftovers: [],
  strict: false,
  ...more,
});

const render = async (format: Format, of: Report) => (await renderer(format))(of);
const forms = (of: Report) =>
  Promise.all(formatNames.map(async (format) => [format, await render(format, of)] as const));

const left: Leftover = { what: 'http://x/api/tasks/1', seen: true };
const reports = {
  'all green': report([result('pass'), result('warn'), result('skip', { core: false })]),
  'a failure': report([result('pass'), result('fail')]),
  'nobody answered': report([result('pass'), result('inconclusive')]),
  'all skipped': report([result('skip')]),
  'only what was not asked for passed': report([result('pass', { asked: false })]),
  'no checks at all': report([]),
  'something left behind': report([result('pass')], { leftovers: [left] }),
  'perhaps left behind': report([result('pass')], { leftovers: [{ ...left, seen: false }] }),
  'strict with a warning': report([result('pass'), result('warn')], { strict: true }),
  'strict with a skipped core check': report([result('pass'), result('skip')], { strict: true }),
};

describe('every form of a report agrees with the exit code', () => {
  const cases = Object.entries(reports).map(([name, of]) => ({ name, of, green: exitCode(of) === 0 }));

  it.each(cases)('$name', async ({ of, green }) => {
    const [junit, tap, github, html, markdown, json] = await Promise.all(
      (['junit', 'tap', 'github', 'html', 'markdown', 'json'] as const).map((format) => render(format, of)),
    );
    expect(/<failure|<error/.test(junit as string)).toBe(!green);
    expect(/^not ok/m.test(tap as string)).toBe(!green);
    expect(/^::error/m.test(github as string)).toBe(!green);
    expect(/<h1>in step<\/h1>/.test(html as string)).toBe(green);
    expect(/lockstep: in step/.test(markdown as string)).toBe(green);
    expect(JSON.parse(json as string).outcome === 'ok').toBe(green);
  });

  it('both colours are among the cases', () => {
    expect(new Set(cases.map(({ green }) => green)).size).toBe(2);
  });
});

const evil =
  'a]]>b\u001b[31m\r\n::set-output name=x::y\n##[group]z\u202e<script>alert(1)</script> | `` @all [x](javascript:y) \u0000\uffff\ud800 % # SKIP\n---\n=cmd()';
const hostile = report(
  [
    result('fail', {
      findings: [
        {
          code: 'token/fail.problem',
          level: 'fail',
          text: evil,
          hint: evil,
          data: { [evil]: evil },
          reproduce: 'curl x',
        },
      ],
    }),
    result('inconclusive', { because: evil }),
    result('skip', { because: evil }),
    result('warn', { findings: [{ code: 'a/b.c', level: 'warn', text: evil, data: {} }] }),
  ],
  { target: { name: evil, auth: evil, api: evil }, leftovers: [{ what: evil, seen: true }] },
);

describe('what a deployment says cannot leave its place', () => {
  it.each(formatNames)('in %s', async (format) => {
    const text = await render(format, hostile);
    const raw = format === 'json' ? JSON.parse(text).results[0].findings[0].text : evil;
    expect(raw).toBe(evil);
    // JSON carries it whole, in escapes of its own
    const unsafe =
      format === 'json' ? /[\u0000-\u0009\u000b-\u001f]/u : /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\uffff]/u;
    expect(text).not.toMatch(unsafe);
    expect(text.isWellFormed()).toBe(true);
  });

  it('annotations stay annotations, one a line', async () => {
    const lines = (await render('github', hostile)).trimEnd().split('\n');
    expect(lines.filter((line) => !/^::(error|warning) title=[^:,]*::/.test(line))).toEqual([]);
    expect(lines.length).toBe(4);
  });

  it('a test point of TAP stays one', async () => {
    const lines = (await render('tap', hostile)).trimEnd().split('\n');
    expect(
      lines.filter((line) => !/^(TAP version 14|1\.\.5|(not )?ok \d+ - .*| {2}(---|\.\.\.|[a-z_]+: .*))$/.test(line)),
    ).toEqual([]);
    // a directive is lockstep's own: elsewhere the sign is escaped
    expect(lines.filter((line) => /^(not )?ok/.test(line) && /[^\\]#/.test(line))).toHaveLength(1);
  });

  it('a page and a summary hold no markup of it', async () => {
    expect(await render('html', hostile)).not.toContain('<script');
    // in code spans alone: outside of them nothing of it is left
    const outside = (await render('markdown', hostile)).replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/script>|set-output|@all|javascript/);
  });
});

describe('annotations', () => {
  it('are the worst, and no more than are shown', async () => {
    const many = (verdict: 'fail' | 'warn') => Array.from({ length: 25 }, () => result(verdict));
    const lines = (await render('github', report([...many('warn'), ...many('fail')]))).trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...Array(10).fill('::error'),
      ...Array(10).fill('::warning'),
    ]);
    expect(lines[9]).toContain('16 more');
  });
});

describe.skipIf(!hasXmllint)(`JUnit by xmllint${hasXmllint ? '' : ' (libxml2-utils is not installed)'}`, () => {
  it('holds the schema that CI servers use, whatever a run was like', async () => {
    for (const of of [...Object.values(reports), hostile]) {
      const { status, stderr } = xmllint('--schema', schema)(await render('junit', of));
      expect(status, stderr).toBe(0);
    }
  });

  it('the schema would notice', async () => {
    const good = await render('junit', reports['a failure']);
    for (const broken of [
      good.replaceAll(' failures="1"', ''),
      good.replaceAll('failure', 'failed'),
      good.replace(/time="/, 'time="x'),
    ])
      expect(xmllint('--schema', schema)(broken).status).not.toBe(0);
  });

  it('counts what it holds', async () => {
    const of = report([result('pass'), result('fail'), result('inconclusive'), result('skip'), result('warn')]);
    expect(await render('junit', of)).toMatch(/<testsuite name="token" tests="5" failures="1" errors="1" skipped="1"/);
  });
});

it('each form takes a report of 10,000 results whole, but for annotations', async () => {
  const of = report(Array.from({ length: 10_000 }, (_, i) => result(i % 3 === 0 ? 'fail' : 'pass', { at: i })));
  for (const [format, text] of await forms(of))
    expect(text.length, format).toBeGreaterThan(format === 'github' ? 500 : 100_000);
});

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Token, Tokens } from 'marked';
import { lexer } from 'marked';
import { SaxesParser } from 'saxes';
import { Parser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/core/finding.js';
import type { Report } from '../../src/core/report.js';
import type { Format } from '../../src/report/formats.js';
import { renderer } from '../../src/report/formats.js';
import fc from '../support/fast-check.js';
import { cases } from '../support/seed.js';
import { workflowCommandOf } from '../support/workflow-command.js';

/** What has fooled a parser before, and anything else. */
const pieces = [
  ...[']]>', '<![CDATA[', '<!--', '-->', '&amp;', '&', '<script>', "'", '"', '\u0000', '\ufffe', '\ud800', '\u0085'],
  ...['\n', '\r\n', '\n::set-output name=a::b', '::error::x', '##[add-mask]x', '%0A', '%', '%25', ':', ','],
  ...['|', '\\|', '`', '``', '``` ', '[x](javascript:y)', '@all', '\n\n# x', '<details>', ' '],
  ...[' # SKIP x', '\\', '#', '\n...\n', '\n---\n', 'ok 1', '\nBail out!', '=cmd()', '\u001b[31m', '\u202e', '\u200b'],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');

/** What of a text stands in a report: all of it, what is unsafe spelled out. */
const shown = (text: string) => visible(text.toWellFormed()).replaceAll(/[\ufffe\uffff]/g, '\ufffd');

/** In a cell: no Markdown has an odd number of backslashes before a bar there. */
const barred = (text: string) => text.replaceAll(/(?<!\\)((?:\\\\)*)\\\|/g, '$1\\u{5c}|');

function reportOf(text: string): Report {
  const result = { title: text, severity: 'high', core: true, asked: true, at: 0, ms: 12 } as const;
  const found = { code: 'ws/health.open', level: 'fail', text, hint: text, data: { said: text } } as const;
  return {
    command: 'check',
    target: { name: text, auth: text, api: text },
    results: [
      { ...result, check: 'ws/health', verdict: 'fail', findings: [found] },
      { ...result, check: 'ws/origin-enforced', verdict: 'inconclusive', findings: [], because: text },
      { ...result, check: 'token/fetch', verdict: 'skip', findings: [], because: text },
      { ...result, check: 'token/lifetime', verdict: 'pass', findings: [] },
    ],
    began: 0,
    ms: 1,
    leftovers: [{ what: text, seen: true }],
    strict: false,
  };
}

/** For any text, what a parser that is not ours reads in a report of it. */
async function holds(format: Format, look: (read: string, text: string) => void): Promise<void> {
  const render = await renderer(format);
  fc.assert(
    fc.property(hostile, (text) => look(render(reportOf(text)), text)),
    { numRuns: cases(300), examples: pieces.map((piece) => [piece]) },
  );
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Strictly, by XML 1.0: what is not well-formed throws. */
function xml(text: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (more) => {
    for (const element of open) element.text += more;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return all;
}

/** The code spans below some tokens. */
function spans(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.type === 'codespan') return [(token as Tokens.Codespan).text];
    const { tokens: within = [], items = [] } = token as { tokens?: Token[]; items?: Token[] };
    return [...spans(within), ...spans(items)];
  });
}

describe('a text comes back out of', () => {
  it('JUnit', () =>
    holds('junit', (report, text) => {
      const elements = xml(report);
      const named = (name: string) => elements.filter((element) => element.name === name);
      expect(named('testcase').map(({ attributes }) => attributes.name)).toEqual([
        ...['ws/health', 'ws/origin-enforced', 'token/fetch', 'token/lifetime'].map((id) => `${id}: ${shown(text)}`),
        `left behind: ${shown(text)}`,
      ]);
      const [failure] = named('failure');
      expect(failure?.attributes.message).toBe(shown(text));
      expect(failure?.text).toContain(`said: ${shown(text)}`);
      expect(named('error')[0]).toMatchObject({
        attributes: { message: shown(text) },
        text: text.split('\n').map(shown).join('\n'),
      });
      expect(named('skipped')[0]?.attributes.message).toBe(shown(text));
      expect(new Set(elements.map(({ name }) => name))).toEqual(
        new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped']),
      );
    }));

  it('TAP', () =>
    holds('tap', (report, text) => {
      const events = Parser.parse(report);
      const points = events.flatMap(([event, point]) => (event === 'assert' ? [point] : []));
      expect(events.filter(([event]) => ['bailout', 'extra', 'comment', 'child'].includes(event))).toEqual([]);
      expect(points.map(({ ok, skip, todo }) => [ok, skip !== false, todo])).toEqual(
        [false, false, true, true, false].map((ok, i) => [ok, i === 2, false]),
      );
      expect(points[0]?.name.trim()).toBe(`ws/health: ${shown(text)}`.trim());
      const [found] = points[0]?.diag?.findings ?? [];
      expect(shown(found.text)).toBe(shown(text));
    }));

  it('Markdown, from cells and from lists', () =>
    holds('markdown', (report, text) => {
      const tokens = lexer(report);
      const lists = tokens.filter(({ type }) => type === 'list');
      expect(spans(lists)).toContain(shown(text));
      const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
      expect(tables).toHaveLength(1);
      const rows = tables[0]?.rows ?? [];
      expect(rows.map((row) => row.length)).toEqual([4, 4, 4, 4]);
      for (const row of rows) expect(spans(row[2]?.tokens ?? [])).toEqual([barred(shown(text))]);
      // nothing of it is anything but code
      const types = new Set(rows.flatMap((row) => row.flatMap((cell) => cell.tokens.map(({ type }) => type))));
      expect([...types].filter((type) => type !== 'codespan' && type !== 'text')).toEqual([]);
    }));

  it('annotations', () =>
    holds('github', (report, text) => {
      const commands = report.replace(/\n$/, '').split('\n').map(workflowCommandOf);
      expect(commands).toEqual([
        {
          name: 'error',
          properties: { title: 'lockstep' },
          data: `left behind: ${text}`.split('\n').map(shown).join('\n'),
        },
        {
          name: 'error',
          properties: { title: 'ws/health.open' },
          data: `${shown(text)}\n→ ${shown(text)}`,
        },
        {
          name: 'error',
          properties: { title: 'ws/origin-enforced is inconclusive' },
          data: text.split('\n').map(shown).join('\n'),
        },
      ]);
    }));

  it('JSON, to the letter', () =>
    holds('json', (report, text) => {
      const { results, target } = JSON.parse(report);
      expect([target.name, results[0].title, results[0].findings[0].data.said, results[1].because]).toEqual(
        Array(4).fill(text),
      );
    }));
});

describe('the parser of workflow commands', () => {
  it.each([
    ['::set-output name=a::b', 'set-output'],
    ['  \t::error file=x::y', 'error'],
    ['what was said: ##[set-output name=a;]b', 'set-output'],
    ['##[stop-commands]x', 'stop-commands'],
    ['::nothing::', undefined],
    ['said ::set-output name=a::b', undefined],
    ['# [group]', undefined],
  ])('takes %j for what the runner takes it for', (line, name) => {
    expect(workflowCommandOf(line)?.name).toBe(name);
  });
});

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
describe.skipIf(!hasXmllint)(`JUnit of hostile texts${hasXmllint ? '' : ' (libxml2-utils is not installed)'}`, () => {
  it('holds the schema', async () => {
    const render = await renderer('junit');
    const schema = path.resolve(import.meta.dirname, '../fixtures/junit.xsd');
    const texts = [pieces.join(''), pieces.toReversed().join('x'), ...fc.sample(hostile, { numRuns: cases(5) })];
    for (const text of texts) {
      const args = ['--noout', '--nonet', '--schema', schema, '-'];
      const { status, stderr } = spawnSync('xmllint', args, { input: render(reportOf(text)), encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    }
  });
});

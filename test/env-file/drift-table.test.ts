// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates
import { describe, expect, it } from 'vitest';
import type { Dialects, LoaderName } from '../../src/env-file/loader.js';
import { loaderFor, newest } from '../../src/env-file/loader.js';

/** What K comes to in a file read alone; undefined where it is not set, '?' where only running it would tell. */
function value(loader: LoaderName, text: string, dialects: Partial<Dialects> = {}): string | undefined {
  const file = { path: '.env', text, invalidAt: null };
  const { settings } = loaderFor(loader, { ...newest, ...dialects }).load([file], { HOME: '/home/x' });
  const setting = settings.get('K') ?? settings.get('k');
  return setting === undefined ? undefined : (setting.value?.reveal() ?? '?');
}

const columns = [
  'dotenv',
  'next',
  'vite',
  'node',
  'python-dotenv',
  'bash',
  'docker',
  'compose',
  'systemd',
  'starlette',
] as const;
type Row = readonly [line: string, ...values: (string | undefined)[]];

// measured with the real loaders of test/env-file/golden, compose by the rules of its parser
const rows: readonly Row[] = [
  ['K=abc#123', 'abc', 'abc', 'abc', 'abc', 'abc#123', 'abc#123', 'abc#123', 'abc#123', 'abc#123', 'abc#123'],
  ['K=#abc123', '', '', '', '', '#abc123', '#abc123', '#abc123', '#abc123', '#abc123', '#abc123'],
  ['K=abc #123', 'abc', 'abc', 'abc', 'abc', 'abc', 'abc', 'abc #123', 'abc', 'abc #123', 'abc #123'],
  ['K=abc$NOPE', 'abc$NOPE', 'abc', 'abc', 'abc$NOPE', 'abc$NOPE', 'abc', 'abc$NOPE', 'abc', 'abc$NOPE', 'abc$NOPE'],
  [
    'K=abc$1def',
    'abc$1def',
    'abc',
    'abc$1def',
    'abc$1def',
    'abc$1def',
    'abcdef',
    'abc$1def',
    undefined,
    'abc$1def',
    'abc$1def',
  ],
  [
    "K='abc$NOPE'",
    'abc$NOPE',
    'abc',
    'abc',
    'abc$NOPE',
    'abc$NOPE',
    'abc$NOPE',
    'abc$NOPE',
    'abc$NOPE',
    'abc$NOPE',
    'abc$NOPE',
  ],
  [
    'K=abc${NOPE}def',
    'abc${NOPE}def',
    'abcdef',
    'abcdef',
    'abc${NOPE}def',
    'abcdef',
    'abcdef',
    'abc${NOPE}def',
    'abcdef',
    'abc${NOPE}def',
    'abc${NOPE}def',
  ],
  [
    'K=abc\\$NOPE',
    'abc\\$NOPE',
    'abc$NOPE',
    'abc$NOPE',
    'abc\\$NOPE',
    'abc\\$NOPE',
    'abc$NOPE',
    'abc\\$NOPE',
    'abc\\',
    'abc$NOPE',
    'abc\\$NOPE',
  ],
  [
    'K=abc$$NOPE',
    'abc$$NOPE',
    'abc$',
    'abc$',
    'abc$$NOPE',
    'abc$$NOPE',
    '?',
    'abc$$NOPE',
    'abc$NOPE',
    'abc$$NOPE',
    'abc$$NOPE',
  ],
  ['K="abc123"', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123'],
  [
    'K=`abc123`',
    'abc123',
    'abc123',
    'abc123',
    'abc123',
    '`abc123`',
    '?',
    '`abc123`',
    '`abc123`',
    '`abc123`',
    '`abc123`',
  ],
  ['K=abc123  ', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123', 'abc123  ', 'abc123', 'abc123', 'abc123'],
  ['K=abc\u00a0', 'abc', 'abc', 'abc\u00a0', 'abc\u00a0', 'abc', 'abc\u00a0', 'abc\u00a0', 'abc', 'abc\u00a0', 'abc'],
  ['K=abc\r\nZ=1', 'abc', 'abc', 'abc', 'abc', 'abc', 'abc\r', 'abc', 'abc', 'abc', 'abc'],
  ['K=abc\rZ=1', 'abc', 'abc', 'abcZ=1', 'abcZ=1', 'abc', 'abc\rZ=1', 'abc\rZ=1', 'abc\rZ=1', 'abc', 'abc'],
  ['\ufeffK=abc\n', 'abc', 'abc', undefined, undefined, 'abc', undefined, 'abc', 'abc', undefined, undefined],
  ['K="a\\nb"', 'a\nb', 'a\nb', 'a\nb', 'a\nb', 'a\nb', 'a\\nb', 'a\\nb', 'a\nb', 'a\\nb', 'a\\nb'],
  ['K: abc', 'abc', 'abc', undefined, undefined, undefined, undefined, undefined, 'abc', undefined, undefined],
  ['export K=abc', 'abc', 'abc', 'abc', 'abc', 'abc', 'abc', undefined, 'abc', undefined, undefined],
  [
    'K=first\nK=second',
    'second',
    'second',
    'second',
    'second',
    'second',
    'second',
    'second',
    'second',
    'second',
    'second',
  ],
  [
    'K=$(echo hi)',
    '$(echo hi)',
    '$(echo hi)',
    '$(echo hi)',
    '$(echo hi)',
    '$(echo hi)',
    '?',
    '$(echo hi)',
    undefined,
    '$(echo hi)',
    '$(echo hi)',
  ],
];

describe('one line, ten readers', () => {
  it.each(rows)('%j', (line, ...expected) => {
    const read = Object.fromEntries(columns.map((loader) => [loader, value(loader, line as string)]));
    expect(read).toEqual(Object.fromEntries(columns.map((loader, i) => [loader, expected[i]])));
  });

  it('tells the releases apart where they read differently', () => {
    expect(value('python-dotenv', '\ufeffK=abc', { python: 'older' })).toBeUndefined();
    expect(value('docker', 'K="abc"', { docker: 'kept' })).toBe('"abc"');
    expect(value('node', 'K="abc', { node: 'classic' })).toBeUndefined();
    expect(value('node', 'K="abc')).toBe('"abc');
  });

  it('takes the values of dotenv-expand for open where it would run a command', () => {
    expect(value('dotenv-expand', 'K=$(echo hi)')).toBe('?');
    expect(value('dotenv-expand', 'K=abc$NOPE')).toBe('abc');
  });

  it('compares names of pydantic-settings without regard to case', () => {
    expect(value('pydantic-settings', 'k=abc')).toBe('abc');
  });
});

describe('the rules of Docker Compose, by the examples of its own parser', () => {
  // compose-go, dotenv/godotenv_test.go
  it.each<[string, string | undefined]>([
    ['K=bar', 'bar'],
    ['K =bar', 'bar'],
    ['K= bar', 'bar'],
    ['K="escaped\\"bar"', 'escaped"bar'],
    ['K="\'d\'"', "'d'"],
    ['K: Foo=bar', 'Foo=bar'],
    ['K=1:B', '1:B'],
    ["export K='\\n'", '\\n'],
    ['export\tK=2', '2'],
    ['K="bar\\nbaz"', 'bar\nbaz'],
    ['K=foobar=', 'foobar='],
    ['K=bar ', 'bar'],
    ['K="bar#baz" # comment', 'bar#baz'],
    ["K='ba#r'", 'ba#r'],
    ['FOO=test\nK=$FOO', 'test'],
    ['FOO=test\nK=${FOO}bar', 'testbar'],
    ['FOO=test\nK="quote $FOO"', 'quote test'],
    ["K='quote $FOO'", 'quote $FOO'],
    ['K="foo\\$BAR"', 'foo$BAR'],
    ['K="foo\\${BAR}"', 'foo${BAR}'],
    ['FOO=test\nK="foo\\${FOO} ${FOO}"', 'foo${FOO} test'],
    ['K=${NOPE:-default}', 'default'],
    ['lol$wut\nK=1', undefined],
    ['K="value', undefined],
  ])('%j', (text, expected) => {
    expect(value('compose', text)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { fill, printable } from '../../src/core/finding.js';

describe('the words of a finding', () => {
  it('carry their evidence', () => {
    expect(fill('{url} answered {status}', { url: 'http://x', status: 401 })).toBe('http://x answered 401');
  });

  it('show a name without evidence instead of hiding it', () => {
    expect(fill('{url} answered {toString}', { url: 'x' })).toBe('x answered {toString}');
  });

  it.each([
    ['an escape sequence', '\u001b[2Jgone', '\\u{1b}[2Jgone'],
    ['a one-byte CSI', '\u009b31m', '\\u{9b}31m'],
    ['a carriage return', 'ok\rFAIL', 'ok\\u{d}FAIL'],
    ['a line feed, which could forge a line', 'a\n::error::b', 'a\\u{a}::error::b'],
    ['a bidi override', 'user\u202etxt.exe', 'user\\u{202e}txt.exe'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ])('show %s as what it is', (_, hostile, shown) => {
    expect(printable(hostile)).toBe(shown);
  });

  it('leave ordinary text of any script as it is', () => {
    expect(printable('Grüße, 世界 – ça va? 👍')).toBe('Grüße, 世界 – ça va? 👍');
  });

  it('are cut at 200 characters', () => {
    expect(printable('x'.repeat(5000))).toBe(`${'x'.repeat(200)}…`);
  });
});

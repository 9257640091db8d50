import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';

describe('a secret', () => {
  const secret = new Secret('correct-horse-battery');
  const holder = { name: 'x', secret, list: [secret] };

  it.each<[string, () => string]>([
    ['a template', () => `${secret}`],
    ['JSON', () => JSON.stringify(holder)],
    ['inspect', () => inspect(holder, { depth: 9, showHidden: true })],
    ['%o', () => format('%o', holder)],
    ['%j', () => format('%j', holder)],
    ['%s', () => format('%s', secret)],
    ['concatenation', () => `a${String(secret)}`],
    ['Object.entries', () => String(Object.entries(secret))],
    ['a spread', () => inspect({ ...secret })],
    ['structuredClone', () => inspect(structuredClone(secret))],
  ])('does not show itself in %s', (_, print) => {
    expect(print()).not.toContain('horse');
  });

  it('is told only when asked', () => {
    expect(secret.reveal()).toBe('correct-horse-battery');
    expect(secret.length).toBe(21);
    expect(secret.equals(new Secret('correct-horse-battery'))).toBe(true);
    expect(secret.equals(new Secret('correct-horse-batterx'))).toBe(false);
  });
});

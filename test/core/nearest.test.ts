import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/nearest.js';
import fc from '../support/fast-check.js';

describe('the word that was meant', () => {
  it.each([
    // one edit of each kind: a letter more, less, other, two swapped
    ['checkk', ['check', 'demo'], 'check'],
    ['chck', ['check', 'demo'], 'check'],
    ['chock', ['check', 'demo'], 'check'],
    ['hceck', ['check', 'demo'], 'check'],
    ['ws/conects-after-atuh', ['ws/unusable-token-refused', 'ws/connects-after-auth'], 'ws/connects-after-auth'],
    ['TOKEN', ['users', 'token'], 'token'],
    // the nearer of two, and of two as near the first
    ['stagin', ['stating', 'staging'], 'staging'],
    ['cat', ['bat', 'hat'], 'bat'],
  ])('%s, of %j, is %s', (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant);
  });

  it.each([
    ['local', ['production', 'staging']],
    ['c', ['a', 'b']],
    ['ab', ['cd']],
    ['', ['check']],
    ['check', []],
    // 15 letters allow three edits, never five
    ['abcdefghijklmno', ['vwxyzfghijklmno']],
  ])('%s resembles none of %j', (word, candidates) => {
    expect(nearest(word, candidates)).toBeNull();
  });

  it('is the word itself where it is among them, and never a word that is not', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (word, others) => {
        const lower = word.toLowerCase();
        const meant = nearest(word, [...others, word]);
        expect(meant?.toLowerCase()).toBe(lower);
        const guess = nearest(word, others);
        if (guess !== null) expect(others).toContain(guess);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import { dateWords, durationWords, parseDuration } from '../../src/token/duration.js';
import { parseSecrets, SecretsError, secretsOf } from '../../src/token/secrets.js';

describe('the secrets of an environment, in the order of Better Auth', () => {
  const current = (env: Record<string, string>) => {
    const found = secretsOf(env);
    return found === null ? null : [found.name, found.secrets.current.reveal()];
  };

  it('BETTER_AUTH_SECRETS beats BETTER_AUTH_SECRET beats AUTH_SECRET; an empty text is none', () => {
    const env = { BETTER_AUTH_SECRETS: '2:new,1:old', BETTER_AUTH_SECRET: 'single', AUTH_SECRET: 'other' };
    expect(current(env)).toEqual(['BETTER_AUTH_SECRETS', 'new']);
    expect(current({ ...env, BETTER_AUTH_SECRETS: '' })).toEqual(['BETTER_AUTH_SECRET', 'single']);
    expect(current({ BETTER_AUTH_SECRET: '', AUTH_SECRET: 'other' })).toEqual(['AUTH_SECRET', 'other']);
    expect(current({})).toBeNull();
    expect(secretsOf(env)?.secrets.legacy?.reveal()).toBe('single');
  });

  it('a single secret is not trimmed, entries of BETTER_AUTH_SECRETS are', () => {
    expect(current({ BETTER_AUTH_SECRET: ' x \n' })).toEqual(['BETTER_AUTH_SECRET', ' x \n']);
    expect(parseSecrets(' 2 : new , 1:o:l:d ').versions.get(1)?.reveal()).toBe('o:l:d');
    expect(parseSecrets(' 2 : new ').current.reveal()).toBe('new');
    expect(parseSecrets('2:new').legacy).toBeNull();
  });

  it.each(['hunter2', 'x:hunter2', '1:hunter2,1:hunter3', '1:', '1:hunter2,', '-1:hunter2', ':hunter2'])(
    '%s is refused in words that do not repeat it',
    (text) => {
      expect(() => parseSecrets(new Secret(text))).toThrow(SecretsError);
      expect(() => parseSecrets(text)).toThrow(/^(?!.*hunter)/s);
    },
  );
});

describe('times in words', () => {
  it.each([
    ['90', 90],
    ['60s', 60],
    ['2m', 120],
    ['1h30m', 5400],
    ['7d', 604_800],
    ['0s', 0],
    ['', null],
    ['-1s', null],
    ['1.5h', null],
    ['1w', null],
    ['m', null],
    ['1 h', null],
    ['9'.repeat(400), null],
  ])('%s', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each([
    [0, '0s'],
    [59.6, '1m'],
    [182, '3m2s'],
    [-182, '3m2s'],
    [3600, '1h'],
    [3601, '1h'],
    [90_061, '1d1h'],
    [1e300, 'thousands of years'],
  ])('%d seconds', (seconds, words) => expect(durationWords(seconds)).toBe(words));

  it('a moment', () => {
    expect(dateWords(0)).toBe('1970-01-01T00:00:00Z');
    expect(dateWords(1.5)).toBe('1970-01-01T00:00:01.500Z');
    expect(dateWords(-1e300)).toContain('no calendar');
  });
});

import { describe, expect, it } from 'vitest';
import { ClientError, classify, networkFailure, retryAfter } from '../../src/client/index.js';
import { response } from '../support/wire.js';

describe('what answers mean', () => {
  it.each([
    [200, null],
    [304, null],
    [399, null],
    [400, { kind: 'protocol', what: 'status 400' }],
    [401, { kind: 'auth', reason: 'refused' }],
    [403, { kind: 'forbidden' }],
    [429, { kind: 'rate-limited', retryAfter: 7_000 }],
    [500, { kind: 'server', status: 500 }],
    [503, { kind: 'server', status: 503 }],
  ])('%i is %o', (status, failure) => {
    expect(classify(response(status, { 'retry-after': '7' }))).toEqual(failure);
  });

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 7 ' }, 7_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9_000],
    [{ 'retry-after': '2026-01-01T00:00:09+00:00' }, 9_000],
    [{ 'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT' }, 0],
    [{ 'x-retry-after': '11' }, 11_000],
    [{ 'retry-after': '7', 'x-retry-after': '11' }, 11_000],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '' }, null],
    [{}, null],
  ])('%o asks to wait %s ms', (headers, wait) => {
    expect(retryAfter(response(429, headers).headers, Date.parse('2026-01-01T00:00:00Z'))).toBe(wait);
  });
});

describe('a network failure', () => {
  it.each([
    ['itself', Object.assign(new Error(), { code: 'ECONNRESET' })],
    ['a cause', new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })],
  ])('is named by the code of %s', (_where, error) => {
    expect(networkFailure(error)).toEqual({ kind: 'network', code: 'ECONNRESET' });
  });

  it('has no name where nobody gave it one, not even a cause that is its own', () => {
    const error = new Error('again');
    error.cause = error;
    for (const thrown of [error, new Error('once'), { code: 5 }, 'text', null, undefined])
      expect(networkFailure(thrown)).toEqual({ kind: 'network', code: null });
  });
});

it('an error is named after its class, and as the platform names it where somebody gave up', () => {
  expect(new ClientError({ kind: 'signed-out' }).name).toBe('ClientError');
  expect(new ClientError({ kind: 'aborted' }).name).toBe('AbortError');
});

it('an error has a cause only where there is one', () => {
  expect(new ClientError({ kind: 'signed-out' }, { response: response(401) })).not.toHaveProperty('cause');
  expect(new ClientError({ kind: 'aborted' }, { cause: 'why' }).cause).toBe('why');
});

import { describe, expect, it } from 'vitest';
import type { Report, Result } from '../../src/core/report.js';
import { plainStyle } from '../../src/core/style.js';
import { renderJson } from '../../src/report/json.js';
import { renderText } from '../../src/report/text.js';

const result = (check: string, verdict: Result['verdict'], more: Partial<Result> = {}): Result => ({
  check,
  title: `${check} holds`,
  severity: 'high',
  core: true,
  asked: true,
  at: 0,
  verdict,
  ms: 12,
  findings: [],
  ...more,
});

const report: Report = {
  command: 'check',
  target: { name: 'local', auth: 'http://localhost:3000/api/auth', api: null },
  results: [
    result('session/login', 'pass'),
    result('token/fetch', 'fail', {
      findings: [
        {
          code: 'token/fetch.crashed',
          level: 'fail',
          text: 'http://x answered 500',
          hint: 'read the log',
          data: { status: 500 },
        },
      ],
    }),
    result('refresh/recovers', 'skip', { because: 'needs token/fetch, which failed' }),
    result('ws/connects-after-auth', 'inconclusive', { because: 'ws://x: connection refused' }),
  ],
  began: Date.UTC(2026, 10, 21, 12),
  ms: 1234,
  leftovers: [{ what: 'http://x/api/tasks/1', seen: true }],
  strict: false,
};

describe('a report for people', () => {
  it('says each verdict in a word, findings with code and hint, and sums up', () => {
    expect(renderText(report, plainStyle)).toBe(`lockstep check  local
  auth  http://localhost:3000/api/auth
  api   none given

  ✓ pass  session/login           session/login holds  12 ms
  ✗ FAIL  token/fetch             token/fetch holds  12 ms
          http://x answered 500  token/fetch.crashed
          → read the log
  - skip  refresh/recovers        refresh/recovers holds
          needs token/fetch, which failed
  ? open  ws/connects-after-auth  ws/connects-after-auth holds  12 ms
          ws://x: connection refused

left behind: http://x/api/tasks/1
out of step: 1 passed, 1 failed, 1 inconclusive, 1 skipped in 1.2 s; not looked at: refresh/recovers
`);
  });

  it('uses colour only beside words', () => {
    const marked = { good: mark, bad: mark, doubtful: mark, quiet: mark, strong: mark };
    const strip = (text: string) => text.replaceAll(/[«»]/g, '');
    expect(strip(renderText(report, marked))).toBe(renderText(report, plainStyle));
  });
});

describe('a report for programs', () => {
  it('is one object that agrees with the exit code', () => {
    const json = JSON.parse(renderJson(report));
    expect(json).toMatchObject({ schemaVersion: 1, command: 'check', outcome: 'problems' });
    expect(json.results[1]).toMatchObject({
      check: 'token/fetch',
      verdict: 'fail',
      findings: [{ code: 'token/fetch.crashed', data: { status: 500 } }],
    });
    expect(json.results[2]).toMatchObject({ verdict: 'skip', because: 'needs token/fetch, which failed' });
  });
});

function mark(text: string): string {
  return `«${text}»`;
}

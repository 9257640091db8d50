import { describe, expect, it } from 'vitest';
import { showsTrace, showsTraceLines } from '../../src/core/stack-trace.js';

const printed = [
  'TypeError: x is not a function\n    at handler (/srv/app/routes/me.js:12:5)\n    at next (/srv/app/x.js:1:1)',
  'Error\n\tat async file:///srv/app/main.mjs:3:9',
  'Error\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
  'Traceback (most recent call last):\n  File "/app/main.py", line 3, in me',
  'x\n  File "/app/main.py", line 3',
];
const told = [
  'oops  at handler (C:\\app\\me.js:12:5)',
  'java.lang.IllegalStateException: no\n\tat com.example.Api.me(Api.java:41)',
  'panic: no\n\ngoroutine 1 [running]:',
  '#0 /srv/app/index.php(12): me()',
  'File "<string>", line 1',
];
const prose = ['{"error":"invalid_token"}', 'see you at 10:30', 'not found', 'look at File "x"', 'line 3 at the top'];

describe('a stack trace', () => {
  it.each(printed)('is seen: %s', (text) => expect([showsTrace(text), showsTraceLines(text)]).toEqual([true, true]));
  it.each(told)('is one to the eye: %s', (text) =>
    expect([showsTrace(text), showsTraceLines(text)]).toEqual([true, false]),
  );
  it.each(prose)('is none: %s', (text) => expect([showsTrace(text), showsTraceLines(text)]).toEqual([false, false]));

  // without bounds each of these takes minutes to days
  it.each([' ', '\n', '\n ', '\n at ', ' at /', ' at 1:1:', 'File "', '#1 ', 'at a', '\tat :1', 'goroutine 1'])(
    'is looked for in a megabyte of %j in no time',
    (piece) => {
      const text = piece.repeat(1_048_576 / piece.length);
      expect(showsTrace(text)).toBe(false);
      expect(showsTraceLines(text)).toBe(false);
    },
  );
});

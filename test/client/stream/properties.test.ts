import { describe, expect, it } from 'vitest';
import { createAuthClient, memoryStore } from '../../../src/client/index.js';
import { Body, eventStream } from '../../support/body.js';
import fc from '../../support/fast-check.js';
import { cases, patience } from '../../support/seed.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { response } from '../../support/wire.js';

/** Where a server goes on when it is asked for what came after an event. */
type Replay = 'exact' | 'inclusive' | 'overlap' | 'from-start' | 'live-only';

interface Plan {
  readonly texts: readonly string[];
  /** where each connection is cut, in per mille of what it would send; the one after the last is not */
  readonly cuts: readonly number[];
  readonly replay: Replay;
  readonly abrupt: boolean;
  /** into how many bytes the chunks are split */
  readonly chunk: number;
  /** the connection that finds its credential dead */
  readonly deadAt: number | null;
}

const plans = fc.record<Plan>({
  texts: fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 12 }),
  cuts: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 6 }),
  replay: fc.constantFrom('exact', 'inclusive', 'overlap', 'from-start', 'live-only'),
  abrupt: fc.boolean(),
  chunk: fc.integer({ min: 1, max: 40 }),
  deadAt: fc.option(fc.integer({ min: 0, max: 6 })),
});

const clean = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text.replace(/[\r\n]/g, ' ')));

async function run({ texts, cuts, replay, abrupt, chunk, deadAt }: Plan) {
  const clock = new VirtualClock();
  const asked: (number | null)[] = [];
  const delivered: { id: number; data: string }[] = [];
  let refreshes = 0;
  let good = 't0';
  let live = 0;
  const frame = (text: string, id: number) => `id: ${id}\ndata: ${clean(text)}\n\n`;

  const fetch = async (_url: string, init: { headers?: Record<string, string> }) => {
    if (deadAt === asked.length && refreshes === 0) good = 't1';
    if (init.headers?.authorization !== `Bearer ${good}`) return response(401);
    const header = init.headers?.['last-event-id'];
    const lastId = header === undefined ? null : Number(header);
    const after = lastId === null ? 0 : lastId + 1;
    const back = { exact: 0, inclusive: 1, overlap: 2, 'from-start': after, 'live-only': 0 }[replay];
    const from = replay === 'live-only' ? live : Math.max(0, after - back);
    const whole = new TextEncoder().encode(`${texts.map(frame).slice(from).join('')}event: done\ndata: end\n\n`);
    const cut = cuts[asked.length];
    asked.push(lastId);
    const bytes = cut === undefined ? whole : whole.slice(0, Math.floor((cut * whole.length) / 1000));
    const complete = new TextDecoder().decode(bytes).split('\n\n').length - 1;
    live = Math.min(texts.length, from + complete);
    const body = new Body();
    for (let at = 0; at < bytes.length; at += chunk) body.push(bytes.slice(at, at + chunk));
    return response(200, eventStream, abrupt && cut !== undefined ? body.break() : body.end());
  };

  const client = createAuthClient({
    fetch,
    refresh: async () => `t${++refreshes}`,
    store: memoryStore('t0'),
    clock,
    random: () => 0.9,
  });
  const reading = (async () => {
    for await (const part of client.stream('/chat'))
      if (part.kind === 'event') delivered.push({ id: Number(part.id), data: part.data });
  })().catch((error: Error) => error.message);
  await clock.advance(600_000);
  return { end: await reading, asked, delivered, refreshes };
}

describe('a stream, however it is cut', () => {
  it(
    'S1: delivers what was sent, once and in order, whatever the server replays',
    async () => {
      await fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const { end, asked, delivered, refreshes } = await run(plan);
          const sent = plan.texts.map((text, id) => ({ id, data: clean(text) }));
          expect(refreshes).toBeLessThanOrEqual(1);
          const ids = delivered.map(({ id }) => id);
          expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
          // five tries in vain are the limit; a new event gives them back
          if (end === undefined && plan.replay !== 'live-only') expect(delivered).toEqual(sent);
          if (end !== undefined) expect([end, plan.cuts.length]).toEqual(['network', 6]);
          // on the wire: each resume asks for what comes after the last complete event
          const committed = asked.slice(1).map((lastId) => lastId ?? -1);
          expect(committed).toEqual([...committed].sort((a, b) => a - b));
          if (end === undefined && committed.length > 0 && delivered.length > 0)
            expect(ids).toEqual(expect.arrayContaining(committed.filter((id) => id >= 0)));
          for (const [index, lastId] of committed.entries())
            if (lastId === -1) expect(committed.slice(0, index).every((id) => id === -1)).toBe(true);
        }),
        {
          numRuns: cases(2_000),
          // each of these was a counterexample to a draft
          examples: [
            [{ texts: ['', ''], cuts: [550, 275], replay: 'from-start', abrupt: false, chunk: 1, deadAt: null }],
            [{ texts: ['a', 'b'], cuts: [500], replay: 'live-only', abrupt: false, chunk: 40, deadAt: null }],
            [{ texts: ['a', 'b', 'c'], cuts: [600], replay: 'exact', abrupt: true, chunk: 1, deadAt: 1 }],
          ],
        },
      );
    },
    patience,
  );

  it('S1: a cut after a complete event always asks for what comes after it', async () => {
    const { asked, delivered } = await run({
      texts: ['a', 'b', 'c'],
      cuts: [500],
      replay: 'live-only',
      abrupt: false,
      chunk: 5,
      deadAt: null,
    });
    expect(asked).toEqual([null, 1]);
    expect(delivered.map(({ data }) => data)).toEqual(['a', 'b', 'c']);
  });
});

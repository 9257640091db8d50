import type { Step } from '../core/plan.js';
import type { Result } from '../core/report.js';
import type { Noted } from '../core/reproduce.js';
import { createProgress } from '../io/progress.js';
import { styleFor } from '../io/style.js';
import { renderResult } from '../report/text.js';
import type { World } from '../world.js';
import type { Reporting } from './check-reports.js';

/** What hears of a run while it goes on. */
export type Heard = Omit<Reporting, 'heard' | 'deliver' | 'close'>;

/** Shows on stderr what runs and what has ended, and tells it to `reporting`. */
export async function watch(world: World, steps: readonly Step[], reporting: Heard, began: number) {
  const progress = await createProgress(world, reporting.quiet);
  const style = styleFor(world.stderr, world.env);
  const width = Math.max(0, ...steps.map(({ check }) => check.id.length));
  const running = new Set<string>();
  const ended = new Map<string, Result>();
  const draw = () => {
    const done = steps.flatMap(({ check }) => {
      const result = ended.get(check.id);
      return result === undefined ? [] : [renderResult(result, width, style)[0] as string];
    });
    progress.show([`${ended.size}/${steps.length}  ${[...running].join(', ')}`, ...done]);
  };
  return {
    hooks: {
      onStart({ id }: { id: string }) {
        running.add(id);
        reporting.onStart(id, Math.round(world.monotonic() - began));
        draw();
      },
      onExchange: ({ id }: { id: string }, exchange: Noted) => reporting.onExchange(id, exchange),
      onResult(result: Result) {
        running.delete(result.check);
        ended.set(result.check, result);
        reporting.onResult(result);
        progress.note(`${result.verdict.padEnd(12)} ${result.check} (${result.ms} ms)`);
        draw();
      },
    },
    stop: () => progress.stop(),
  };
}

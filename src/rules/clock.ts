import { took } from '../core/evidence.js';
import { defineRule } from '../core/rule.js';

/** Beyond what a leeway of a minute forgives. Milliseconds. */
const much = 60_000;

export default defineRule({
  id: 'clock',
  title: 'the clocks of the two sides differ by more than tokens forgive',
  causes: {
    apart: {
      certainty: 'likely',
      text: 'the clock of the {side} is {seconds} s {direction} that of the other side',
      means: 'a fresh token is not valid yet, or not any more, by the clock of the backend',
      fix: ['set the clock of the {side} by NTP'],
      proof: 'the backend takes a token that is dated by its own clock',
      weight: 60,
    },
  },
  match(evidence) {
    const { frontend, backend } = evidence;
    if (frontend?.clock == null || backend?.clock == null) return [];
    const apart = frontend.clock.aheadMs - backend.clock.aheadMs;
    const doubt = frontend.clock.withinMs + backend.clock.withinMs;
    if (Math.abs(apart) - doubt < much || took(backend.token, backend)) return [];
    // the side that agrees with this machine is taken for right
    const side = Math.abs(frontend.clock.aheadMs) > Math.abs(backend.clock.aheadMs) ? 'frontend' : 'backend';
    const ahead = side === 'frontend' ? apart : -apart;
    return [
      {
        cause: 'apart',
        guilty: side,
        data: {
          side,
          seconds: Math.round(Math.abs(apart) / 1000),
          direction: ahead > 0 ? 'ahead of' : 'behind',
        },
        because: [`by their Date headers the clocks are ${Math.round(Math.abs(apart) / 1000)} s apart`],
      },
    ];
  },
  excludes({ frontend, backend }) {
    if (frontend?.clock == null || backend?.clock == null) return null;
    const apart = Math.abs(frontend.clock.aheadMs - backend.clock.aheadMs);
    const doubt = frontend.clock.withinMs + backend.clock.withinMs;
    return apart - doubt < 5_000 ? `the clocks: they agree within ${Math.ceil((apart + doubt) / 1000)} s` : null;
  },
});

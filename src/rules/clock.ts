import { took } from '../core/evidence/backend.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { refuses, takes } from './facts/fits.js';

/** Beyond what a leeway of a minute forgives. Milliseconds. */
const much = 60_000;

const causes = {
  behind: {
    certainty: 'proven',
    text: 'the clock of the backend is behind: it takes a token that is dated an hour ago, and not a fresh one',
    means: 'a fresh token is from the future for it',
    fix: ['set the clock of the backend by NTP', 'or give its verifier a leeway of some seconds'],
    weight: 75,
  },
  ahead: {
    certainty: 'proven',
    text: 'the clock of the backend is ahead: it takes a token that is valid for a day, and not one for minutes',
    means: 'a fresh token has expired already for it',
    fix: ['set the clock of the backend by NTP'],
    weight: 75,
  },
  apart: {
    certainty: 'likely',
    text: 'the clock of the {side} is {seconds} s {direction} that of the other side',
    means: 'a fresh token is not valid yet, or not any more, by the clock of the backend',
    fix: ['set the clock of the {side} by NTP'],
    proof: 'the backend takes a token that is dated by its own clock',
    weight: 60,
  },
  'born-expired': {
    certainty: 'proven',
    text: 'the frontend gives out tokens that are expired already, since {seconds} s',
    means: 'a number as jwt.expirationTime is a point in time, not a duration: 3600 is an hour after New Year 1970',
    fix: ['write "15m" as jwt.expirationTime of the jwt plugin, and restart the frontend'],
    weight: 85,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'clock',
  title: 'a token is too young or too old for who verifies it',
  causes,
  match(evidence) {
    const expired = evidence.session?.token?.expIn ?? 1;
    if (expired <= 0) {
      const because = [`a token that was fetched just now has exp ${-expired} s ago, by the clock of its own server`];
      return [{ cause: 'born-expired', guilty: 'frontend', data: { seconds: -expired }, because }];
    }
    return takes(evidence) ? [] : [...measured(evidence), ...apart(evidence)].slice(0, 1);
  },
  excludes({ frontend, backend }) {
    if (frontend?.clock == null || backend?.clock == null) return null;
    const apart = Math.abs(frontend.clock.aheadMs - backend.clock.aheadMs);
    const doubt = frontend.clock.withinMs + backend.clock.withinMs;
    return apart - doubt < 5_000 ? `the clocks: they agree within ${Math.ceil((apart + doubt) / 1000)} s` : null;
  },
});

function measured(evidence: Evidence): Found<typeof causes>[] {
  const { backend } = evidence;
  if (backend === undefined || !refuses(evidence)) return [];
  const control = backend.claims.find(({ change }) => change === 'nothing');
  if (control === undefined || took(control.answer, backend)) return [];
  const taken = (change: string) => backend.claims.some((one) => one.change === change && took(one.answer, backend));
  const because = ['everything else in the two tokens is the same'];
  if (taken('dated an hour ago')) return [{ cause: 'behind', guilty: 'backend', data: {}, because }];
  if (taken('valid for a day')) return [{ cause: 'ahead', guilty: 'backend', data: {}, because }];
  return [];
}

function apart({ frontend, backend }: Evidence): Found<typeof causes>[] {
  if (frontend?.clock == null || backend?.clock == null) return [];
  const gap = frontend.clock.aheadMs - backend.clock.aheadMs;
  const doubt = frontend.clock.withinMs + backend.clock.withinMs;
  if (Math.abs(gap) - doubt < much) return [];
  // the side that agrees with this machine is taken for right
  const side = Math.abs(frontend.clock.aheadMs) > Math.abs(backend.clock.aheadMs) ? 'frontend' : 'backend';
  const ahead = side === 'frontend' ? gap : -gap;
  const seconds = Math.round(Math.abs(gap) / 1000);
  const data = { side, seconds, direction: ahead > 0 ? 'ahead of' : 'behind' };
  return [{ cause: 'apart', guilty: side, data, because: [`by their Date headers the clocks are ${seconds} s apart`] }];
}

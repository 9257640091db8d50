import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { isRefusalNotice } from '../../core/refusal-notice.js';
import { filled } from '../talk.js';
import token from '../token/fetch.js';
import control from './connects-after-auth.js';

/** Milliseconds between what is said too early and the credential: some servers rightly take both in one go. */
const apart = 500;
const patience = 3_000;
/** Milliseconds in which a server says what it says to everybody. */
const rest = 200;

export default defineCheck({
  id: 'ws/nothing-before-auth',
  title: 'what a socket says before it has authenticated is neither answered nor done later',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 8.3.1', 'RFC 6455 10.7'],
  needs: { token, control },
  problems: {
    answered: {
      level: 'fail',
      text: '{url} answered a message of somebody who had not said who they are',
      hint: 'drop every message before the credential is verified, or close with 4401',
    },
    'done-late': {
      level: 'fail',
      text: '{url} kept a message from before the authentication and did what it says afterwards',
      hint: 'drop what comes before the credential is verified: it may be from somebody else',
    },
  },
  async run(probe, { token }) {
    const { routes } = probe.target;
    const { url, auth } = routes.socket.value;
    if (auth.mode !== 'message') return skip('the handshake itself carries the token (routes.socket.auth)');
    if (routes.talk.ask === null) return skip('nothing is known that a socket answers: declare routes.socket.ask');
    const canary = probe.canary();
    const ask = filled(routes.talk.ask, { canary, room: probe.canary() });

    // what the answer looks like, and what comes unasked: of a socket that has authenticated first
    const proper = await probe.connect({ token: token.jwt });
    if (!proper.acked) return inconclusive(`${url} did not take the good token`);
    await proper.end(rest);
    const unasked = [...proper.messages];
    proper.say(ask);
    await proper.hear(() => proper.messages.length > unasked.length, patience);
    const answer = proper.messages[unasked.length];
    await proper.close();
    if (answer === undefined) return inconclusive(`${url} does not answer what routes.socket.ask says`);

    const early = await probe.connect({ token: null, patience: rest });
    if (early.status !== 101) return inconclusive(`${url} answered ${early.status} to a handshake`);
    const usual = [...unasked, ...early.messages];
    const heard = early.messages.length;
    early.say(ask);
    await early.end(apart);
    const said = early.messages.slice(heard).filter((text) => !isRefusalNotice(text));
    if (said.some((text) => !usual.some((one) => sameShape(text, one)))) return problem('answered', { url });
    if (early.closed !== null) return pass();
    const before = early.messages.length;
    early.say(auth.template.replaceAll('{token}', JSON.stringify(token.jwt.reveal()).slice(1, -1)));
    await early.hear(() => early.messages.length > before, patience);
    await early.end(apart);
    const done = early.messages
      .slice(before)
      .some((text) => sameShape(text, answer) && !unasked.some((one) => sameShape(text, one)));
    await early.close();
    return done ? problem('done-late', { url }) : pass();
  },
});

/** The same text, or JSON with the same type: an answer may hold a time or an id. */
function sameShape(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [typeOf(one), typeOf(other)];
  return a !== undefined && a === b;
}

function typeOf(text: string): unknown {
  try {
    const { type, event } = Object(JSON.parse(text)) as { type?: unknown; event?: unknown };
    return type ?? event;
  } catch {
    return undefined;
  }
}

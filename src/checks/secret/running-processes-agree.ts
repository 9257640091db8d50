import { createSecretKey } from 'node:crypto';
import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { refusal } from '../../core/refused.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import { sharedSecret } from '../../env-file/halves/shared-secret.js';
import { variants } from '../../env-file/variants.js';
import { marked } from '../../token/forge.js';
import { mintToken } from '../../token/mint.js';
import type { Token } from '../fetch-token.js';
import { siblingValues } from '../file-values.js';
import session from '../session/login.js';
import { own, signedCookie, signerOf } from '../signed-cookie.js';
import token from '../token/fetch.js';

/** Tokens that may be tried on a backend: a guess too many looks like an attack. */
const mostCalls = 25;

export default defineCheck({
  id: 'secret/running-processes-agree',
  title: 'both running processes use the secret that their files hold',
  severity: 'critical',
  impact: 'reads',
  core: true,
  judges: 'both',
  source: ['ASVS 11.1.1', 'ASVS 16.5.3'],
  needs: { session, token },
  problems: {
    'frontend-runs-a-variant': {
      level: 'fail',
      text: 'the running frontend uses {what}, not the secret of its files',
      hint: '`lockstep diagnose` says where it comes from; a process that was started before its file changed needs a restart',
    },
    'frontend-runs-another': {
      level: 'fail',
      text: 'the running frontend uses a secret that is none of the files',
      hint: 'a variable of its shell, another file or another environment: `lockstep diagnose` compares them',
    },
    'backend-runs-a-variant': {
      level: 'fail',
      text: 'the running backend takes tokens under {what}, not under the secret of its files',
      hint: '`lockstep diagnose` says where it comes from; a process that was started before its file changed needs a restart',
    },
    'backend-runs-another': {
      level: 'fail',
      text: 'the running backend refuses the tokens of the frontend, and every variant of the secret that its files hold',
      hint: 'a variable of its shell, another file or another environment: `lockstep diagnose` compares them',
    },
  },
  async run(probe, { session, token }) {
    const opened = openedHalves(probe.material);
    if (opened === null) return skip('no env files: declare services in lockstep.json');
    const [front, back] = [opened.frontend, opened.backend].map((half) => sharedSecret(half)?.value ?? null);
    if (front === null || front === undefined) return skip('no file decides the secret of the frontend');
    const cookie = await signedCookie(probe, session);
    if (cookie === null) return inconclusive('the sign-in set no signed session cookie');
    const others = { others: siblingValues(probe.material) };
    const frontend = signerOf(cookie, front, others);
    if (frontend === null) return problem('frontend-runs-another', {});
    if (frontend !== own) return problem('frontend-runs-a-variant', { what: wordsFor(frontend) });

    if (!/^HS/.test(token.alg) || probe.target.api === null) return pass();
    const path = probe.target.routes.me.value.get;
    const [fresh, anonymous] = await Promise.all([probe.api.get(path, { bearer: token.jwt }), probe.api.get(path)]);
    if (fresh.status === 200) return pass();
    if (fresh.status !== 401 && fresh.status !== 403)
      return inconclusive(`${fresh.url} answered ${fresh.status} to a fresh token`);
    if (back === null || back === undefined) return skip('no file decides the secret of the backend');
    const baselines = { control: fresh, anonymous, names: token.names };
    // the values of other files are few, and the likeliest
    const seen = [
      { name: own, bytes: Buffer.from(back.reveal()) },
      ...others.others.map(({ name, value }) => ({ name: `the value of ${name}`, bytes: Buffer.from(value.reveal()) })),
      ...variants(back),
    ];
    for (const { name, bytes } of seen.slice(0, mostCalls)) {
      if (bytes.length === 0) continue;
      const answer = await probe.api.get(path, { bearer: minted(probe, token, bytes) });
      if (answer.status === 200 && refusal(answer, baselines).kind === 'accepted') {
        return name === own
          ? skip('the backend runs the secret of its files: secret/files-agree says that they differ')
          : problem('backend-runs-a-variant', { what: wordsFor(name) });
      }
    }
    return problem('backend-runs-another', {});
  },
});

/** `cut at #` -> `its value cut at #`; `the value of .env.staging` says it by itself. */
function wordsFor(name: string): string {
  return /^(the|an|its) |^Better/.test(name) ? name : `its value ${name}`;
}

/** A token for the test user alone, dead within a minute. */
function minted({ now }: Probe, token: Token, secret: Uint8Array): string {
  return mintToken({
    signer: { alg: 'HS256', key: createSecretKey(secret), kid: null },
    now: now(),
    claims: { ...token.claims, ...marked(now()) },
  });
}

import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import { sharedSecret } from '../../env-file/halves/shared-secret.js';
import session from '../session/login.js';
import { own, signedCookie, signerOf } from '../signed-cookie.js';

export default defineCheck({
  id: 'secret/process-older-than-file',
  title: 'the running frontend has seen the last change of its env files',
  severity: 'medium',
  impact: 'reads',
  judges: 'files',
  source: ['proc(5)'],
  needs: { session },
  problems: {
    'not-restarted': {
      level: 'warn',
      text: '{file} was changed {seconds} s after process {pid} of the frontend started, which still uses another secret',
      hint: 'restart the frontend: a process reads its env files once',
    },
  },
  async run(probe, { session }) {
    const { material } = probe;
    const opened = openedHalves(material);
    if (opened === null || material.halves === null) return skip('no env files: declare services in lockstep.json');
    const process = await material.process('frontend');
    if (process?.started == null) return skip('the process of the frontend cannot be looked at from here');
    const value = sharedSecret(opened.frontend)?.value;
    if (value == null) return skip('no file decides the secret of the frontend');
    const cookie = await signedCookie(probe, session);
    if (cookie === null) return inconclusive('the sign-in set no signed session cookie');
    // a file that was only touched, or says the same as before, needs no restart
    if (signerOf(cookie, value, { others: [] }) === own) return pass();
    const { started, pid } = process;
    const younger = material.halves.frontend.files.flatMap(({ path, found }) =>
      found.kind === 'file' && found.modified !== undefined && found.modified > started
        ? [{ file: path, seconds: Math.round((found.modified - started) / 1000), pid }]
        : [],
    );
    const [first] = younger;
    return first === undefined ? pass() : warn(undefined, { code: 'not-restarted', data: first });
  },
});

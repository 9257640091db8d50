import { createHmac } from 'node:crypto';
import check from '../../../src/checks/secret/process-older-than-file.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { checkoutOf, sessionSignedBy } from '../../support/halves.js';

const hex = 'a3f09c5b7e1d48269f0b8c7d6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a';
const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64');
const started = 1_000_000;
const files = (modified: number, process: { pid: number; started: number | null } | null = { pid: 7, started }) => ({
  material: checkoutOf(
    { files: { '.env.local': `BETTER_AUTH_SECRET=${hex}` }, modified },
    { files: { '.env': `BETTER_AUTH_SECRET=${hex}` } },
    { process: async () => process },
  ),
});
const runsAnother = { session: sessionSignedBy('the secret of before', sign) };

describeCheck(check, {
  given: { session: sessionSignedBy(hex, sign) },
  passes: {
    'the process is younger': files(started - 5_000),
    'the file was only touched': files(started + 60_000),
    'another secret runs for another reason': { ...files(started - 5_000), given: runsAnother },
  },
  reports: {
    'not-restarted': { 'the file changed and the process did not': { ...files(started + 60_000), given: runsAnother } },
  },
  skips: {
    'there is no checkout': {},
    'the process runs elsewhere': files(started + 60_000, null),
    'nobody tells when it started': files(started + 60_000, { pid: 7, started: null }),
  },
  inconclusive: { 'the session cookie is not signed': { ...files(0), given: { session: gifts.session } } },
});

import { defineCheck } from '../../core/check.js';
import { fetchToken, fetchTokenProblems } from '../fetch-token.js';
import session from '../session/login.js';

export default defineCheck({
  id: 'token/fetch',
  title: 'a signed-in user gets a token',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['ASVS 9.1.1', 'ASVS 7.2.2', 'RFC 7519 7.2'],
  needs: { session },
  problems: fetchTokenProblems,
  run: (probe, { session }) => fetchToken(probe, session),
});

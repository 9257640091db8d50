import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import { isSecure, originOf, placesOf } from '../origins.js';

const day = 86_400_000;
/** days before its end that a certificate should have been renewed */
const soon = 14;

export default defineCheck({
  id: 'transport/tls-valid',
  title: 'each certificate is trusted, fits its host and stays good, and old TLS is refused',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 12.1.1', 'ASVS 12.2.1', 'ASVS 12.2.2', 'RFC 9325', 'WSTG-CRYP-01'],
  problems: {
    untrusted: {
      level: 'fail',
      text: '{url} has a certificate that is not trusted ({why})',
      hint: 'a certificate of a private CA is looked at with --ca-file; never turn verification off',
    },
    'no-handshake': { level: 'fail', text: '{url} does not come to a TLS handshake ({why})' },
    'old-version': {
      level: 'fail',
      text: '{url} still speaks {version}',
      hint: 'RFC 8996 takes TLS 1.0 and 1.1 out of use',
    },
    'ends-soon': { level: 'warn', text: '{url} has a certificate that ends in {days} days', hint: 'renew it' },
  },
  async run({ target, tls, now }) {
    const hosts = new Map(placesOf(target).map(({ url }) => [originOf(url), url]));
    const secure = [...hosts.values()].filter(isSecure);
    if (secure.length === 0)
      return skip('nothing here is encrypted: transport/no-cleartext-credentials says whether it should be');
    const traces = await Promise.all(secure.map(async (url) => ({ url, trace: await tls(url) })));
    for (const { url, trace } of traces) {
      if (trace.version === null) return problem('no-handshake', { url, why: trace.fault ?? 'unknown' });
      if (trace.untrusted !== null) return problem('untrusted', { url, why: trace.untrusted });
    }
    const old = await Promise.all(secure.map(async (url) => ({ url, version: (await tls(url, 'TLSv1.1')).version })));
    const spoken = old.find(({ version }) => version === 'TLSv1' || version === 'TLSv1.1');
    if (spoken !== undefined) return problem('old-version', { url: spoken.url, version: spoken.version ?? '' });
    // who is asked for what is old must still speak what is new, or its silence says nothing
    const again = await tls(secure[0] as string);
    if (again.version === null) return inconclusive(`${secure[0]} came to no handshake afterwards`);
    const ending = traces.flatMap(({ url, trace }) => {
      const days = Math.floor(((trace.notAfter ?? Number.POSITIVE_INFINITY) - now()) / day);
      return days < soon ? [{ code: 'ends-soon' as const, data: { url, days } }] : [];
    });
    return ending.length > 0 ? warn(undefined, ...ending) : pass();
  },
});

import check from '../../../src/checks/transport/tls-valid.js';
import type { TlsTrace, TlsVersion } from '../../../src/core/probe.js';
import { target } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21, 12);
const good: TlsTrace = { version: 'TLSv1.3', fault: null, untrusted: null, notAfter: now + 90 * day };
const refused: TlsTrace = {
  version: null,
  fault: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  untrusted: null,
  notAfter: null,
};
const encrypted = {
  auth: 'https://auth.test/api/auth',
  origin: 'https://auth.test',
  api: 'https://api.test',
  routes: {
    ...target().routes,
    socket: {
      value: { url: 'wss://ws.test/api/ws', auth: { mode: 'query', name: 'token' }, ack: null },
      declared: true,
    },
  },
} as const;
/** All hosts handshake alike, but for `of`; old versions are refused unless `old` says what comes of them. */
const hosts = (of: Record<string, Partial<TlsTrace>> = {}, old: TlsTrace = refused) => ({
  target: encrypted,
  net: {
    tls: (url: string, newest: TlsVersion | null) =>
      newest === null ? { ...good, ...of[new URL(url).hostname] } : old,
  },
});

describeCheck(check, {
  passes: {
    'all three hosts are trusted and speak TLS 1.3': hosts(),
    'one speaks TLS 1.2': hosts({ 'api.test': { version: 'TLSv1.2' } }),
  },
  reports: {
    untrusted: {
      'a certificate is for another name': hosts({ 'ws.test': { untrusted: 'ERR_TLS_CERT_ALTNAME_INVALID' } }),
      'a certificate is expired': hosts({ 'auth.test': { untrusted: 'CERT_HAS_EXPIRED' } }),
    },
    'no-handshake': { 'a host speaks no TLS': hosts({ 'api.test': refused }) },
    'old-version': { 'TLS 1.1 is spoken': hosts({}, { ...good, version: 'TLSv1.1' }) },
    'ends-soon': { 'a certificate ends in ten days': hosts({ 'api.test': { notAfter: now + 10 * day } }) },
  },
  skips: { 'nothing is encrypted': { net: { tls: () => 'no answer' } } },
  inconclusive: {
    'nobody is there': { target: encrypted, net: { tls: () => 'no answer' } },
    'a host is gone after it was asked for old versions': (() => {
      let times = 0;
      return {
        target: encrypted,
        net: {
          tls: (_: string, newest: TlsVersion | null) =>
            newest === null && times++ >= 3 ? refused : newest === null ? good : refused,
        },
      };
    })(),
  },
});

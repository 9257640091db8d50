import { describe, expect, it } from 'vitest';
import { createProbe } from '../../src/io/probe.js';
import { target, tokens } from '../support/deployment.js';
import { fakeWorld } from '../support/fake-world.js';

const at = target({
  auth: 'https://app.example.co.uk/api/auth',
  api: 'https://api.example.co.uk',
  routes: {
    ...target().routes,
    socket: { value: { url: 'wss://ws.example.co.uk/ws', auth: { mode: 'header' }, ack: null }, declared: true },
  },
});

/** A probe whose world answers everything, and what was sent with credentials in it. */
async function probe() {
  const sent: string[] = [];
  const world = fakeWorld();
  const note = (url: string, headers: Readonly<Record<string, string>>) => {
    if ('authorization' in headers || 'cookie' in headers) sent.push(url);
  };
  const heard = {
    ...world,
    http: {
      ...world.http,
      send: async ({ method, url, headers }: Parameters<typeof world.http.send>[0]) => {
        note(url, headers);
        return { method, url, status: 200, headers: [], text: '', json: undefined, ms: 1 };
      },
    },
    sockets: {
      open: async ({ url, headers }: Parameters<typeof world.sockets.open>[0]) => {
        note(url, headers);
        throw new Error('came to the socket');
      },
    },
  };
  const journal = await world.journals.open('0123456789', { name: '', auth: '', api: null, tokenRoute: '' });
  return {
    sent,
    probe: createProbe(
      { target: at, world: heard, undo: [], journal, run: '0123456789', learn: () => {} },
      new AbortController().signal,
    ),
  };
}

describe('a credential', () => {
  const abroad = [
    'https://evil.example',
    'http://api.example.co.uk',
    'https://api.example.co.uk:8443',
    'https://api.example.co.uk.evil.example',
    'https://api.example.co.uk@evil.example',
    'https://example.co.uk',
    'http://169.254.169.254',
    'ftp://api.example.co.uk',
  ];

  it('goes to the auth server, the API and the socket', async () => {
    const { probe: own, sent } = await probe();
    await own.auth.get('/token', { bearer: tokens.a });
    await own.api.get('/x', { bearer: tokens.a });
    await expect(own.connect({ token: tokens.a })).rejects.toThrow('came to the socket');
    expect(sent).toEqual([
      'https://app.example.co.uk/api/auth/token',
      'https://api.example.co.uk/x',
      'wss://ws.example.co.uk/ws',
    ]);
  });

  it.each(abroad)('does not go to %s, as a bearer or over a socket', async (base) => {
    const { probe: own, sent } = await probe();
    await expect(own.at(base).get('/x', { bearer: tokens.a })).rejects.toMatchObject({ code: 'credential-abroad' });
    await expect(own.at(base).open('GET', '/x', undefined, { bearer: 'made-up' })).rejects.toMatchObject({
      code: 'credential-abroad',
    });
    const url = base.replace('http', 'ws');
    await expect(own.connect({ url, token: tokens.a })).rejects.toMatchObject({ code: 'credential-abroad' });
    await expect(own.socket({ url, token: tokens.a })).rejects.toMatchObject({ code: 'credential-abroad' });
    expect(sent).toEqual([]);
    // without one, the same request goes
    await own.at(base).get('/x');
  });

  it.each(['@evil.example/', '.evil.example/', ':1234/'])('is not led astray by the path %s', async (path) => {
    const { probe: own, sent } = await probe();
    await expect(own.api.get(path, { bearer: tokens.a })).rejects.toMatchObject({ code: 'credential-abroad' });
    expect(sent).toEqual([]);
  });

  it('in a jar stays with whom it is from: no public suffix, no foreign domain, no other host', async () => {
    const { probe: own, sent } = await probe();
    const jar = own.newJar();
    await jar.store('https://app.example.co.uk/', [
      'wide=1; Domain=co.uk; Path=/',
      'foreign=1; Domain=evil.example; Path=/',
      'session=of-the-app; Path=/',
      'shared=1; Domain=example.co.uk; Path=/',
      'secure=1; Domain=example.co.uk; Path=/; Secure',
    ]);
    expect(await jar.cookieHeader('https://other.co.uk/')).toBe('');
    expect(await jar.cookieHeader('https://evil.example/')).toBe('');
    expect(await jar.cookieHeader('http://app.example.co.uk/')).not.toContain('secure');
    expect(await jar.cookieHeader('https://api.example.co.uk/')).toBe('shared=1; secure=1');
    // a sibling to which a browser would send the shared one is none of the target's
    await expect(own.at('https://blog.example.co.uk').get('/', { jar })).rejects.toMatchObject({
      code: 'credential-abroad',
    });
    await expect(own.socket({ url: 'wss://blog.example.co.uk/', token: null, jar })).rejects.toMatchObject({
      code: 'credential-abroad',
    });
    expect(sent).toEqual([]);
    await own.api.get('/', { jar });
    expect(sent).toHaveLength(1);
  });

  it('is one of fifty at most in an answer', async () => {
    const { probe: own } = await probe();
    const jar = own.newJar();
    await jar.store(
      'https://app.example.co.uk/',
      Array.from({ length: 1000 }, (_, n) => `c${n}=1; Path=/`),
    );
    expect((await jar.cookieHeader('https://app.example.co.uk/')).split(';')).toHaveLength(50);
  });
});

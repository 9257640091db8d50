import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createAuthClient, memoryStore } from '../../src/client/index.js';
import { AuthProvider, useAuth, useAuthFetch, useAuthSocket } from '../../src/react/index.js';

const client = createAuthClient({ refresh: async () => 't1', store: memoryStore('t0') });
client.signIn('t0', { user: 'a' });

describe('the React bindings, on a server', () => {
  it('say that nobody is known yet, whatever the store holds, so that the page hydrates as it was', () => {
    const Who = () => createElement('p', null, useAuth().status);
    expect(renderToString(createElement(AuthProvider, { client }, createElement(Who)))).toBe('<p>unknown</p>');
  });

  it('open no socket, and hand out the fetch of the client', () => {
    let same = false;
    const Chat = () => {
      same = useAuthFetch() === client.fetch;
      const { status, send } = useAuthSocket('ws://api.test/ws', { auth: { mode: 'query' } });
      return createElement('p', null, `${status.phase} ${send('x')}`);
    };
    expect(renderToString(createElement(AuthProvider, { client }, createElement(Chat)))).toBe('<p>idle false</p>');
    expect(same).toBe(true);
  });

  it('tell a component outside of a provider', () => {
    expect(() => renderToString(createElement(() => createElement('p', null, useAuth().status)))).toThrow(
      /AuthProvider/,
    );
  });
});

import { createElement as h, StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { type AuthClient, browserStore, ClientError, createAuthClient, tokenEndpoint } from '../../src/client/index.js';
import { AuthProvider, useAuth, useAuthFetch, useAuthSocket } from '../../src/react/index.js';

/** What the test tells the page before its script is loaded. */
export interface PageSettings {
  readonly auth: string;
  readonly api: string;
  readonly socket: string;
}

declare global {
  interface Window {
    settings: PageSettings;
    /** for what no user can do: signing in with a token that nobody takes */
    client: AuthClient;
  }
}

const { auth, api, socket } = window.settings;
const client = createAuthClient({ refresh: tokenEndpoint(`${auth}/token`), store: browserStore(), origins: [api] });
window.client = client;

const post = (path: string, body: object) =>
  fetch(auth + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function signIn(form: FormData): Promise<void> {
  const { status } = await post('/sign-in/email', Object.fromEntries(form));
  if (status !== 200) throw new Error(`sign-in: ${status}`);
  client.signIn(null);
  await client.refresh();
}

const button = (id: string, text: string, onClick: () => void) => h('button', { type: 'button', id, onClick }, text);

/** A small application: who is signed in, a form, forty calls at once, a chat that can be closed and opened. */
function App() {
  const { status, user } = useAuth();
  const [chats, setChats] = useState(1);
  return h(
    'main',
    null,
    h('output', { id: 'status' }, status),
    h('output', { id: 'user' }, user ?? 'nobody'),
    h(
      'form',
      {
        onSubmit: (event) => {
          event.preventDefault();
          void signIn(new FormData(event.currentTarget as HTMLFormElement));
        },
      },
      h('input', { name: 'email' }),
      h('input', { name: 'password', type: 'password' }),
      h('button', { type: 'submit', id: 'sign-in' }, 'Sign in'),
    ),
    button('sign-out', 'Sign out', () => void client.signOut(() => post('/sign-out', {}))),
    h(Calls),
    button('no-chat', 'No chat', () => setChats(0)),
    button('again', 'Another chat', () => {
      setChats(0);
      setTimeout(() => setChats(1));
    }),
    button('two-chats', 'Two chats', () => setChats(2)),
    Array.from({ length: chats }, (_, key) => h(Chat, { key })),
  );
}

/** Also counts its own renders, and the functions that `useAuthFetch` handed to them. */
function Calls() {
  const { status } = useAuth();
  const authFetch = useAuthFetch();
  const renders = useRef(0);
  const functions = useRef(new Set<unknown>());
  const result = useRef<HTMLOutputElement>(null);
  renders.current++;
  functions.current.add(authFetch);
  const call = async () => {
    const answer = async () => {
      try {
        const response = await authFetch(`${api}/api/me`);
        return `${response.status} ${((await response.json()) as { id: string }).id}`;
      } catch (error) {
        return error instanceof ClientError ? error.failure.kind : String(error);
      }
    };
    const answers = await Promise.all(Array.from({ length: 40 }, answer));
    const kinds = [...new Set(answers)].map((one) => `${answers.filter((other) => other === one).length} x ${one}`);
    // not by state: this component renders for `useAuth` alone
    if (result.current) result.current.textContent = kinds.join(', ');
  };
  const { current } = renders;
  return h(
    'section',
    { id: 'calls', 'data-status': status, 'data-renders': current, 'data-functions': functions.current.size },
    button('call', 'Call', () => void call()),
    h('output', { id: 'answers', ref: result }),
  );
}

const isReady = (data: unknown) => (JSON.parse(String(data)) as { type: string }).type === 'ready';

function Chat() {
  const [heard, setHeard] = useState<readonly string[]>([]);
  // new options and a new listener on each render, as applications write it; a stale one would forget what was heard
  const { status, send } = useAuthSocket(socket, { auth: { mode: 'message' }, ack: isReady }, (data) =>
    setHeard([...heard, String(data)]),
  );
  const say = () => send(JSON.stringify({ type: 'echo', data: 'hello' }));
  return h(
    'section',
    { className: 'chat' },
    h('output', { className: 'phase' }, status.phase),
    h('button', { type: 'button', className: 'say', onClick: say }, 'Say'),
    h('output', { className: 'heard' }, heard.join(' ')),
  );
}

const root = document.createElement('div');
document.body.replaceChildren(root);
createRoot(root).render(h(StrictMode, null, h(AuthProvider, { client }, h(App))));

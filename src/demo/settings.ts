import type { Person } from './people.js';
import type { SocketAuthMode, Trust } from './protocol.js';

/** Where the tokens go, in the spelling of `lockstep.json`. */
const socketAuth: Readonly<Record<SocketAuthMode, string>> = {
  query: 'query:token',
  subprotocol: 'subprotocol:bearer',
  header: 'header',
  message: 'message:{"type":"auth","token":"{token}"}',
};

interface Deployment {
  readonly auth: string;
  readonly api: string;
  readonly socket: string;
  readonly trust: Trust;
  readonly socketAuth: SocketAuthMode;
  readonly users: { readonly a: Person; readonly b: Person };
  /** from the folder of the settings; null where nobody speaks TLS */
  readonly caFile: string | null;
  /** tasks are everybody's to read */
  readonly shared: boolean;
  /** what reads the env file of the backend */
  readonly backendLoader: 'dotenv' | 'docker';
}

/** The lockstep.json for a demo. Passwords are references: LOCKSTEP_A_PASSWORD and LOCKSTEP_B_PASSWORD. */
export function settingsOf(demo: Deployment): object {
  return {
    services: {
      frontend: { dir: 'frontend', loader: 'next', env: '.env.local' },
      backend: { dir: 'backend', loader: demo.backendLoader, env: '.env' },
    },
    targets: {
      local: {
        auth: demo.auth,
        api: demo.api,
        ...(demo.caFile === null ? {} : { caFile: demo.caFile }),
        token: { route: '/token', trust: demo.trust },
        users: {
          a: { email: demo.users.a.email, password: 'env:LOCKSTEP_A_PASSWORD' },
          b: { email: demo.users.b.email, password: 'env:LOCKSTEP_B_PASSWORD' },
        },
        routes: {
          me: { get: '/api/me', identity: '/id' },
          resources: [
            {
              name: 'tasks',
              collection: '/api/tasks',
              item: '/api/tasks/{id}',
              id: '/id',
              create: { title: '{canary}' },
              update: { title: '{canary}' },
              children: ['/api/tasks/{id}/notes'],
              ...(demo.shared ? { shared: true } : {}),
            },
          ],
          stream: { post: '/api/chat', body: { message: '{canary}' }, done: '[DONE]', messages: '/api/chat/messages' },
          chatkit: '/chatkit',
          socket: {
            url: demo.socket,
            auth: socketAuth[demo.socketAuth],
            ack: { type: 'ready' },
            ask: { type: 'ping' },
            join: { type: 'join', room: '{room}' },
            say: { type: 'say', room: '{room}', text: '{canary}' },
          },
          protected: ['/api/chat/messages'],
          health: '/health',
        },
        policy: { authDeadline: 3 },
        production: false,
      },
    },
  };
}

import type { Act } from './deployment.js';
import { answer, email } from './deployment.js';
import { canaries } from './searcher.js';

const user = { id: 'user-a', email };
const signsIn: Readonly<Record<string, Act>> = {
  'POST /api/auth/sign-in/email': (socket) =>
    void socket.write(answer(200, { user }, [`set-cookie: better-auth.session_token=${canaries.cookie}; Path=/`])),
  'GET /api/auth/token': (socket) => void socket.write(answer(200, { token: canaries.jwt })),
  'GET /api/me': (socket, { headers }) =>
    void socket.write(
      headers.authorization === `Bearer ${canaries.jwt}` ? answer(200, { id: user.id }) : answer(401, {}),
    ),
};
/** Short enough to be shown: what is cut away cannot leak. */
const everything = (headers: { cookie?: string | undefined; authorization?: string | undefined }) => {
  const seen = headers.authorization ?? headers.cookie ?? canaries.password;
  // said again as somebody else would write it
  const within = `in ${JSON.stringify({ password: canaries.password })} or ${encodeURIComponent(canaries.password)}`;
  return { code: canaries.password, message: within, error: canaries.password, id: seen };
};

/** Deployments that say back whatever they were told, in every place from which something is shown. */
export const telltales = {
  'that works': signsIn,
  'whose API repeats what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) => void socket.write(answer(200, everything(headers))),
  },
  'whose API fails with what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) => void socket.write(answer(403, everything(headers))),
  },
  'that repeats the password': {
    'POST /api/auth/sign-in/email': (socket, { headers }) => void socket.write(answer(403, everything(headers))),
  },
  'that redirects with what it got': {
    ...signsIn,
    'GET /api/me': (socket, { headers }) =>
      void socket.write(`HTTP/1.1 302 Go\r\nlocation: /x?t=${headers.authorization}\r\ncontent-length: 0\r\n\r\n`),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Act>>>>;

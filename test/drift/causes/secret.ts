import type { Cause } from '../cause.js';
import { hex } from '../ground.js';
import { both, cut, named, S, secret, shared, T } from './table.js';

const dollar = `${hex().slice(0, 40)}$Qx${hex().slice(0, 20)}`;
const slashed = `${hex().slice(0, 30)}\\n${hex().slice(0, 30)}`;
const encoded = Buffer.from(hex(), 'hex')
  .toString('base64')
  .replace(/^./, '+')
  .replace(/^(.{5})./, '$1/');
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

/** Causes of the secret: env-and-drift 2, better-auth 5 and 7. */
export const secretCauses: readonly Cause[] = [
  shared('1', 'two files hold different values', 'files-differ.unknown', { backend: named(T) }),
  shared('2', 'docker run keeps a trailing space', 'files-differ.mangled', {
    backend: { file: named(`${S} `), loader: 'docker' },
    variant: 'with a trailing space',
  }),
  shared('2b', 'started by docker run, which nobody said', 'running-backend.mangled', {
    backend: { file: named(`${S} `), startedBy: 'docker' },
    variant: 'with a trailing space',
  }),
  shared('4', 'a mounted secret ends in a newline', 'running-backend.mangled', {
    backend: { env: { BETTER_AUTH_SECRET: `${S}\n` } },
    variant: 'with a trailing newline',
  }),
  shared('5', 'a file with Windows line ends, sourced by bash', 'running-backend.mangled', {
    backend: { file: `BETTER_AUTH_SECRET=${S}\r\nX=1\r\n`, startedBy: 'bash' },
    variant: 'with a trailing carriage return',
  }),
  shared('5b', 'the same, as bash is said to read it', 'files-differ.mangled', {
    backend: { file: `BETTER_AUTH_SECRET=${S}\r\nX=1\r\n`, loader: 'bash' },
    variant: 'with a trailing carriage return',
  }),
  shared('7', 'the frontend has a UTF-16 file', 'file-unreadable.utf-16', { frontend: utf16(named(S)) }),
  shared('7b', 'a byte order mark hides the first variable from bash', 'file-unreadable.byte-order-mark', {
    backend: { file: Buffer.from(`\ufeff${named(S)}`), loader: 'bash' },
  }),
  shared('8', 'docker run of an older release keeps quotes', 'running-backend.mangled', {
    backend: { file: named(`"${S}"`), startedBy: 'docker' },
    variant: 'in double quotes',
  }),
  shared('10', 'Next.js cuts at #, Python does not', 'files-differ.read-differently', {
    frontend: named(cut),
    backend: { file: named(cut), loader: 'python-dotenv' },
    variant: 'cut at #',
  }),
  shared('11', 'Next.js replaces $NAME, dotenv does not', 'files-differ.read-differently', {
    frontend: named(dollar),
    backend: named(dollar),
    variant: 'cut at $',
  }),
  shared(
    '13',
    '\\n in double quotes is a newline for Next.js, two characters for bash',
    'files-differ.read-differently',
    {
      frontend: named(`"${slashed}"`),
      backend: { file: named(`"${slashed}"`), loader: 'bash' },
      variant: 'with \\n made a newline',
    },
  ),
  shared('14', 'the file sets it twice, and the backend was given the first', 'files-differ.other-value', {
    frontend: named(T) + named(S),
    backend: named(T),
  }),
  both('16', 'the frontend was started in a shell that exports another value', 'running-frontend.exported', {
    frontend: { shell: secret(T) },
  }),
  shared('16b', 'the backend was, by CI or a unit file', 'running-backend.exported', { backend: { env: secret(T) } }),
  shared('16c', 'this very shell exports the value that the frontend runs', 'running-frontend.exported', {
    frontend: { shell: secret(T) },
    env: secret(T),
  }),
  shared('17', 'BETTER_AUTH_SECRETS is there, and its first entry wins', 'files-differ.other-value', {
    frontend: `${named(S)}BETTER_AUTH_SECRETS=2:${T},1:${S}\n`,
  }),
  shared('19', 'an empty BETTER_AUTH_SECRET falls through to AUTH_SECRET', 'files-differ.fallback', {
    frontend: `BETTER_AUTH_SECRET=\nAUTH_SECRET=${T}\n`,
  }),
  shared('19b', 'an empty BETTER_AUTH_SECRET and nothing else: the public default', 'secret-missing.empty', {
    frontend: 'BETTER_AUTH_SECRET=\n',
  }),
  both('19c', 'no secret in the frontend at all', 'secret-missing.not-set', { frontend: 'X=1\n' }),
  shared('20', 'the code of the backend reads JWT_SECRET', 'running-backend.other-name', {
    backend: { file: `${named(S)}JWT_SECRET=${T}\n`, env: { API_SECRET_NAME: 'JWT_SECRET' } },
  }),
  shared('20b', 'the file of the backend says JWT_SECRET, its code BETTER_AUTH_SECRET', 'secret-missing.other-name', {
    backend: `JWT_SECRET=${S}\n`,
  }),
  shared('20c', 'the backend has no secret', 'secret-missing.not-set', { backend: 'X=1\n' }),
  both('22', 'the file was changed while the frontend ran', 'running-frontend.stale', {
    backend: named(T),
    after: async ({ ground }) => {
      ground.write('frontend/.env.local.bak.20261121', named(S));
      ground.write('frontend/.env.local', ground.rest + named(T));
      return undefined;
    },
  }),
  shared('22b', 'both files were changed, and the backend not restarted', 'running-backend.kept-environment', {
    frontend: named(T),
    backend: { env: secret(S) },
    after: async ({ ground }) => {
      ground.write('backend/.env.bak', named(S));
      ground.write('backend/.env', named(T));
      return undefined;
    },
  }),
  shared('23', 'a restart kept the old environment', 'running-frontend.kept-environment', {
    frontend: { file: named(T), shell: secret(S) },
    backend: named(T),
    files: { 'frontend/.env.local.bak': named(S) },
  }),
  shared('25', 'the backend decodes the hex text', 'running-backend.mangled', {
    backend: { env: { API_DECODE: 'hex' } },
    variant: 'decoded from hex',
  }),
  shared('25b', 'the backend decodes base64', 'running-backend.mangled', {
    frontend: named(encoded),
    backend: { file: named(encoded), env: { API_DECODE: 'base64' } },
    variant: 'decoded from base64',
  }),
  shared('26', 'base64 on one side, base64url on the other', 'files-differ.mangled', {
    frontend: named(encoded),
    backend: named(Buffer.from(encoded, 'base64').toString('base64url')),
    variant: 'in base64url without padding',
  }),
  shared('28', 'encoded once more', 'files-differ.mangled', {
    backend: named(Buffer.from(S).toString('base64')),
    variant: 'encoded as base64',
  }),
  shared('29', 'the value went through a URL', 'files-differ.mangled', {
    frontend: named(encoded),
    backend: named(encodeURIComponent(encoded)),
    variant: 'percent-encoded',
  }),
  shared('29b', '+ became a space', 'files-differ.mangled', {
    frontend: named(`a${encoded}`),
    backend: named(`"a${encoded.replaceAll('+', ' ')}"`),
    variant: 'with + made a space',
  }),
  shared('31', 'the backend has the secret of staging', 'files-differ.other-value', {
    backend: named(T),
    files: { 'staging/.env': named(T) },
    args: ['--also', 'staging'],
  }),
  both('31b', 'the frontend runs the secret of staging', 'running-frontend.other-environment', {
    frontend: { shell: secret(T) },
    files: { 'staging/.env': named(T) },
    args: ['--also', 'staging'],
  }),
  shared('49', 'the backend was started in the folder above', 'running-backend.other-file', {
    backend: { env: secret(T) },
    files: { '.env': named(T) },
  }),
  shared('50', 'environment: of compose beats the env file', 'running-backend.exported', {
    backend: { env: secret(T) },
  }),
  shared('none', 'the backend has something that no file has', 'running-backend.unknown', {
    backend: { env: { API_SECRET_NAME: 'OTHER', OTHER: T } },
  }),
  shared('none b', 'two files that nothing connects', 'files-differ.unknown', { frontend: named(encoded) }),
  shared('no account', 'a trailing newline, found without an account', 'running-backend.mangled', {
    backend: { env: { BETTER_AUTH_SECRET: `${S}\n` } },
    account: false,
    variant: 'with a trailing newline',
  }),
  both('no account b', 'quotes in the frontend, found without an account', 'running-frontend.mangled', {
    frontend: { shell: { BETTER_AUTH_SECRET: `"${S}"` } },
    account: false,
    variant: 'in double quotes',
  }),
  both('no account c', 'the public default, found without an account', 'secret-missing.not-set', {
    frontend: 'X=1\n',
    account: false,
  }),
];

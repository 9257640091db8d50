import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Act } from './deployment.js';
import { answer, drip, endless } from './deployment.js';

const say =
  (bytes: string | Uint8Array): Act =>
  (socket) =>
    void socket.write(bytes);
const last =
  (bytes: string | Uint8Array): Act =>
  (socket) =>
    void socket.end(bytes);
const coded = (coding: string, body: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`),
    body,
  ]);
const ok = 'HTTP/1.1 200 OK\r\n';
const json = (text: string | Uint8Array): Act =>
  say(
    Buffer.concat([
      Buffer.from(`${ok}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n`),
      Buffer.from(text as string),
    ]),
  );

let bomb: Buffer | undefined;
/** 200 MB of zeros in some 200 kB. */
const zipped = () => {
  bomb ??= gzipSync(Buffer.alloc(200_000_000));
  return bomb;
};

/** What a server may do instead of answering; each at every route. */
export const overHttp: Readonly<Record<string, Act>> = {
  'never answers': () => {},
  'closes at once': (socket) => socket.destroy(),
  resets: (socket) => void socket.resetAndDestroy(),
  'closes its half without an answer': (socket) => void socket.end(),
  'closes its half in the body': last(`${ok}content-length: 100\r\n\r\nshort`),
  'drips its status line': (socket) => drip(socket, 'H'),
  'drips its headers': (socket) => {
    socket.write(`${ok}x: `);
    drip(socket, 'a');
  },
  'drips header after header': (socket) => {
    socket.write(ok);
    drip(socket, 'a: b\r\n');
  },
  'drips its body': (socket) => {
    socket.write(`${ok}content-length: 1000000\r\n\r\n`);
    drip(socket, 'a');
  },
  'drips chunks': (socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n`);
    drip(socket, '1\r\na\r\n');
  },
  'says 100 for ever': (socket) => endless(socket, 'HTTP/1.1 100 Continue\r\n\r\n'),
  'says 100 now and then': (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n'),
  'says 103 for ever': (socket) => endless(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
  'has headers without end': (socket) => {
    socket.write(ok);
    endless(socket, 'a: b\r\n'.repeat(1000));
  },
  'has a million headers': say(`${ok}${'a: b\r\n'.repeat(1_000_000)}\r\n`),
  'has a header of a megabyte': say(`${ok}x: ${'a'.repeat(1_000_000)}\r\n\r\n`),
  'has a name of a megabyte': say(`${ok}${'a'.repeat(1_000_000)}: x\r\n\r\n`),
  'has a status text of a megabyte': say(`HTTP/1.1 200 ${'a'.repeat(1_000_000)}\r\n\r\n`),
  'is longer than it says': last(`${ok}content-length: 2\r\n\r\n{}{}{}`),
  'has two lengths': say(`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`),
  'has a length and chunks': say(`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
  'has a length below zero': say(`${ok}content-length: -1\r\n\r\n{}`),
  'has a length beyond numbers': say(`${ok}content-length: 99999999999999999999999\r\n\r\n{}`),
  'has a chunk beyond numbers': say(`${ok}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n`),
  'has a chunk without a size': say(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`),
  'has an endless extension of a chunk': (socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n1;`);
    endless(socket, 'a'.repeat(10_000));
  },
  'has endless trailers': (socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n0\r\n`);
    endless(socket, 'a: b\r\n'.repeat(1000));
  },
  'has a body without end': (socket) => {
    socket.write(`${ok}\r\n`);
    endless(socket, 'a'.repeat(65_536));
  },
  'has events without end': (socket) => {
    socket.write(`${ok}content-type: text/event-stream\r\n\r\n`);
    endless(socket, ': comment\n\n'.repeat(1000));
  },
  'is a gigabyte and says so': (socket) => {
    socket.write(`${ok}content-length: 1073741824\r\n\r\n`);
    endless(socket, 'a'.repeat(65_536));
  },
  'is a zip bomb': (socket) => void socket.write(coded('gzip', zipped())),
  'is a zip of a zip bomb': (socket) => void socket.write(coded('gzip', gzipSync(zipped()))),
  'is a zip of a zip bomb, and says so': (socket) => void socket.write(coded('gzip, gzip', gzipSync(zipped()))),
  'is a bomb in brotli': (socket) => void socket.write(coded('br', brotliCompressSync(Buffer.alloc(20_000_000)))),
  'is in fifty codings': say(coded(Array(50).fill('gzip').join(', '), Buffer.from('{}'))),
  'is in a coding of its own': say(coded('rot13', Buffer.from('{}'))),
  'is a zip that is cut': say(coded('gzip', gzipSync('{"a":1}').subarray(0, 12))),
  'is a zip that is none': say(coded('gzip', Buffer.from('{"a":1}'))),
  'leads to itself': (socket, { url }) =>
    void socket.write(`HTTP/1.1 302 Found\r\nlocation: ${url}\r\ncontent-length: 0\r\n\r\n`),
  'leads abroad': say('HTTP/1.1 307 Go\r\nlocation: http://203.0.113.9/steal\r\ncontent-length: 0\r\n\r\n'),
  'leads to metadata': say('HTTP/1.1 308 Go\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
  'leads to a file': say('HTTP/1.1 302 Go\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n'),
  'leads to a user of another host': say(
    'HTTP/1.1 302 Go\r\nlocation: http://localhost@203.0.113.9/\r\ncontent-length: 0\r\n\r\n',
  ),
  'is HTTP/0.9': last('<html>hello'),
  'is HTTP/2': say('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'),
  'is an SSH server': say('SSH-2.0-OpenSSH_9.9\r\n'),
  'is a TLS alert': say(Buffer.from([21, 3, 3, 0, 2, 2, 40])),
  'is noise': say(Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 7919) & 255))),
  'has a status of no number': say('HTTP/1.1 abc OK\r\n\r\n'),
  'has a status of five digits': say('HTTP/1.1 20000 OK\r\n\r\n'),
  'has the status 0': say('HTTP/1.1 000 OK\r\ncontent-length: 0\r\n\r\n'),
  'switches protocols unasked': say('HTTP/1.1 101 Switching Protocols\r\nupgrade: evil\r\nconnection: upgrade\r\n\r\n'),
  'has a NUL in a header': say(`${ok}x: a\0b\r\ncontent-length: 2\r\n\r\n{}`),
  'has a bare CR in a header': say(`${ok}x: a\rb: c\r\ncontent-length: 2\r\n\r\n{}`),
  'folds its headers': say(`${ok}x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}`),
  'answers twice': say(`${answer(200, {})}${answer(200, { user: { email: 'a@example.com' } })}`),
  'sets a thousand cookies': say(`${ok}${'set-cookie: a=b\r\n'.repeat(900)}content-length: 2\r\n\r\n{}`),
};

const deep = 1_000_000;
/** Bodies of 200 answers that are, or look like, JSON. */
export const bodies: Readonly<Record<string, Act>> = Object.fromEntries(
  Object.entries({
    nothing: '',
    'a brace': '{',
    'nesting of half a million': `${'['.repeat(deep / 2)}${']'.repeat(deep / 2 - 100)}`,
    'objects in objects': `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
    prototypes: '{"__proto__":{"user":{"id":"user-a","email":"a@example.com"},"token":"x"}}',
    constructors: '{"constructor":{"prototype":{"user":{"id":"user-a"}}}}',
    'no number': '{"user":NaN}',
    infinity: '{"user":{"id":1e999999}}',
    'a number of 100,000 digits': `{"keys":[${'9'.repeat(100_000)}]}`,
    'half a surrogate': '{"user":{"id":"\\ud800","email":"\\udc00"}}',
    'a BOM': '\ufeff{"user":null}',
    'UTF-16': Buffer.from('{"user":null}', 'utf16le'),
    'bad UTF-8': Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22]),
    'a key twice': '{"user":null,"user":{"id":"user-a","email":"a@example.com"}}',
    'a comma too many': '{"user":null,}',
    'a comment': '{"user":null}//',
    'a string without end': '"',
    'a control character': '{"user":"\n"}',
    null: 'null',
    true: 'true',
    zero: '0',
    'an array': '[{"user":{"id":"user-a"}}]',
    'a string': '"token"',
    'types that are wrong': '{"user":{"id":{"a":1},"email":["a@example.com"]},"token":{"length":3},"keys":{"0":{}}}',
    'keys that are none':
      '{"keys":[null,1,"x",{"kty":"RSA","n":"","e":""},{"kty":"oct","k":"c2VjcmV0"},{"kty":"EC","crv":"P-0"}]}',
    'keys by the thousand': JSON.stringify({ keys: Array.from({ length: 20_000 }, (_, kid) => ({ kty: 'OKP', kid })) }),
    'a token of a megabyte': JSON.stringify({ token: `${'a'.repeat(900_000)}.b.c` }),
    'a page': '<!doctype html><script>alert(1)</script>',
  }).map(([name, body]) => [`a body of ${name}`, json(body)]),
);

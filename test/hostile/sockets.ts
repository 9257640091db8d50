import type { Act } from './deployment.js';
import { drip, endless, frame, upgrade } from './deployment.js';

/** After a handshake as it should be. */
const then =
  (...bytes: (string | Uint8Array)[]): Act =>
  (socket, request) => {
    socket.write(upgrade(request));
    for (const each of bytes) socket.write(each);
  };
const close = (code: number, reason: string | Uint8Array = '') =>
  frame(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason as string)]));
const giant = Buffer.from([0x81, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255]);
const soon =
  (act: Act): Act =>
  (socket, request) => {
    socket.write(upgrade(request));
    act(socket, request);
  };

/** What a WebSocket may do instead of taking the token. */
export const overSockets: Readonly<Record<string, Act>> = {
  'never answers the handshake': () => {},
  'drips the handshake': (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nx: ');
    drip(socket, 'a');
  },
  'closes in the handshake': (socket) => socket.destroy(),
  'has headers without end': (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\n');
    endless(socket, 'a: b\r\n'.repeat(1000));
  },
  'accepts another key': (socket, request) => void socket.write(upgrade(request, 'another')),
  'says 101 and no more': (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  'chooses a protocol that nobody named': (socket, request) =>
    void socket.write(upgrade(request).replace('\r\n\r\n', '\r\nsec-websocket-protocol: evil\r\n\r\n')),
  'chooses an extension that nobody named': (socket, request) =>
    void socket.write(upgrade(request).replace('\r\n\r\n', '\r\nsec-websocket-extensions: permessage-deflate\r\n\r\n')),
  'leads abroad': (socket) => void socket.write('HTTP/1.1 302 Go\r\nlocation: ws://203.0.113.9/\r\n\r\n'),
  'refuses with a body without end': (socket) => {
    socket.write('HTTP/1.1 401 No\r\n\r\n');
    endless(socket, 'a'.repeat(65_536));
  },
  'sends a frame of 2^63 bytes': then(giant),
  'sends a message above the limit': then(frame(1, 'a'.repeat(1_048_577))),
  'sends fragments without end': soon((socket) => {
    socket.write(frame(1, 'a', 0));
    endless(socket, frame(0, 'a'.repeat(1000), 0));
  }),
  'sends messages without end': soon((socket) =>
    drip(socket, Buffer.concat(Array(100).fill(frame(1, 'a'.repeat(1000))))),
  ),
  'sends empty messages without end': soon((socket) => drip(socket, Buffer.concat(Array(1000).fill(frame(1))))),
  'pings without end': soon((socket) => drip(socket, Buffer.concat(Array(100).fill(frame(9, 'ping'))))),
  'drips a frame': soon((socket) => {
    socket.write(Buffer.from([0x81, 126, 0xff, 0xff]));
    drip(socket, 'a');
  }),
  'masks its frames': then(Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5])),
  'sends bad UTF-8': then(frame(1, Buffer.from([0xff, 0xfe]))),
  'sends a reserved opcode': then(frame(3, 'x')),
  'sends reserved bits': then(frame(1, 'x', 0xf0)),
  'cuts a control frame into fragments': then(frame(9, 'x', 0)),
  'sends a control frame of 126 bytes': then(frame(9, 'x'.repeat(126))),
  'sends a binary frame': then(frame(2, Buffer.from([0, 1, 2, 255])), close(4401)),
  'closes with the reserved code 1005': then(close(1005)),
  'closes with the reserved code 1006': then(close(1006)),
  'closes with the code 999': then(close(999)),
  'closes with the code 65535': then(close(65_535)),
  'closes with half a code': then(frame(8, Buffer.from([3]))),
  'closes with bad UTF-8': then(close(4401, Buffer.from([0xff]))),
  'closes its half': soon((socket) => void socket.end()),
  'resets once it is open': soon((socket) => void socket.resetAndDestroy()),
  'speaks HTTP once it is open': then('HTTP/1.1 200 OK\r\n\r\n{}'),
};

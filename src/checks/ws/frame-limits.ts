import { constants, deflateRawSync } from 'node:zlib';
import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { RawSocket } from '../raw-socket.js';
import { frame, rawSocket } from '../raw-socket.js';
import token from '../token/fetch.js';
import control from './connects-after-auth.js';

const megabyte = 1_048_576;
/** Twice what uvicorn allows unless told otherwise, and a third of what ws does. */
const tooBig = 32 * megabyte;
const patience = 2_000;
const fragments = 10_000;

/** Something that no client may send, and the close code that it must get (RFC 6455 7.4.1). */
interface Breach {
  readonly what: string;
  readonly code: number;
  readonly send: (socket: RawSocket) => void;
}

const breaches: readonly Breach[] = [
  {
    what: 'a text that is not UTF-8',
    code: 1007,
    send: (socket) => socket.send(frame({ opcode: 1, payload: Buffer.from([0x63, 0xc3, 0x28]) })),
  },
  {
    what: 'a frame without a mask',
    code: 1002,
    send: (socket) => socket.send(frame({ opcode: 1, payload: Buffer.from('hello'), masked: false })),
  },
  {
    what: 'a close frame with the reserved code 1005',
    code: 1002,
    send: (socket) => socket.send(frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) })),
  },
];

export default defineCheck({
  id: 'ws/frame-limits',
  title: 'broken and oversized frames cost their sender the socket, and nobody else anything',
  severity: 'medium',
  impact: 'noisy',
  alone: true,
  source: ['RFC 6455 5.1', 'RFC 6455 7.4.1', 'RFC 6455 8.1', 'API4:2023'],
  needs: { token, control },
  problems: {
    'no-limit': {
      level: 'fail',
      text: '{url} takes messages of {megabytes} MB',
      hint: 'set the limit of the server (ws: maxPayload, uvicorn: --ws-max-size) to what the application sends',
    },
    bomb: {
      level: 'fail',
      text: '{url} unpacks a message of a few kilobytes to {megabytes} MB',
      hint: 'limit messages after decompression, or turn permessage-deflate off',
    },
    'others-suffer': {
      level: 'fail',
      text: '{url} dropped the socket of somebody else after {what}',
      hint: 'handle the errors of each socket where they happen: an unhandled one ends the process',
    },
    down: { level: 'fail', text: '{url} takes no socket any more after {what}' },
    'wrong-code': {
      level: 'warn',
      text: '{url} met {what} with {how} instead of close code {code}',
    },
  },
  async run(probe, { token }) {
    if (probe.target.production) return skip('nobody breaks frames on production');
    const { url } = probe.target.routes.socket.value;
    const jwt = token.jwt.reveal();
    const bystander = await probe.connect({ token: token.jwt });
    if (!bystander.acked) return inconclusive(`${url} did not take the good token`);
    /** what happened to everybody else */
    const harm = async (what: string) => {
      if ((await bystander.end(100)) !== null) return problem('others-suffer', { url, what });
      const next = await probe.socket({ token: token.jwt });
      return next.acked ? null : problem('down', { url, what });
    };
    const remarks: Problem<'wrong-code', { url: string; what: string; how: string; code: number }>[] = [];
    for (const { what, code, send } of breaches) {
      const socket = await rawSocket(probe, jwt);
      if (socket.status !== 101) return inconclusive(`${url} answered ${socket.status} to a handshake by hand`);
      send(socket);
      const met = await socket.end(patience);
      socket.close();
      const harmed = await harm(what);
      if (harmed !== null) return harmed;
      if (met !== code) remarks.push({ code: 'wrong-code', data: { url, what, how: howMet(met), code } });
    }
    const pieces = await rawSocket(probe, jwt);
    pieces.send(frame({ opcode: 1, fin: false }));
    pieces.send(Buffer.concat(Array.from({ length: fragments }, () => frame({ opcode: 0, fin: false }))));
    await pieces.end(200);
    pieces.close();
    const harmed = await harm(`${fragments} empty fragments`);
    if (harmed !== null) return harmed;

    const size = await oversized(probe, jwt);
    const harmedBySize = await harm('a message that is too big');
    if (harmedBySize !== null) return harmedBySize;
    if (size === 'taken') return problem('no-limit', { url, megabytes: tooBig / megabyte });
    if (size !== 1009)
      remarks.push({
        code: 'wrong-code',
        data: { url, what: 'a message that is too big', how: howMet(size), code: 1009 },
      });
    const bomb = await bombed(probe, jwt);
    if (bomb === 'taken') return problem('bomb', { url, megabytes: tooBig / megabyte });
    const harmedByBomb = await harm('a message that unpacks to much more');
    if (harmedByBomb !== null) return harmedByBomb;
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

function howMet(met: number | 'dropped' | null): string {
  if (met === 'dropped') return 'a dropped connection';
  return met === null ? 'nothing' : `close code ${met}`;
}

/** Announces a message beyond every sensible limit, and sends it where the announcement alone is borne. */
async function oversized(probe: Probe, jwt: string): Promise<number | 'dropped' | 'taken' | null> {
  const socket = await rawSocket(probe, jwt);
  socket.send(frame({ opcode: 2, announced: tooBig }));
  let met = await socket.end(500);
  const piece = Buffer.alloc(megabyte);
  for (let sent = 0; met === null && sent < tooBig; sent += megabyte) {
    socket.send(piece);
    met = await socket.end(10);
  }
  met ??= await socket.end(patience);
  socket.close();
  return met ?? 'taken';
}

/** Sends what unpacks to a thousand times its size, where the server takes the extension; null where it does not. */
async function bombed(probe: Probe, jwt: string): Promise<number | 'dropped' | 'taken' | null> {
  const socket = await rawSocket(probe, jwt, 'permessage-deflate');
  const agreed = socket.headers.some(
    ([name, value]) => name === 'sec-websocket-extensions' && value.startsWith('permessage-deflate'),
  );
  if (!agreed) {
    socket.close();
    return null;
  }
  // RFC 7692 7.2.1: without the empty block at the end
  const packed = deflateRawSync(Buffer.alloc(tooBig), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  socket.send(frame({ opcode: 2, payload: packed, compressed: true }));
  const met = await socket.end(patience);
  socket.close();
  return met ?? 'taken';
}

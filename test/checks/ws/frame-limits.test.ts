import check from '../../../src/checks/ws/frame-limits.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedSocket } from '../../support/fake-world.js';
import { control, ready, refused } from '../../support/sockets.js';

/** The close code for each breach, `end` for a dropped connection, null for nothing. */
interface Answers {
  readonly text?: number | 'end' | null;
  readonly unmasked?: number | 'end' | null;
  readonly reserved?: number | 'end' | null;
  readonly big?: number | 'end' | null;
  /** for a server that unpacks */
  readonly bomb?: number | 'end' | null;
  readonly handshake?: number;
  readonly socket?: () => ScriptedSocket;
}

/** A server below HTTP: which breach it is shows in the first frame after the handshake. */
function server({ text = 1007, unmasked = 1002, reserved = 1002, big = 1009, handshake = 101, ...rest }: Answers) {
  const { bomb, socket = () => ready } = rest;
  return {
    socket,
    net: {
      wire: (sent: Uint8Array) => {
        const bytes = Buffer.from(sent.buffer, sent.byteOffset, Math.min(sent.byteLength, 4_096));
        const end = bytes.indexOf('\r\n\r\n');
        const offered = bytes.includes('permessage-deflate') && bomb !== undefined;
        const head = Buffer.from(
          `HTTP/1.1 ${handshake} X\r\n${offered ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''}\r\n`,
        );
        const [first = 0, second = 0] = bytes.subarray(end + 4);
        if (bytes.length <= end + 4) return head;
        const code =
          (first & 0x40) > 0
            ? (bomb ?? null)
            : (second & 0x80) === 0
              ? unmasked
              : (first & 0x0f) === 8
                ? reserved
                : (first & 0x0f) === 2
                  ? big
                  : (first & 0x80) === 0
                    ? null
                    : text;
        if (code === null || code === 'end') return code === 'end' ? code : head;
        return Buffer.concat([head, Buffer.from([0x88, 2, code >> 8, code & 0xff])]);
      },
    },
  };
}
/** whoever comes later finds it closed */
const onlyOnce = () => {
  let n = 0;
  return () => (n++ === 0 ? ready : refused);
};

describeCheck(check, {
  given: { token: gifts.token, control },
  passes: {
    'it closes with the right codes': server({}),
    'it unpacks, up to a limit': server({ bomb: 1009 }),
  },
  reports: {
    'no-limit': { 'it takes a message of any size': server({ big: null }) },
    bomb: { 'it unpacks without a limit': server({ bomb: null }) },
    'wrong-code': {
      'it drops the connection': server({ text: 'end', unmasked: 'end', reserved: 'end', big: 'end' }),
      'it bears text that is not UTF-8': server({ text: null }),
      'it fails over a size': server({ big: 1011 }),
    },
    'others-suffer': {
      'everybody is thrown out': server({ socket: () => ({ ...ready, close: { code: 1006 } }) }),
    },
    down: { 'nobody gets in any more': server({ socket: onlyOnce() }) },
  },
  skips: { 'it counts as production': { ...server({}), target: { production: true } } },
  inconclusive: {
    'the good token is refused': server({ socket: () => refused }),
    'the handshake by hand is refused': server({ handshake: 400 }),
  },
});

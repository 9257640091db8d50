import check from '../../../src/checks/ws/subprotocol-sane.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { byQuery, socketRoutes } from '../../support/sockets.js';

const declared = socketRoutes({ mode: 'subprotocol', protocol: 'bearer' });
/** answers a handshake that offers both, and nothing else, with these headers */
const answers = (...headers: string[]) => ({
  target: declared,
  net: {
    wire: (sent: Uint8Array) => {
      const asked = Buffer.from(sent).toString();
      if (!asked.includes(`sec-websocket-protocol: bearer, ${tokens.a}\r\n`)) return 'end' as const;
      return Buffer.from(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`,
      );
    },
  },
});

describeCheck(check, {
  given: { token: gifts.token },
  passes: { 'it chooses the word beside the token': answers('Sec-WebSocket-Protocol: bearer') },
  reports: {
    'token-echoed': {
      'it chooses the token': answers(`Sec-WebSocket-Protocol: ${tokens.a}`),
      'it chooses both': answers(`Sec-WebSocket-Protocol: bearer, ${tokens.a}`),
      'it puts the token into a header of its own': answers(
        'sec-websocket-protocol: bearer',
        `x-auth: Bearer ${tokens.a}`,
      ),
    },
    'not-offered': { 'it chooses what nobody offered': answers('Sec-WebSocket-Protocol: chat') },
    'none-chosen': { 'it chooses none': answers() },
  },
  skips: { 'the token comes in the query': { target: socketRoutes(byQuery) } },
  inconclusive: {
    'the handshake is refused': {
      target: declared,
      net: { wire: () => Buffer.from('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n') },
    },
    'the connection is dropped': { target: declared, net: { wire: () => 'end' } },
    'it speaks something else': { target: declared, net: { wire: () => Buffer.from('SSH-2.0\r\n\r\n') } },
  },
});

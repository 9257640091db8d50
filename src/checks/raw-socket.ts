import type { Probe, Wire } from '../core/probe.js';
import type { SocketAuth } from '../core/target.js';

/** A WebSocket by hand: what no client will send can be sent, and every header of the handshake is seen. */
export interface RawSocket {
  readonly url: string;
  /** HTTP status of the handshake; 0 where nothing came that looks like one */
  readonly status: number;
  /** lower-case names, in order */
  readonly headers: readonly (readonly [name: string, value: string])[];
  send(bytes: Uint8Array): void;
  /** the code of the server's close frame, `dropped` for an end without one, null while it is open after `ms` */
  end(ms: number): Promise<number | 'dropped' | null>;
  close(): void;
}

const key = Buffer.from('lockstep-is-here').toString('base64');
const handshakeMs = 5_000;

/** Opens the socket with a token, as the target says; `extensions` are offered (RFC 6455 9.1). */
export async function rawSocket(probe: Probe, token: string, extensions: string | null = null): Promise<RawSocket> {
  const { url, auth } = probe.target.routes.socket.value;
  const at = new URL(url);
  if (auth.mode === 'query') at.searchParams.set(auth.name, token);
  const lines = [
    `GET ${at.pathname}${at.search} HTTP/1.1`,
    `host: ${at.host}`,
    'upgrade: websocket',
    'connection: Upgrade',
    `sec-websocket-key: ${key}`,
    'sec-websocket-version: 13',
    `origin: ${probe.target.origin}`,
    ...(auth.mode === 'subprotocol' ? [`sec-websocket-protocol: ${auth.protocol}, ${token}`] : []),
    ...(auth.mode === 'header' ? [`authorization: Bearer ${token}`] : []),
    ...(extensions === null ? [] : [`sec-websocket-extensions: ${extensions}`]),
  ];
  const wire = await probe.wire(url);
  wire.send(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  await wire.until((received) => headEnd(received) >= 0, handshakeMs);
  const { status, headers } = headOf(wire.received());
  if (status === 101) greet(wire, auth, token);
  return {
    url,
    status,
    headers,
    send: (bytes) => wire.send(bytes),
    async end(ms) {
      const how = await wire.until((received) => closeCode(received) !== null, ms);
      return closeCode(wire.received()) ?? (how === 'ended' ? 'dropped' : null);
    },
    close: () => wire.close(),
  };
}

function greet(wire: Wire, auth: SocketAuth, token: string): void {
  if (auth.mode !== 'message') return;
  const text = auth.template.replaceAll('{token}', JSON.stringify(token).slice(1, -1));
  wire.send(frame({ opcode: 1, payload: Buffer.from(text) }));
}

export interface Frame {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** the last one of its message, unless false */
  readonly fin?: boolean;
  /** compressed (RFC 7692 6) */
  readonly compressed?: boolean;
  /** unmasked frames of a client are an error (RFC 6455 5.1); masked unless false */
  readonly masked?: boolean;
  /** the length that is announced, that of the payload unless given */
  readonly announced?: number;
}

/** The bytes of one frame (RFC 6455 5.2). The mask is zero, so that the payload stays as it is. */
export function frame({ opcode, payload = new Uint8Array(), fin = true, ...rest }: Frame): Uint8Array {
  const { compressed = false, masked = true, announced = payload.length } = rest;
  const first = (fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode;
  const mask = masked ? 0x80 : 0;
  const head = Buffer.alloc(announced < 126 ? 2 : announced < 65_536 ? 4 : 10);
  head[0] = first;
  if (announced < 126) head[1] = mask | announced;
  else if (announced < 65_536) {
    head[1] = mask | 126;
    head.writeUInt16BE(announced, 2);
  } else {
    head[1] = mask | 127;
    head.writeBigUInt64BE(BigInt(announced), 2);
  }
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

function headEnd(received: Uint8Array): number {
  return Buffer.from(received.buffer, received.byteOffset, received.byteLength).indexOf('\r\n\r\n');
}

function headOf(received: Uint8Array): Pick<RawSocket, 'status' | 'headers'> {
  const end = headEnd(received);
  const [first = '', ...lines] = Buffer.from(received.subarray(0, Math.max(0, end)))
    .toString('latin1')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers };
}

/** The code of the first close frame after the head of the handshake; 1005 for one without a code; null for none yet. */
function closeCode(received: Uint8Array): number | null {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  const head = headEnd(bytes);
  if (head < 0) return null;
  // frames of a server are not masked (RFC 6455 5.1)
  for (let at = head + 4; at + 2 <= bytes.length; ) {
    const opcode = bytes.readUInt8(at) & 0x0f;
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (start > bytes.length) return null;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (opcode === 8) return length < 2 ? 1005 : start + 2 <= bytes.length ? bytes.readUInt16BE(start) : null;
    at = start + length;
  }
  return null;
}

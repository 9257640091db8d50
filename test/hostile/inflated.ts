import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** As much as an answer may say. */
const most = 1_048_576;
/** for what the deployment itself says */
const own = 4_096;

/** What answers are filled up with, as a value of JSON; null: spaces behind them. */
export type Filling = string | null;

const upTo = (room: number, piece: (n: number) => string) => {
  let text = '';
  for (let n = 0; text.length < room; n++) text += piece(n);
  return text;
};
const rest = (taken: string) => `"${'a'.repeat(most - own - taken.length - 100)}"`;
const counted = (many: number, piece: (n: number) => string) =>
  Array.from({ length: many }, (_, n) => piece(n)).join('');
const few = counted(16_000, (n) => `{"k${n}":1},`);

/** By what it is: the first ones are judged like any other answer, the last ones are more than is parsed. */
export const fillings: Readonly<Record<string, Filling>> = {
  spaces: null,
  'a text': `"${'a'.repeat(most - own)}"`,
  'a text of two bytes a character': `"\u20ac${'a'.repeat(most - own)}"`,
  'objects that are each of their own shape': `[${few}${rest(few)}]`,
  'empty objects': `[${'{},'.repeat((most - own) / 3)}{}]`,
  numbers: `[${upTo(most - own, (n) => `${n}.5,`)}0]`,
  brackets: `${'['.repeat((most - own) / 2)}${']'.repeat((most - own) / 2)}`,
};

export interface Inflated {
  /** a proxy; what is asked through it comes back filled up */
  readonly url: string;
  /** bytes that it has answered */
  readonly said: () => number;
  stop(): void;
}

/** A deployment that works and says as much as it may to everything: one that does, behind a proxy that fills its answers up. */
export async function inflated(filling: Filling): Promise<Inflated> {
  const agent = new Agent({ keepAlive: true });
  const filler = Buffer.from(filling ?? ' '.repeat(most - own));
  let bytes = 0;
  const filled = (text: string): readonly (string | Buffer)[] => {
    if (text.length > own - 100) return [text];
    const [, begin, end] = /^([[{].*)([\]}])\s*$/s.exec(text) ?? [];
    if (filling === null || begin === undefined || end === undefined) return [text, filler.subarray(0, most - own)];
    const more = `${begin.length > 1 ? ',' : ''}${end === '}' ? '"filling":' : ''}`;
    return [begin, more, filler, end];
  };
  const pass = (answer: IncomingMessage, response: ServerResponse) => {
    const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
    const status = answer.statusCode ?? 502;
    if (/event-stream/.test(headers['content-type'] ?? '') || status === 204 || status === 304)
      return void answer.pipe(response.writeHead(status, headers));
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const parts = filled(Buffer.concat(chunks).toString());
      const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
      bytes += length;
      response.writeHead(status, { ...headers, 'content-length': length });
      for (const part of parts) response.write(part);
      response.end();
    });
  };
  const server = createServer((request, response) => {
    const [host = '', port] = String(request.headers.host).split(':');
    const { method = '', url = '', headers } = request;
    const behind = ask({ agent, host, port, method, path: url, headers, setHost: false });
    behind.on('error', () => response.destroy());
    response.on('close', () => behind.destroy());
    behind.on('response', (answer) => pass(answer, response));
    request.pipe(behind);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [host = '', port] = String(request.headers.host).split(':');
    const behind = connect(Number(port), host);
    const lines = request.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    behind.write(`GET ${request.url} HTTP/1.1\r\n${lines}\r\n`);
    behind.write(head);
    joined(behind, socket);
  });
  const held = new Set<Socket>();
  const proxy = createServer();
  proxy.on('connection', (socket: Socket) => {
    held.add(socket.on('error', () => {}));
    socket.once('close', () => held.delete(socket));
  });
  proxy.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    said: () => bytes,
    stop() {
      for (const socket of held) socket.destroy();
      proxy.close();
      agent.destroy();
    },
  };
}

function joined(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => {});
    from.pipe(to);
    from.on('close', () => to.destroy());
  }
}

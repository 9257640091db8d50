import type { ServerResponse } from 'node:http';

/** A server-sent event stream (WHATWG HTML 9.2) on its way to one reader. */
export interface EventStream {
  /** false once the reader is gone */
  readonly open: boolean;
  /** `data` must be one line */
  send(data: string, id?: string, name?: string): void;
  /** a comment, which no reader takes for an event */
  beat(): void;
  end(): void;
}

export function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  return {
    get open() {
      return !response.destroyed;
    },
    send(data, id, name) {
      const head = `${name === undefined ? '' : `event: ${name}\n`}${id === undefined ? '' : `id: ${id}\n`}`;
      if (!response.destroyed) response.write(`${head}data: ${data}\n\n`);
    },
    beat() {
      if (!response.destroyed) response.write(': still here\n\n');
    },
    end() {
      response.end();
    },
  };
}

/** An answer in short: enough to tell who answered and what it thought of the question. */
export interface Answer {
  /** 0: nobody answered */
  readonly status: number;
  /** `json`, `null`, `empty`, `html`, `text` */
  readonly body: string;
  /** the error's own code or message where the body is JSON and has one; or why nobody answered */
  readonly says: string | null;
}

export interface ClockSeen {
  /** milliseconds that the server is ahead of this machine */
  readonly aheadMs: number;
  /** how wrong that may be */
  readonly withinMs: number;
}

import { Unreachable } from '../core/errors.js';
import { lanes } from '../core/lanes.js';
import type { Reply } from '../core/reply.js';
import { collectNow, tidy } from './collect.js';
import { excess, parsed } from './json.js';

/** that are read at a time */
const mostRead = 4;
/** bytes of texts that are held together */
const mostHeld = 10 * 1_048_576;

/** bytes of large bodies after which a run goes on more slowly */
const mostUsual = 4 * 1_048_576;

interface Held {
  readonly text: string;
  readonly size: number;
  readonly reply: WeakRef<object>;
}

/**
 * The large answers of a run: a few are read at a time, and so many are held, so that a server that says as much as it may to
 * everything takes no more than its share. Who looks at one that is gone hears so, by Unreachable.
 */
export class LargeAnswers {
  /** for reading one */
  readonly turn = lanes(mostRead);
  /** the least recently used first */
  readonly #held = new Map<symbol, Held>();
  #total = 0;
  #sum = 0;

  /** more has come than a deployment with some large pages gives */
  get laden(): boolean {
    return this.#sum > mostUsual;
  }

  /** The same answer, with a text that may go. */
  lent(reply: Omit<Reply, 'json' | 'text'>, text: string, bytes: number): Reply {
    const key = Symbol();
    const look = () => this.#look(key, reply.url, bytes);
    let document: WeakRef<object> | undefined;
    const whole: Reply = {
      ...reply,
      get text() {
        return look();
      },
      get json() {
        const known = document?.deref();
        if (known !== undefined) return known;
        const own = look();
        const much = excess(own);
        if (much !== null)
          throw new Unreachable(reply.url, 'too-large', `the answer is ${much}, too much to be judged`);
        const value = parsed(own);
        tidy();
        if (typeof value === 'object' && value !== null) document = new WeakRef(value);
        return value;
      },
    };
    // what is beyond Latin-1 takes two bytes a character in memory
    const size = bytes === text.length ? bytes : 2 * text.length;
    this.#held.set(key, { text, size, reply: new WeakRef(whole) });
    this.#total += size;
    this.#sum += bytes;
    if (this.#total > mostHeld) this.#letGo();
    else tidy();
    return whole;
  }

  #look(key: symbol, url: string, bytes: number): string {
    const held = this.#held.get(key);
    if (held === undefined)
      throw new Unreachable(url, 'too-large', `the answer has ${bytes} bytes, too many to be kept beside others`);
    this.#held.delete(key);
    this.#held.set(key, held);
    // whoever looks makes as much again of it, often
    tidy();
    return held.text;
  }

  #letGo(): void {
    collectNow();
    const lost = [...this.#held].filter(([, { reply }]) => reply.deref() === undefined);
    for (const [key, { size }] of [...lost, ...this.#held]) {
      if (this.#total <= (mostHeld * 3) / 4) return;
      if (this.#held.delete(key)) this.#total -= size;
    }
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import { type BrowserLike, browserStore, type CredentialStore, createAuthClient } from '../../../src/client/index.js';
import { settled, VirtualClock } from '../../support/virtual-clock.js';
import { Wire, watch } from '../../support/wire.js';

const key = 'lockstep.credential';

/** Several tabs of one browser: one storage, events to the others, one lock. */
class Browser {
  readonly items = new Map<string, string>();
  readonly #listeners = new Map<number, Set<(event: StorageEvent) => void>>();
  #lock: Promise<unknown> = Promise.resolve();
  #tabs = 0;

  tab(locks = true): BrowserLike {
    const id = this.#tabs++;
    const mine = new Set<(event: StorageEvent) => void>();
    this.#listeners.set(id, mine);
    const changed = (name: string, newValue: string | null) => {
      for (const [tab, listeners] of this.#listeners)
        if (tab !== id) for (const listener of listeners) listener({ key: name, newValue } as StorageEvent);
    };
    const request = (_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<unknown>) => {
      const turn = this.#lock.then(() => {
        signal.throwIfAborted();
        return work();
      });
      this.#lock = turn.catch(() => {});
      return turn;
    };
    return {
      localStorage: {
        getItem: (name) => this.items.get(name) ?? null,
        setItem: (name, value) => {
          if (this.items.get(name) === value) return;
          this.items.set(name, value);
          changed(name, value);
        },
        removeItem: (name) => {
          if (this.items.delete(name)) changed(name, null);
        },
      },
      addEventListener: (_type, listener) => void mine.add(listener),
      removeEventListener: (_type, listener) => void mine.delete(listener),
      ...(locks && { navigator: { locks: { request } as never } }),
    };
  }
}

let clock: VirtualClock;
let wire: Wire;
let browser: Browser;

beforeEach(() => {
  clock = new VirtualClock();
  wire = new Wire();
  browser = new Browser();
});

const clientOn = (store: CredentialStore, onStoreError = (_error: unknown) => {}) =>
  createAuthClient({ refresh: wire.refresh, fetch: wire.fetch, store, clock, random: () => 0.5, onStoreError });

const tab = (locks = true) => clientOn(browserStore(key, browser.tab(locks)));

async function refuse(client: ReturnType<typeof tab>) {
  const outcome = watch(client.fetch('/me'));
  await settled();
  wire.call(-1).answer(401);
  await settled();
  return outcome;
}

describe('tabs of one browser', () => {
  it('see a new credential at once: no polling, no second refresh', async () => {
    const [first, second] = [tab(), tab()];
    first.signIn('t0', { user: 'a' });
    expect(second.snapshot).toMatchObject({ status: 'signed-in', user: 'a' });
    const late = watch(second.fetch('/late'));
    await settled();
    await refuse(first);
    wire.refreshing().give('t1');
    await settled();
    wire.call(0).answer(401);
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    expect(wire.calls.slice(-2).map(({ token }) => token)).toEqual(['t1', 't1']);
    wire.call(-1).answer(200);
    await settled();
    expect(late.now).toBe(200);
  });

  it('refused together refresh once: the second takes what the first got', async () => {
    const [first, second] = [tab(), tab()];
    first.signIn('t0');
    const outcomes = [await refuse(first), await refuse(second)];
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.refreshes).toHaveLength(1);
    for (const call of wire.calls.slice(2)) {
      expect(call.token).toBe('t1');
      call.answer(200);
    }
    await settled();
    expect(outcomes.map(({ now }) => now)).toEqual([200, 200]);
  });

  it('do not renew in turn: what one has just renewed is not renewed by the other', async () => {
    const [first, second] = [tab(), tab()];
    first.signIn('t0');
    await refuse(first);
    wire.refreshing().give('t1');
    await settled();
    expect((await refuse(second)).now).toBe('auth-breaker');
    // one that is opened later cannot know how old the stored one is, and asks
    expect((await refuse(tab())).now).toBe('pending');
    expect(wire.refreshes).toHaveLength(2);
  });

  it('find in the store what another one wrote, also after they wrote themselves and though no event has come yet', async () => {
    const [first, second] = [browser.tab(), tab()];
    second.signIn('t0');
    const late = watch(second.fetch('/me'));
    await settled();
    browser.items.set(key, JSON.stringify({ token: 't1', expiresAt: null, user: null, renewed: true }));
    wire.call(0).answer(401);
    await settled();
    expect([wire.refreshes.length, wire.call(-1).token, late.now]).toEqual([0, 't1', 'pending']);
    expect(first.localStorage.getItem(key)).toContain('"t1"');
  });

  it('keep the expiry as the server counts it, whenever it was', async () => {
    await clock.advance(600_000);
    const expiresAt = clock.now() + 900_000;
    tab().signIn('t0', { expiresAt, user: 'a' });
    expect(JSON.parse(browser.items.get(key) ?? '')).toEqual({ token: 't0', expiresAt, user: 'a', renewed: false });
  });

  it('that are closed hear nothing more, and heard storage events only', () => {
    const listeners = new Map<string, (event: StorageEvent) => void>();
    const names: string[] = [];
    const store = browserStore(undefined, {
      localStorage: { getItem: () => null, setItem: (name) => void names.push(name), removeItem: () => {} },
      addEventListener: (type, listener) => void listeners.set(type, listener),
      removeEventListener: (type, listener) => void (listeners.get(type) === listener && listeners.delete(type)),
    });
    const client = clientOn(store);
    client.signIn('t0');
    expect([names, [...listeners.keys()]]).toEqual([[key], ['storage']]);
    client.close();
    expect(listeners.size).toBe(0);
  });

  it.each([
    ['null', null],
    ['1', null],
    ['"t0"', null],
    ['{"token":7}', null],
    [
      '{"token":"t0","expiresAt":"soon","user":7,"renewed":1}',
      { token: 't0', expiresAt: null, user: null, renewed: false },
    ],
  ])('take %s in the storage for what it is', (text, credential) => {
    browser.items.set(key, text);
    expect(browserStore(key, browser.tab()).read()).toEqual(credential);
  });

  it('write what is new, once, and never back what they heard', async () => {
    const written: string[] = [];
    const store: CredentialStore = browserStore(key, browser.tab());
    const write: CredentialStore['write'] = (credential) => {
      written.push(credential?.token ?? 'nothing');
      store.write(credential);
    };
    const listening = clientOn({ ...store, write });
    const other = tab();
    other.signIn('t0');
    expect(written).toEqual([]);
    await refuse(listening);
    wire.refreshing().give('t1');
    await settled();
    wire.call(-1).answer(200);
    await settled();
    expect(written).toEqual(['t1']);
  });

  it('do not take from each other what is about to expire', async () => {
    await clock.advance(600_000);
    const client = tab();
    client.signIn('t0');
    // written by one that this client does not hear; a credential with less than ten seconds is renewed before use
    const soon = { token: 'soon', expiresAt: clock.now() + 9_000, user: null, renewed: true };
    browser.items.set(key, JSON.stringify(soon));
    await refuse(client);
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1).token).toBe('t1');
  });

  it('are not held up for ever by a refresh that never settles in one of them', async () => {
    const store = browserStore(key, browser.tab());
    const first = createAuthClient({ refresh: () => new Promise(() => {}), fetch: wire.fetch, store, clock });
    const second = tab();
    first.signIn('t0');
    const stuck = await refuse(first);
    await clock.advance(10_000);
    const waiting = await refuse(second);
    expect(wire.refreshes).toHaveLength(0);
    await clock.advance(20_000);
    expect(stuck.now).toBe('refresh-timeout');
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    wire.call(-1).answer(200);
    await settled();
    expect(waiting.now).toBe(200);
  });

  it('sign out together', async () => {
    const [first, second] = [tab(), tab()];
    first.signIn('t0');
    const waiting = await refuse(second);
    await first.signOut();
    await settled();
    expect(second.snapshot.status).toBe('signed-out');
    expect(waiting.now).toBe('signed-out');
    expect(browser.items.size).toBe(0);
  });

  it('follow a change of user, and finish nothing of the old one', async () => {
    const [first, second] = [tab(), tab()];
    first.signIn('a0', { user: 'a' });
    const ofA = watch(second.fetch('/me'));
    await settled();
    first.signIn('b0', { user: 'b' });
    wire.call(0).answer(200);
    await settled();
    expect(ofA.now).toBe('signed-out');
    expect(second.snapshot).toMatchObject({ user: 'b' });
  });

  it('notice that the whole storage was cleared', async () => {
    const other = browser.tab();
    let notify: (event: StorageEvent) => void = () => {};
    const client = clientOn(
      browserStore(key, {
        ...other,
        addEventListener: (_type, listener) => {
          notify = listener;
        },
      }),
    );
    client.signIn('t0');
    notify({ key: 'something else', newValue: null } as StorageEvent);
    expect(client.snapshot.status).toBe('signed-in');
    notify({ key: null, newValue: null } as StorageEvent);
    expect(client.snapshot.status).toBe('signed-out');
  });

  it.each(['', 'null', '{', '[]', '{"token":7}', '{"token":""}', '{"token":"undefined"}', '"t0"'])(
    'take %j in the storage for nothing',
    async (text) => {
      browser.items.set(key, text);
      const client = tab();
      void client.fetch('/me');
      await settled();
      expect(wire.calls).toHaveLength(0);
    },
  );

  it('get along without Web Locks: a refresh each at worst, and the newer credential for both', async () => {
    const [first, second] = [tab(false), tab(false)];
    first.signIn('t0');
    const outcomes = [await refuse(first), await refuse(second)];
    expect(wire.refreshes).toHaveLength(2);
    wire.refreshing(0).give('t1');
    await settled();
    wire.refreshing(1).give('t2');
    await settled();
    for (const call of wire.calls.slice(2)) call.answer(200);
    await settled();
    expect(outcomes.map(({ now }) => now)).toEqual([200, 200]);
    expect([await first.token(), await second.token()]).toEqual(['t2', 't2']);
  });
});

describe('a store that throws', () => {
  const broken = (what: string): never => {
    throw new DOMException(what, 'SecurityError');
  };

  it('in every method (private mode): the client goes on in memory', async () => {
    const errors: unknown[] = [];
    const store: CredentialStore = {
      read: () => broken('read'),
      write: () => broken('write'),
      subscribe: () => broken('subscribe'),
      exclusively: () => broken('exclusively'),
    };
    const client = clientOn(store, (error) => errors.push(error));
    client.signIn('t0');
    const outcome = await refuse(client);
    wire.refreshing().give('t1');
    await settled();
    expect(wire.call(-1).token).toBe('t1');
    wire.call(-1).answer(200);
    await settled();
    expect(outcome.now).toBe(200);
    expect(errors.length).toBeGreaterThan(0);
    await client.signOut();
    expect(client.snapshot.status).toBe('signed-out');
  });

  it('when it is full: what was written last counts, not what is still in there', async () => {
    let kept: Parameters<CredentialStore['write']>[0] = { token: 'old', expiresAt: null, user: null };
    let full = false;
    const client = clientOn({
      read: () => kept,
      write: (credential) => {
        if (full) broken('QuotaExceededError');
        kept = credential;
      },
    });
    full = true;
    client.signIn('t0');
    const outcome = await refuse(client);
    // the stale "old" in the store must not pass for news
    expect(wire.refreshes).toHaveLength(1);
    wire.refreshing().give('t1');
    await settled();
    wire.call(-1).answer(200);
    await settled();
    expect(outcome.now).toBe(200);
  });
});

import { expect, it, vi } from 'vitest';
import { listeners } from '../../src/client/listeners.js';

it('one who is taken off while the others are told hears nothing any more', () => {
  const heard: string[] = [];
  const news = listeners<[string]>();
  news.add((word) => {
    heard.push(`first: ${word}`);
    second();
  });
  const second = news.add((word) => heard.push(`second: ${word}`));
  news.tell('a');
  expect(heard).toEqual(['first: a']);
});

it('one who is added while the others are told hears of the next thing', () => {
  const heard: string[] = [];
  const news = listeners<[string]>();
  const stop = news.add(() => {
    stop();
    news.add((word) => heard.push(word));
  });
  news.tell('a');
  news.tell('b');
  expect(heard).toEqual(['b']);
});

it('one who throws does not keep the others from hearing, and its error goes where uncaught ones go', async () => {
  const heard: string[] = [];
  const uncaught: unknown[] = [];
  const news = listeners<[string]>();
  news.add(() => {
    throw new Error('mine');
  });
  news.add((word) => heard.push(word));
  const queued = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => {
    try {
      run();
    } catch (error) {
      uncaught.push(error);
    }
  });
  news.tell('a');
  queued.mockRestore();
  expect([heard, uncaught]).toEqual([['a'], [new Error('mine')]]);
});

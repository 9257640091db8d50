import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = path.resolve(import.meta.dirname, '../docs');
const page = readFileSync(path.join(docs, 'promises.md'), 'utf8');
const rows = [...page.matchAll(/^\| (D\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, id = '', promise = '', proof = '', open = '']) => ({ id, promise, proof, open }),
);

describe('the page of promises', () => {
  it('has D1 to D22, each once', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 22 }, (_, n) => `D${n + 1}`));
  });

  it.each(rows)('$id is proven by a test that is there', ({ promise, proof }) => {
    const links = [...proof.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(promise.trim()).not.toBe('');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link).toMatch(/^\.\.\/test\/.*\.test\.ts$/);
      const file = path.join(docs, link);
      expect(existsSync(file), link).toBe(true);
      // a test without an expectation proves nothing
      expect(readFileSync(file, 'utf8'), link).toContain('expect');
    }
  });

  it('names every point at which the code may be cut', () => {
    const points = ['journal/journal.ts', 'transaction/disk.ts'].flatMap((file) => {
      const source = readFileSync(path.resolve(docs, '../src/io', file), 'utf8');
      return [...source.matchAll(/killPoint\('([\w-]+)'\)/g)].map(([, point = '']) => point);
    });
    expect(points.length).toBeGreaterThan(10);
    const table = page.slice(page.indexOf('## Where a run may be cut'));
    for (const point of points) expect(table).toContain(point);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnosis.js';
import type { Evidence } from '../../src/core/evidence/evidence.js';
import { commands } from '../../src/main/commands.js';

const here = import.meta.dirname;
/** Evidence as `lockstep diagnose --record` wrote it: by rule and cause, and that of healthy pairs. */
const examples = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: rule }) =>
    readdirSync(path.join(here, rule))
      .filter((file) => file.endsWith('.json'))
      .map((file) => ({ rule, name: file.replace(/\.json$/, ''), file: path.join(here, rule, file) })),
  );
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Evidence;

describe('the examples of the rules', () => {
  it.each(examples.filter(({ rule }) => rule !== 'healthy'))('$rule $name comes first', ({ rule, name, file }) => {
    const [first] = diagnose(rules, read(file)).verdicts;
    // a second example of a cause has a word behind a tilde
    expect(first?.code).toBe(`diagnose/${rule}.${name.split('~')[0]}`);
    expect(first?.text).not.toMatch(/\{\w+\}/);
    expect(first?.means).not.toMatch(/\{\w+\}/);
    expect(first?.fix.join()).not.toMatch(/\{\w+\}/);
    expect(first?.because.length).toBeGreaterThan(0);
  });

  it.each(examples.filter(({ rule }) => rule === 'healthy'))('nothing is wrong: $name', ({ file }) => {
    expect(diagnose(rules, read(file))).toMatchObject({ verdicts: [], outcome: 'ok' });
  });

  it('are there for every cause of every rule', () => {
    // rules about sources have sources for examples: test/rules/source.test.ts
    const spoken = rules.filter(
      ({ id }) => !readFileSync(path.join(here, `../../src/rules/${id}.ts`), 'utf8').includes("'./source/"),
    );
    const causes = spoken.flatMap((rule) => Object.keys(rule.causes).map((cause) => `${rule.id}.${cause}`));
    const shown = new Set(examples.map(({ rule, name }) => `${rule}.${name.split('~')[0]}`));
    expect(causes.filter((cause) => !shown.has(cause))).toEqual([]);
    expect(examples.filter(({ rule }) => rule === 'healthy').length).toBeGreaterThan(10);
  });

  it('hold no value: nothing in them is long and random but ids of keys', () => {
    for (const { file } of examples) {
      const text = readFileSync(file, 'utf8').replaceAll(/"kid": "[^"]*"/g, '');
      expect(text.match(/[0-9a-f]{24,}|[A-Za-z0-9+_-]{40,}/g) ?? [], file).toEqual([]);
    }
  });
});

describe('the words of the rules', () => {
  it('name a file that is theirs, and only commands that exist', () => {
    const files = readdirSync(path.join(here, '../../src/rules')).filter((file) => /(?<!\.d)\.ts$/.test(file));
    expect(rules.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
    const known = new Set(commands.map(({ name }) => name));
    const words = rules.flatMap((rule) =>
      Object.values(rule.causes as Record<string, { fix: readonly string[]; means: string; proof?: string }>).flatMap(
        ({ fix, means, proof = '' }) => [...fix, means, proof],
      ),
    );
    const named = words.flatMap((line) => [...line.matchAll(/`lockstep (\w+)/g)].map((match) => match[1] ?? ''));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

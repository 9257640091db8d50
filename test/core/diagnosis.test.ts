import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnosis.js';
import type { Evidence } from '../../src/core/evidence/evidence.js';
import type { AnyRule, Certainty } from '../../src/core/rule.js';
import { defineRule } from '../../src/core/rule.js';

const nothing: Evidence = { schemaVersion: 1, version: '0', at: '2026-11-21T12:00:00Z', looks: [], holders: [] };
const seen: Evidence = { ...nothing, looks: [{ part: 'frontend', failed: null }] };

function rule(id: string, certainty: Certainty, more: { symptom?: true; weight?: number } = {}): AnyRule {
  return defineRule({
    id,
    title: id,
    causes: { it: { certainty, text: 'it is {what}', means: 'so', fix: [], ...more } },
    match: () => [{ cause: 'it' as const, guilty: 'backend', data: { what: id }, because: [] }],
  });
}

const order = (...all: AnyRule[]) => diagnose(all, seen).verdicts.map(({ code }) => code.slice('diagnose/'.length, -3));

describe('a diagnosis', () => {
  it('is never healthy when nothing was looked at, or less than was asked for', () => {
    expect(diagnose([], nothing).outcome).toBe('unfinished');
    expect(diagnose([], seen).outcome).toBe('ok');
    const half: Evidence = { ...seen, looks: [...seen.looks, { part: 'backend', failed: 'connection refused' }] };
    expect(diagnose([], half)).toMatchObject({ outcome: 'unfinished', unseen: [{ part: 'backend' }] });
  });

  it('names the surest cause first, then the one of more weight', () => {
    expect(
      order(
        rule('possible', 'possible'),
        rule('light', 'proven', { weight: 40 }),
        rule('proven', 'proven'),
        rule('likely', 'likely'),
      ),
    ).toEqual(['proven', 'light', 'likely', 'possible']);
  });

  it('puts a symptom, however sure, after a cause that is likely, and before one that is only possible', () => {
    expect(
      order(rule('possible', 'possible'), rule('symptom', 'proven', { symptom: true }), rule('likely', 'likely')),
    ).toEqual(['likely', 'symptom', 'possible']);
  });

  it('stays open where a cause is only possible', () => {
    expect(diagnose([rule('x', 'possible')], seen).outcome).toBe('unfinished');
    expect(diagnose([rule('x', 'likely')], seen).outcome).toBe('problems');
  });

  it('says nothing about evidence that has nothing in it', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(diagnose(rules, nothing).verdicts).toEqual([]);
  });
});

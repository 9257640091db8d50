import { checks } from 'virtual:checks';
import { rules } from 'virtual:rules';
import { topicsOf } from '../../report/topics.js';
import type { Candidate } from './candidates.js';

/** Ids of checks and groups of them. */
export function checkWords(): Candidate[] {
  const ids = checks.map(({ id, title }) => ({ word: id as string, about: title as string }));
  const groups = new Set(ids.map(({ word }) => word.slice(0, word.indexOf('/'))));
  return [...[...groups].map((word) => ({ word, about: 'all of its checks' })), ...ids];
}

/** Everything that `explain` knows. */
export function topicWords(): Candidate[] {
  return topicsOf(checks, rules).flatMap(({ id, title, problems }) => [
    { word: id, about: title },
    ...problems.map(({ code, text }) => ({ word: code, about: text })),
  ]);
}

import { describe, expect, it } from 'vitest';
import { seen } from '../../src/client/seen.js';

/** What a memory of this size says to each of these ids in turn. */
const says = (limit: number, ids: string) => ids.split(' ').map(seen(limit)).map(Number).join('');

describe('what was delivered is known again', () => {
  it.each([
    ['each id is new once', 'a b a 1 2 1', '110110'],
    ['as many as the limit says', 'a b a b', '1100'],
    ['and the oldest is forgotten for the next one', 'a b c c b a', '111001'],
    ['except where ids are ascending numbers: none below the highest is new', '1 2 3 4 1 2', '111100'],
    ['also where it is the same number in other words', '1 2 02 3', '1101'],
    ['but numbers that came out of order prove nothing', '2 1 3 2', '1111'],
    ['nor do those that came twice', '1 01 2 1', '1111'],
    ['nor those in between that are no numbers', '1 x 2 1', '1111'],
    ['however much they look like some', '1 5e1 2 1', '1111'],
    ['at either end', '1 1.5 2 1', '1111'],
    ['nor numbers beyond what can be counted', '1 9007199254740993 9007199254740995 1', '1111'],
    ['numbers of several digits are numbers', '9 10 11 9', '1110'],
  ])('%s', (_what, ids, expected) => {
    expect(says(2, ids)).toBe(expected);
  });
});

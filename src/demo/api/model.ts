import { paceVariable } from '../protocol.js';

/**
 * The scripted model: what a language model would be asked, answered the same way every time. The parts joined are the
 * whole answer; some end inside a word, and some characters take more than one byte, because real ones do.
 */
export function answerParts(prompt: string): readonly string[] {
  return [
    `You said: ${prompt.slice(0, 500)}. `,
    'I am ',
    'a scrip',
    'ted model – ',
    'the same ques',
    'tion gets ',
    'the same answer, ',
    'part by part, ',
    'café ☕ and ',
    'naïve 🚀 ',
    'included',
    '.',
  ];
}

/** Milliseconds between two parts, so that a stream is one. */
export const pace = Number(process.env[paceVariable] ?? 5);

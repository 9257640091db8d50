import { defineRule } from '../core/rule.js';
import { at, seen, shown } from './source/seen.js';

export default defineRule({
  id: 'chatkit-options',
  title: 'useChatKit gets its parameters in a wrapper that it does not know',
  causes: {
    wrapped: {
      certainty: 'likely',
      text: 'useChatKit is called with its parameters in `options`, and takes them at the top level',
      means:
        'the build stops with "\'options\' does not exist in type", and at run time ChatKit has neither address nor token',
      fix: ['at {place}: take the parameters out of `options`'],
      proof: 'tsc --noEmit in the frontend',
      weight: 45,
    },
  },
  match: (evidence) =>
    seen(evidence, 'chatkit.options-wrapped').map((one) => ({
      cause: 'wrapped' as const,
      guilty: 'frontend' as const,
      data: { place: at(one) },
      because: [shown(one)],
    })),
});

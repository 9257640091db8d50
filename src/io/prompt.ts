import { confirm, input } from '@inquirer/prompts';
import type { Prompt } from '../world.js';

// on stderr: stdout is the product
const context = { output: process.stderr };

export const prompt: Prompt = {
  confirm: (message) => confirm({ message, default: false }, context),
  text: (message) => input({ message }, context),
};

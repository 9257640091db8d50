// by name, so that the bundle holds these four and not the rest
export { confirm, input, password, select } from '@inquirer/prompts';

export { toItsEnd } from './io/to-its-end.js';
export { realWorld } from './io/world.js';
export { commands, main } from './main.js';

export { toItsEnd } from './io/to-its-end.js';
export { realWorld } from './io/world.js';
export { commands } from './main/commands.js';
export { main } from './main.js';

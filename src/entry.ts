export { realWorld } from './io/world.js';
export { commands, main } from './main.js';

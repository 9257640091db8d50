export { realWorld } from './io/world.js';
export { main } from './main.js';

import demo from './src/demo/rolldown.demo.js';

export default [demo];

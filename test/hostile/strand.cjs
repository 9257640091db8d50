// Loaded before the program: something that it waits for never comes, and nothing else keeps the process.
const { env } = process;
if (env.STRAND_AT === 'network') {
  require('node:net').Socket.prototype.connect = function connect() {
    return this;
  };
  const { setTimeout } = globalThis;
  globalThis.setTimeout = Object.assign((...args) => setTimeout(...args).unref(), setTimeout);
} else if (env.STRAND_AT === 'files') {
  const files = require('node:fs/promises');
  files.open = () => new Promise(() => {});
}

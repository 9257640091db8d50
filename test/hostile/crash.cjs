// Loaded before the program: something that nobody expected happens, and the error holds what the program knew.
const { env } = process;
const fail = () => {
  throw Object.assign(new Error(`crash: ${env.CRASH_SAYS}`), {
    said: env.CRASH_SAYS,
    headers: { cookie: env.CRASH_SAYS },
  });
};
if (env.CRASH_AT === 'network') {
  require('node:net').Socket.prototype.connect = function connect() {
    process.nextTick(fail);
    return this;
  };
} else if (env.CRASH_AT === 'signature') {
  require('node:crypto').createHmac = fail;
}

// required into a measured process: tells its peak memory in kilobytes and its CPU time in ms as the last line of stderr
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write(`\npeak ${maxRSS} cpu ${(userCPUTime + systemCPUTime) / 1e3}\n`);
});

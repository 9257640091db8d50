/**
 * What a process needs of the environment of its parent, and nothing else of it: no setting leaks into a deployment that
 * reads its own env files, and no secret that lockstep was given.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const passed = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'SystemRoot'];
  const bare: NodeJS.ProcessEnv = {};
  for (const name of passed) if (process.env[name] !== undefined) bare[name] = process.env[name];
  return bare;
}

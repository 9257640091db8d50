// Reads n files with a real JavaScript loader; prints a JSON array of what it made of each, null where it threw.
// node javascript.mjs LOADER FOLDER COUNT ENVIRONMENT
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseEnv } from 'node:util';

const [, , loader, folder, count, environment] = process.argv;
const require = createRequire(import.meta.url);
const base = JSON.parse(environment);
const quiet = { info() {}, error() {} };
const cell = `${folder}/cell`;
mkdirSync(cell, { recursive: true });

function reset() {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, base);
}

/** what a loader left in the environment that was not there */
const added = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('__NEXT')));

const readers = {
  async dotenv() {
    const { config } = require('dotenv');
    return (file) => {
      const processEnv = { ...base };
      config({ path: file, processEnv, quiet: true });
      return processEnv;
    };
  },
  async 'dotenv-expand'() {
    const { config } = require('dotenv');
    const { expand } = require('dotenv-expand');
    return (file) => {
      const processEnv = { ...base };
      expand({ ...config({ path: file, processEnv, quiet: true }), processEnv });
      return processEnv;
    };
  },
  async next() {
    const { loadEnvConfig } = require('@next/env');
    reset();
    return (file) => {
      writeFileSync(`${cell}/.env`, readFileSync(file));
      // a forced reload begins with the environment of the first one
      loadEnvConfig(cell, true, quiet, true);
      return added();
    };
  },
  async vite() {
    const { loadEnv } = await import('vite');
    return (file) => {
      reset();
      writeFileSync(`${cell}/.env`, readFileSync(file));
      return loadEnv('development', cell, '');
    };
  },
  async node() {
    return (file) => ({ ...parseEnv(readFileSync(file, 'utf8')), ...base });
  },
};

const read = await readers[loader]();
const answers = [];
for (let i = 0; i < Number(count); i++) {
  try {
    answers.push({ ...read(`${folder}/${i}.env`) });
  } catch {
    answers.push(null);
  }
}
rmSync(cell, { recursive: true });
process.stdout.write(JSON.stringify(answers));

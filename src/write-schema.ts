import { writeFileSync } from 'node:fs';
import { schemaJson } from './config/schema-json.js';

// a step of the build, run in the package's folder: editors read this file through `$schema` in a lockstep.json
writeFileSync('schema.json', schemaJson());

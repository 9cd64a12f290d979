/** Checks `electron-builder.yml` against electron-builder's own schema, and the rules of the house on top of it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { builderProblems } from './builder-rules.ts';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const builder = createRequire(require.resolve('electron-builder/package.json'));
const schemaFile = join(dirname(builder.resolve('app-builder-lib/package.json')), 'scheme.json');

const configuration: unknown = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
const schema: object = JSON.parse(readFileSync(schemaFile, 'utf8'));
const problems = builderProblems({
  configuration,
  validate: new Ajv({ strict: false, allErrors: true }).compile(schema),
  exists: (path) => existsSync(join(root, path)),
});
for (const problem of problems) process.stderr.write(`electron-builder.yml: ${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

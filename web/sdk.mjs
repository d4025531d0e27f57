// What the pages take of ion-sdk-js, as one module that stands in the sources: who builds needs no npm then (docs/adr/0031).
// "npm run sdk" makes it anew from the packages of package-lock.json; a test compares.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const target = `${here}../src/main/webapp/js/lib/`;

async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ['src/ion-sdk.js'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16'],
    legalComments: 'inline',
    banner: { js: '// Made by web/sdk.mjs of the packages of web/package-lock.json: not to be changed by hand.' },
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

// Of what is in the bundle, as their packages have them.
function licences() {
  return ['ion-sdk-js/LICENSE', 'uuid/LICENSE.md']
    .map((file) => `${file}\n\n${readFileSync(`${here}node_modules/${file}`, 'utf8').trim()}\n`)
    .join('\n');
}

// Each file's name and text.
export async function made() {
  return { 'ion-sdk.js': await bundle(), 'LICENSES.txt': licences() };
}

export function kept(name) {
  return readFileSync(target + name, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await made())) writeFileSync(target + name, text);
}

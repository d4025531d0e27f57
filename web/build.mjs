// Bundles src/ion-sdk.js into dist/, which Maven lays over the root of the WAR.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: { 'ion-sdk': 'src/ion-sdk.js' },
  outdir: 'dist/js/lib',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16'],
  minify: true,
  // The SDK and uuid are MIT: their notices travel with the bundle.
  legalComments: 'eof',
  banner: { js: '/*! ion-sdk-js 1.8.2, MIT, https://github.com/ionorg/ion-sdk-js */' },
  logLevel: 'info',
});

// Bundles each page's script, ion-sdk-js with it, into one file of dist/, which Maven packs in place of the modules it was
// made of: a page is then one request for its script, not a dozen.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const PAGES = ['start', 'gallery', 'echo', 'pubsub', 'console'];

// The pages import the SDK as a file beside them.
const sdk = {
  name: 'ion-sdk',
  setup: (bundler) => bundler.onResolve({ filter: /\/lib\/ion-sdk\.js$/ }, () => ({ path: `${here}src/ion-sdk.js` })),
};

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: PAGES.map((page) => `../src/main/webapp/js/${page}.js`),
  outdir: 'dist/js',
  bundle: true,
  plugins: [sdk],
  format: 'esm',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16'],
  minify: true,
  sourcemap: true,
  // The SDK and uuid are MIT: their notices travel with the bundle.
  legalComments: 'eof',
  logLevel: 'info',
});

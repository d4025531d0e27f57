// ion-sdk-js in the versions people use, each as an ES module for the test page.

import { build } from 'esbuild';
import { OUTPUT, SUITE } from './paths.mjs';

export const SDK_VERSIONS = ['1.5.5', '1.6.3', '1.7.2', '1.8.2'];

export async function bundlePages() {
  await Promise.all(
    SDK_VERSIONS.map((version) =>
      build({
        stdin: {
          contents: `
            export { Client, LocalStream } from 'ion-sdk-js-${version}';
            export { IonSFUJSONRPCSignal } from 'ion-sdk-js-${version}/lib/signal/json-rpc-impl';`,
          resolveDir: SUITE,
        },
        outfile: `${OUTPUT}sdk/${version}.js`,
        bundle: true,
        format: 'esm',
        platform: 'browser',
        define: { global: 'globalThis' },
        logLevel: 'warning',
      }),
    ),
  );
}

// ion-sdk-js in the versions people use, each as an ES module for the test page.

import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { OUTPUT, SUITE } from './paths.mjs';

export const SDK_VERSIONS = ['1.5.5', '1.6.3', '1.7.2', '1.8.2'];

const GRPC_VERSION = '1.8.2';

/** Its lib/ lacks the messages that its gRPC clients are made of, so these are the scripts that the package brings for pages. */
async function bundleGrpc() {
  const scripts = ['ion-connector', 'grpc-web'].map((name) =>
    readFile(`${SUITE}node_modules/ion-sdk-js-${GRPC_VERSION}/dist/${name}.min.js`, 'utf8'),
  );
  const exported = 'export const { Connector, RTC } = Ion; export const { IonSFUGRPCWebSignal } = Signal;';
  await writeFile(`${OUTPUT}sdk/grpc.js`, [...(await Promise.all(scripts)), exported].join('\n'));
}

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
  await bundleGrpc();
}

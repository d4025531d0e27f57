// Types of the bundle js/lib/ion-sdk.js (tsconfig.json lays this folder over src/main/webapp/js by rootDirs).
export { Client, LocalStream } from 'ion-sdk-js';
export { IonSFUJSONRPCSignal } from 'ion-sdk-js/lib/signal/json-rpc-impl';
export type { RemoteStream, Constraints } from 'ion-sdk-js/lib/stream';

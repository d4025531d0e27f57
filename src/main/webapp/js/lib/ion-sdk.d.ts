// Types of ion-sdk.js: those of the packages it was made of.
export { Client, LocalStream } from 'ion-sdk-js';
export { IonSFUJSONRPCSignal } from 'ion-sdk-js/lib/signal/json-rpc-impl';
export type { RemoteStream, Constraints } from 'ion-sdk-js/lib/stream';

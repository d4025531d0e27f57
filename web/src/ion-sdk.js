/*! With ion-sdk-js 1.8.2, MIT, https://github.com/ionorg/ion-sdk-js */
// What the pages take from ion-sdk-js, and nothing else: its gRPC half would quadruple the bundle.
export { Client, LocalStream } from 'ion-sdk-js';
export { IonSFUJSONRPCSignal } from 'ion-sdk-js/lib/signal/json-rpc-impl';

// gRPC-web as ion's own clients speak it: Ion.Connector with Ion.RTC, and the older signal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTomcat, startWildfly } from './lib/app_servers.mjs';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

/** What clients of gRPC are given: the pages' address without its slash. */
const address = (server) => server.pages.replace(/\/$/, '');

async function call(server, room, kinds) {
  await withParticipants(async (open) => {
    const [a, b] = await Promise.all([open(`A-${kinds[0]}`), open(`B-${kinds[1]}`)]);
    const options = (grpc) => (grpc === 'ws' ? {} : { grpc, url: address(server) });
    await a.join(server, room, options(kinds[0]));
    await b.join(server, room, options(kinds[1]));
    await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
    await assertFlows([[a, b], [b, a]], 2000);
    const stream = await b.do('localStream');
    await b.do('close');
    await a.awaitGone(stream, 'B', 5000);
  });
}

test('Ion.RTC and Ion.RTC', { timeout: 40_000 }, async () => call(await sharedServer(), 'grpc', ['rtc', 'rtc']));

test('the older gRPC signal and JSON-RPC', { timeout: 40_000 }, async () =>
  call(await sharedServer(), 'grpc mixed', ['sfu', 'ws']));

test('Ion.RTC is told why its stream ends', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b] = [await open('A-same'), await open('B-same')];
    a.name = b.name = 'same';
    await a.join(server, 'grpc same', { grpc: 'rtc', url: address(server), publish: false });
    await b.join(server, 'grpc same', { grpc: 'rtc', url: address(server), publish: false });
    await until('the first one has been replaced', 5000, async () => (await a.do('ends')).length > 0);
    const [{ status, statusMessage }] = await a.do('ends');
    assert.equal(status, 10);
    assert.match(statusMessage, /^replaced by a newer connection/);
  });
});

test('Ion.RTC gets what it subscribes to', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b] = [await open('A-chosen'), await open('B-chooses')];
    const options = { grpc: 'rtc', url: address(server) };
    await b.join(server, 'grpc chosen', { ...options, publish: false, config: { no_auto_subscribe: true } });
    await a.join(server, 'grpc chosen', options);
    const told = () => b.do('trackEvents').then((events) => events.filter(({ state }) => state === 0));
    await until('B is told of two tracks', 5000, async () => (await told()).flatMap(({ tracks }) => tracks).length === 2);
    const [{ uid }] = await told();
    assert.equal(uid, 'A-chosen');
    const tracks = (await told()).flatMap((event) => event.tracks);
    assert.deepEqual(tracks.map(({ kind }) => kind).sort(), ['audio', 'video']);
    assert.deepEqual(await b.do('received'), []);

    const all = (subscribe) => tracks.map(({ id, layer }) => ({ track_id: id, muted: false, layer, subscribe }));
    assert.equal((await b.do('subscribe', all(true))).success, true);
    await b.awaitMediaOf(a);
    await b.do('subscribe', all(false));
    await b.awaitGone(await a.do('localStream'), 'A', 5000);
  });
});

for (const [name, start] of [
  ['Tomcat', startTomcat],
  ['WildFly', startWildfly],
]) {
  test(`Ion.RTC in ${name}`, { timeout: 120_000 }, async () => {
    const server = await start({});
    try {
      await call(server, `grpc ${name}`, ['rtc', 'rtc']);
    } finally {
      await server.stop();
    }
  });
}

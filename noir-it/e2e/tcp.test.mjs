// Clients whose network lets no UDP through: media over TCP (RFC 6544).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { OUTPUT } from './lib/paths.mjs';
import { freeTcpPort, newServer, sharedServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report } from './lib/wait.mjs';

const HELD_MS = 12_000;
const FIREFOX_HELD_MS = 3000;

const needsRoot = { timeout: 180_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

const lines = [];
let server;

async function setUp(settings = {}) {
  const line = await ThinLine.open();
  lines.push(line);
  const addresses = `127.0.0.1,${line.serverAddress}`;
  server = await newServer({ 'noir.media.addresses': addresses, ...settings }).then((made) => made.start());
  const behind = { url: server.signalling.replace('localhost', line.serverAddress) };
  return { line, behind };
}

after(async () => {
  await server?.stop();
  for (const line of lines) await line.close();
});

function assertProtocol(paths, protocol) {
  assert.deepEqual(paths.map((path) => path.protocol), [protocol, protocol]);
}

async function protocolsByServer(participant) {
  const { publisher, subscriber } = (await participant.do('explain')).peers[0];
  for (const { path } of [publisher, subscriber]) {
    // By UDP a check may have been repeated: then it is not known which one was answered.
    assert.ok((path.protocol === 'udp' && path.rttMs === undefined) || path.rttMs > 0, `how far it is: ${path.rttMs} ms`);
  }
  return [publisher.path.protocol, subscriber.path.protocol];
}

test('without UDP a call goes over TCP, and with it over UDP', needsRoot, async () => {
  const { line, behind } = await setUp();
  await withParticipants(async (open) => {
    const [shut, outside] = [await open('shut', { line }), await open('outside')];
    await shut.join(server, 'both', behind);
    await outside.join(server, 'both');
    await shut.awaitMediaOf(outside);
    await outside.awaitMediaOf(shut);
    assertProtocol(await shut.do('paths'), 'udp');
    await Promise.all([shut.close(), outside.close()]);
  });
  line.onlyTcp();
  await withParticipants(async (open) => {
    const [shut, neighbour] = [await open('shut', { line }), await open('neighbour', { line })];
    const outside = await open('outside');
    await shut.join(server, 'tcp', behind);
    await neighbour.join(server, 'tcp', { ...behind, publish: false });
    await outside.join(server, 'tcp');
    const pairs = [[shut, outside], [outside, shut], [shut, neighbour]];
    for (const [from, to] of pairs) await to.awaitMediaOf(from);
    await assertFlows(pairs, HELD_MS);
    for (const participant of [shut, neighbour]) {
      assertProtocol(await participant.do('paths'), 'tcp');
      assert.deepEqual(await protocolsByServer(participant), ['tcp', 'tcp']);
    }
    assertProtocol(await outside.do('paths'), 'udp');
    const metrics = await server.metrics();
    report(`${metrics.noir_media_tcp_connections} connections, ${metrics.noir_media_dropped_tcp_total} packets dropped`);
    assert.ok(metrics.noir_media_tcp_opened_total >= 4);
  });
});

// It lets nobody choose its network, so its page does not tell it of UDP.
test('Firefox calls over TCP', { timeout: 60_000 }, async () => {
  const shared = await sharedServer();
  await withParticipants(async (open) => {
    const [firefox, chromium] = await Promise.all([open('firefox', { browser: 'firefox' }), open('chromium')]);
    await firefox.join(shared, 'firefox-tcp', { onlyTcp: true });
    await chromium.join(shared, 'firefox-tcp');
    await Promise.all([firefox.awaitMediaOf(chromium), chromium.awaitMediaOf(firefox)]);
    await assertFlows([[firefox, chromium], [chromium, firefox]], FIREFOX_HELD_MS);
    assert.deepEqual(await protocolsByServer(firefox), ['tcp', 'tcp']);
    assert.deepEqual(await protocolsByServer(chromium), ['udp', 'udp']);
  });
});

/** One that nobody vouches for. */
function newCertificate() {
  const [certificate, key] = [`${OUTPUT}certificate.pem`, `${OUTPUT}key.pem`];
  const made = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=noir -keyout ${key} -out ${certificate}`;
  execFileSync('openssl', made.split(' '), { stdio: 'ignore' });
  return { 'noir.http.certificate': certificate, 'noir.http.key': key };
}

test('where only the https port of the pages is open, media goes there, too', needsRoot, async () => {
  await server?.stop();
  const { line, behind } = await setUp({ ...newCertificate(), 'noir.http.health.port': await freeTcpPort() });
  line.onlyTcp(server.httpPort);
  await withParticipants(async (open) => {
    const outside = await open('outside', { context: { ignoreHTTPSErrors: true } });
    const shut = await open('shut', { line });
    const page = await shut.context.newPage();
    const answer = await page.goto(server.pages.replace('localhost', line.serverAddress));
    assert.equal(answer.status(), 200, 'pages are served as ever');
    await page.close();
    await shut.join(server, 'pages', behind);
    await outside.join(server, 'pages');
    const pairs = [[shut, outside], [outside, shut]];
    for (const [from, to] of pairs) await to.awaitMediaOf(from);
    await assertFlows(pairs, HELD_MS);
    const tcp = { protocol: 'tcp', port: server.httpPort };
    assert.deepEqual(await shut.do('paths'), [tcp, tcp]);
    assert.deepEqual(await protocolsByServer(shut), ['tcp', 'tcp']);
  });
});

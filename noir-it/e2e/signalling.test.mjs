// The wire as a stranger's program uses and abuses it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publisherOffer, RawClient } from './lib/raw_client.mjs';
import { sharedServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

test('signalling by hand', { timeout: 60_000 }, async (t) => {
  const server = await sharedServer();

  await t.test('a join is answered, with the id as it came, and a subscriber offer follows', async () => {
    const client = await RawClient.open(server.signalling);
    const reply = await client.call('join', { sid: 'by hand', offer: publisherOffer() }, 7);
    assert.equal(reply.id, 7);
    assert.equal(reply.result.type, 'answer');
    await until('a subscriber offer', 3000, () => client.notifications.some(({ method }) => method === 'offer'));
    await client.close();
  });

  await t.test('an unknown method gets error -32601', async () => {
    const client = await RawClient.open(server.signalling);
    const reply = await client.call('dance', {}, 'seven');
    assert.equal(reply.id, 'seven');
    assert.equal(reply.error.code, -32601);
    await client.close();
  });

  await t.test('broken messages get an error or a close, and harm nobody', async () => {
    const manySections = { type: 'offer', sdp: 'm=\r\n'.repeat(20_000) };
    const bad = [
      '',
      '{',
      '[]',
      'null',
      '"join"',
      '{"method":1,"id":1}',
      `${'['.repeat(100_000)}`,
      '{"method":"join","id":1}',
      '{"method":"join","params":{"sid":"x","offer":{"type":"offer","sdp":"v=0"}},"id":1}',
      JSON.stringify({ method: 'join', params: { sid: 'x', offer: manySections }, id: 1 }),
    ];
    for (const text of bad) {
      const client = await RawClient.open(server.signalling);
      let answered = null;
      client.socket.on('message', (data) => (answered = JSON.parse(data.toString())));
      client.socket.on('close', () => (answered ??= { closed: true }));
      client.send(text);
      await until(`an answer to ${text.slice(0, 40)}`, 3000, () => answered);
      if (!answered.closed) {
        assert.ok(answered.error?.message, `no error for ${text.slice(0, 40)}: ${JSON.stringify(answered)}`);
        assert.doesNotMatch(answered.error.message, /Exception|\bat [a-z]+\./, 'no trace of our insides');
      }
      await client.terminate();
    }
    const after = await RawClient.open(server.signalling);
    assert.ok((await after.call('join', { sid: 'after', offer: publisherOffer() })).result);
    await after.close();
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeStreamId, encodeStreamId, renameStreams } from '../../src/main/webapp/js/stream_name.js';

test('a name survives the way through a stream id', () => {
  for (const name of ['Anna Berg', 'Zoë', '李小龍', '👩‍⚕️ Dr. Ada', 'x']) {
    for (const kind of /** @type {const} */ (['camera', 'screen'])) {
      assert.deepEqual(decodeStreamId(encodeStreamId(kind, name, 'abc123def456')), { kind, name });
    }
  }
});

test('a stream id is a token of at most 64 characters (RFC 8830 §2)', () => {
  for (const name of ['W'.repeat(200), '李'.repeat(50), '👩‍⚕️'.repeat(20)]) {
    assert.match(encodeStreamId('camera', name, 'abc123def456'), /^[A-Za-z0-9._-]{1,64}$/);
  }
});

test('a long name loses its end, not half a letter', () => {
  const { name } = decodeStreamId(encodeStreamId('camera', '李'.repeat(50), 'abc123def456'));
  assert.equal(name, '李'.repeat(11));
});

test('streams of other programs are guests', () => {
  const foreign = ['{0f9a2c8e-1c1d-4b7e-a9a0-aaaaaaaaaaaa}', 'c.%%%.abcdefgh', 'c._w.abcdefgh', 's..abcdefgh', '', 'c.IA.abcdefgh'];
  for (const id of foreign) assert.deepEqual(decodeStreamId(id), { kind: 'camera', name: 'Guest' });
});

test('renaming touches msid lines and nothing else', () => {
  const sdp = ['a=msid:own track', 'a=ssrc:1 msid:own track', 'a=ssrc:1 cname:own', 'a=msid:other own', ''].join('\r\n');
  const renamed = renameStreams({ type: 'offer', sdp }, new Map([['own', 'public']]));
  assert.equal(
    renamed.sdp,
    ['a=msid:public track', 'a=ssrc:1 msid:public track', 'a=ssrc:1 cname:own', 'a=msid:other own', ''].join('\r\n'),
  );
  assert.equal(renamed.type, 'offer');
});

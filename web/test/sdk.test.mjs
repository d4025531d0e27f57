import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept, made } from '../sdk.mjs';

test('the SDK among the sources is what the locked packages give', async () => {
  for (const [name, text] of Object.entries(await made())) {
    assert.ok(kept(name) === text, `js/lib/${name} is another: npm run sdk`);
  }
});

// The panel that says how a call is doing, and why.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPeople } from './lib/gallery_page.mjs';
import { sharedServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { until } from './lib/wait.mjs';

const NAME = 'How the call is doing';

test('the panel opens by its button, shows plots and sentences, and closes by the keyboard', { timeout: 90_000 }, async (t) => {
  const step = steps(t);
  const server = await sharedServer();
  await withPeople(async (open) => {
    const [anna, ben] = [await open('Anna'), await open('Ben')];
    await anna.openGallery(server, 'explained');
    await ben.openGallery(server, 'explained');
    await ben.awaitPictureOf('Anna');
    const toggle = ben.page.getByRole('button', { name: NAME, exact: true });
    const panel = ben.page.getByRole('complementary', { name: NAME });
    const picture = panel.getByRole('row').filter({ hasText: 'Anna' }).filter({ hasText: 'camera' });

    await step('it is closed at first', async () => {
      assert.equal(await panel.isVisible(), false);
      assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
    });

    await step('lines are drawn', async () => {
      await toggle.focus();
      await ben.page.keyboard.press('Enter');
      await panel.waitFor();
      assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
      // What is sent, then loss and round trip.
      for (const [plot, line] of [[0, 1], [1, 0], [2, 0]]) {
        const path = () => panel.locator('figure svg').nth(plot).locator(`.line-${line}`).getAttribute('d');
        await until(`a line in plot ${plot}`, 15_000, async () => ((await path()) ?? '').includes('L'));
      }
      const rate = panel.getByRole('img', { name: /^Rate of the last two minutes: .*sent [1-9].*bit\/s/ });
      await rate.waitFor({ timeout: 10_000 });
    });

    await step('there is a sentence for the picture and for the sound', async () => {
      await until('the picture as wanted', 15_000, async () => (await picture.innerText()).includes('as wanted'));
      assert.match(await panel.getByRole('row').filter({ hasText: 'sound' }).first().innerText(), /as wanted/);
      assert.match(await panel.getByRole('row').filter({ hasText: 'You' }).first().innerText(), /arrives/);
      assert.match(await panel.innerText(), /DTLS 1\.2, SRTP_AEAD_AES_128_GCM/);
    });

    await step('Escape closes it and goes back to the button', async () => {
      await ben.page.keyboard.press('Escape');
      await until('it is closed', 3000, async () => !(await panel.isVisible()));
      assert.equal(await toggle.evaluate((button) => button === document.activeElement), true);
    });

    assert.deepEqual([...anna.errors, ...ben.errors], [], 'no error in the console');
  });
});

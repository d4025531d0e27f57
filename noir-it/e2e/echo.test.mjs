// The echo and the publish/subscribe test pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPeople } from './lib/gallery_page.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

test('the echo test shows the picture that came back, and pauses it', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const { page, errors } = await open('Echo');
    await page.goto(`${server.pages}echo.html`);
    await page.getByLabel('Resolution').selectOption('qvga');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('First picture back').waitFor();
    report(await page.locator('#notice').innerText());
    const frames = () => page.locator('#remote').evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
    const moving = async () => {
      const first = await frames();
      await until('the picture moves', 5000, async () => (await frames()) > first);
    };
    await moving();
    const figures = page.locator('#received');
    await until('a bitrate is shown', 5000, async () => /[1-9]\d* kbit/.test(await figures.innerText()));
    await page.getByRole('button', { name: 'Pause video' }).click();
    let last = { frames: -1, since: performance.now() };
    await until('the picture stands still for a second', 6000, async () => {
      const now = await frames();
      if (now !== last.frames) last = { frames: now, since: performance.now() };
      return performance.now() - last.since > 1000;
    });
    await page.getByRole('button', { name: 'Resume video' }).click();
    await moving();
    await page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(errors, []);
  });
});

test('two tabs of the publish/subscribe test', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const people = [await open('Tab 1'), await open('Tab 2')];
    for (const { page } of people) await page.goto(`${server.pages}pubsub.html?session=tabs&codec=vp9`);
    const [first, second] = people.map(({ page }) => page);
    await first.getByRole('button', { name: 'Publish camera' }).click();
    await second.getByText('first picture of').waitFor();
    await first.getByRole('button', { name: 'Unpublish' }).click();
    await second.getByText('is gone').waitFor({ timeout: 3000 });
    assert.deepEqual(people.flatMap(({ errors }) => errors), []);
  });
});

// People that the application server knows, or that come with somebody's token.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTomcat, startWildfly } from './lib/app_servers.mjs';
import { withSmallPictures } from './lib/gallery_page.mjs';
import { steps } from './lib/steps.mjs';
import { token, tokenSettings } from './lib/tokens.mjs';
import { until } from './lib/wait.mjs';

// As config/wildfly has them.
const USERS = { Alice: ['alice', 'change-me-alice'], Bob: ['bob', 'change-me-bob'] };

async function logIn(person, [user, password]) {
  await person.page.getByLabel('User name').fill(user);
  await person.page.getByLabel('Password').fill(password);
  await person.page.getByRole('button', { name: 'Log in' }).click();
}

test('WildFly: two of its users log in by its form, one moderates, one logs out', { timeout: 180_000 }, async (t) => {
  const step = steps(t);
  const server = await startWildfly({ 'noir.auth.mode': 'required', 'noir.auth.roles.administer': 'noir-moderator' });
  try {
    await withSmallPictures(async (open) => {
      const [alice, bob] = [await open('Alice'), await open('Bob')];

      await step('the link to a room leads over the login into that room', async () => {
        await alice.openGallery(server, 'Visite 3b');
        await logIn(alice, ['alice', 'wrong']);
        await alice.page.getByText('User name or password is wrong.').waitFor();
        await logIn(alice, USERS.Alice);
        await alice.awaitPictureOf('Alice (you)');
        assert.equal(new URL(alice.page.url()).searchParams.get('room'), 'Visite 3b');
        await bob.openGallery(server, 'Visite 3b');
        await logIn(bob, USERS.Bob);
        await Promise.all([alice.awaitPictureOf('Bob'), bob.awaitPictureOf('Alice')]);
      });

      await step('Alice, who is a moderator by her role, sees who he is, and removes him', async () => {
        await alice.press('People');
        await alice.page.getByRole('complementary').getByText('bob', { exact: true }).waitFor();
        await alice.moderate('Bob', 'Remove …');
        await alice.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
        await bob.awaitWords('A moderator has removed you');
        await bob.press('Join again');
        await Promise.all([alice.awaitPictureOf('Bob'), bob.awaitPictureOf('Alice')]);
      });

      await step('Alice, who administrates, is let into the console by her login, Bob is not', async () => {
        const [console, refused] = [await alice.context.newPage(), await bob.context.newPage()];
        await console.goto(`${server.pages}admin/`);
        await console.getByRole('link', { name: /Visite 3b.*2 people/ }).waitFor();
        await console.getByRole('button', { name: 'alice, signed in' }).waitFor();
        await refused.goto(`${server.pages}admin/`);
        await refused.getByText('You are logged in as bob, who may not administrate this server.').waitFor();
        assert.equal(await refused.getByText('Visite 3b').count(), 0);
        await Promise.all([console.close(), refused.close()]);
      });

      await step('Bob logs out in another tab: his call ends, and leads to the login', async () => {
        const other = await bob.context.newPage();
        await other.goto(server.pages);
        await other.getByRole('button', { name: /^bob/ }).click();
        await other.getByRole('menuitem', { name: 'Log out' }).click();
        await alice.awaitGone('Bob', 2000);
        // A server remembers one page per session to go on to after the login: the last one that asked for it.
        await other.getByLabel('User name').waitFor();
        await bob.awaitWords('Please log in again.');
        await bob.press('Log in');
        await logIn(bob, USERS.Bob);
        await alice.awaitPictureOf('Bob');
      });
    });
  } finally {
    await server.stop();
  }
});

test('Tomcat: somebody with a token needs no login, until it expires', { timeout: 120_000 }, async () => {
  const server = await startTomcat({ 'noir.auth.mode': 'required', ...tokenSettings() });
  try {
    await withSmallPictures(async (open) => {
      const [mira, late] = [await open('Mira'), await open('Late')];
      await mira.openGallery(server, 'token', { access_token: token('mira', ['noir-user']) });
      await mira.awaitPictureOf('Mira (you)');
      assert.equal(mira.page.url().includes('access_token'), false, 'the token is not in the address');
      await mira.page.getByRole('button', { name: 'mira, logged in' }).waitFor();
      await late.openGallery(server, 'token', { access_token: token('late', ['noir-user'], 12) });
      await mira.awaitPictureOf('Late');
      await late.awaitWords('Your access has expired.', 20_000);
      await mira.awaitGone('Late', 2000);
      await until('it does not go on trying', 2000, async () => !(await late.notice()).includes('Trying again'));
    });
  } finally {
    await server.stop();
  }
});

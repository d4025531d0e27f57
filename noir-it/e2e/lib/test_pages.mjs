// Serves pages/ and the bundled SDKs on localhost, which browsers take for a secure context.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { OUTPUT, SUITE } from './paths.mjs';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' };

let server = null;
let listening = null;

/** @returns {Promise<string>} the address of a page, of the call page if no other one is named */
export async function testPage(name = 'call.html') {
  server ??= createServer((request, response) => void serve(request, response));
  // Several may ask at once, and only the first one starts it.
  listening ??= new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await listening;
  return `http://localhost:${server.address().port}/${name}`;
}

export async function stopTestPages() {
  server?.closeAllConnections?.();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve()));
  server = null;
  listening = null;
}

/**
 * For a browser that does not reach us: its requests are answered on their way.
 *
 * @param {import('playwright-core').BrowserContext} context
 */
export async function fulfilTestPages(context) {
  const { origin } = new URL(await testPage());
  await context.route(`${origin}/**`, async (route) => {
    const page = await read(route.request().url());
    await route.fulfill(page ? { contentType: page.type, body: page.body } : { status: 404 });
  });
}

async function serve(request, response) {
  const page = await read(request.url);
  if (page) response.writeHead(200, { 'content-type': page.type }).end(page.body);
  else response.writeHead(404).end();
}

async function read(url) {
  const { pathname } = new URL(url, 'http://localhost');
  const known = /^\/(sdk\/[\da-z.]+\.js|[a-z]+\.(?:html|js))$/.exec(pathname);
  if (!known) return null;
  const file = known[1].startsWith('sdk/') ? `${OUTPUT}${known[1]}` : `${SUITE}pages/${known[1]}`;
  try {
    return { type: TYPES[pathname.split('.').pop()], body: await readFile(file) };
  } catch {
    return null;
  }
}

// Where the page stands, and what its address asks for.

/**
 * `ws` beside the page, so it follows host, port and context path of whatever serves us.
 *
 * @param {string} base document.baseURI
 * @returns {string}
 */
export function ownSocketUrl(base) {
  const url = new URL('ws', base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url.href;
}

/**
 * The signalling address: the page's own, unless it asks for another.
 * `?ws=` may name another port or path, but only on the page's own host: a link must not be able to send
 * somebody's camera to a stranger's server.
 *
 * @param {Location} location
 * @param {string} base document.baseURI
 * @returns {string}
 */
export function signallingUrl(location, base) {
  const own = ownSocketUrl(base);
  const asked = new URLSearchParams(location.search).get('ws');
  if (!asked) return own;
  try {
    const other = new URL(asked, own);
    const secure = other.protocol === 'wss:' || (other.protocol === 'ws:' && location.protocol !== 'https:');
    if (secure && other.hostname === location.hostname) return other.href;
  } catch {
    // not an address: the default below
  }
  console.warn('?ws= ignored: it must be a WebSocket address on this host');
  return own;
}

/**
 * @param {string} name
 * @param {string} fallback
 * @param {number} [limit] longest value taken
 * @returns {string}
 */
export function queryParameter(name, fallback, limit = 64) {
  const value = new URLSearchParams(window.location.search).get(name)?.trim();
  return value ? value.slice(0, limit) : fallback;
}

/**
 * @param {string} page
 * @param {Record<string, string>} parameters empty ones are left out
 * @returns {string}
 */
export function pageLink(page, parameters) {
  const url = new URL(page, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  return url.href;
}

/**
 * @param {number} length
 * @returns {string} lower-case letters and digits
 */
export function randomToken(length) {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

// How the console asks the server: over one socket for who is logged in; who has the token sends it with each request, since
// browsers let no page give it to a socket in another way than by its address.

import { ownSocketUrl } from '../address.js';

const ANSWER_MS = 20_000;

/** The server has said no; the console goes on. */
export class Refused extends Error {
  /** @param {string} message @param {number} code */
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** Nobody is there at the moment. */
export class Unreachable extends Error {}

/** One has to say anew who one is. */
export class SignedOut extends Error {}

/** @typedef {{ call: (method: string, params?: Record<string, unknown>) => Promise<any>, close: () => void }} Rpc */

/** @param {any} answer */
function resultOf(answer) {
  if (answer.error) throw new Refused(String(answer.error.message), Number(answer.error.code));
  return answer.result;
}

/** @implements {Rpc} */
export class PostedRpc {
  #nextId = 1;

  /** @param {string} token */
  constructor(token) {
    this.token = token;
  }

  /** @param {string} method @param {Record<string, unknown>} [params] */
  async call(method, params = {}) {
    const response = await this.#post(JSON.stringify({ id: this.#nextId++, method, params }));
    if (response.status === 401 || response.status === 403) throw new SignedOut('The token is not taken any more');
    if (!response.ok) throw new Unreachable(`The server answers ${response.status}`);
    return resultOf(await response.json());
  }

  /** @param {string} body */
  async #post(body) {
    try {
      return await fetch(new URL('rpc', document.baseURI), {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
        body,
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      throw new Unreachable('The server does not answer');
    }
  }

  close() {}
}

// Of the server's: docs/management.md.
const SESSION_OVER = [4009, 4010];

/** @implements {Rpc} */
export class SocketRpc {
  #nextId = 1;
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void, timer: ReturnType<typeof setTimeout> }>} */
  #waiting = new Map();
  /** @type {Promise<WebSocket> | undefined} */
  #socket;

  /** @param {string} method @param {Record<string, unknown>} [params] */
  async call(method, params = {}) {
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    const id = this.#nextId++;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lose(new Unreachable('The server does not answer')), ANSWER_MS);
      this.#waiting.set(id, { resolve, reject, timer });
    });
    socket.send(JSON.stringify({ id, method, params }));
    return resultOf(await answer);
  }

  /** @returns {Promise<WebSocket>} */
  #open() {
    const socket = new WebSocket(ownSocketUrl(document.baseURI));
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(socket));
      socket.addEventListener('close', ({ code }) => {
        const over = SESSION_OVER.includes(code);
        const error = over ? new SignedOut('Your session is over') : new Unreachable('The connection is gone');
        reject(error);
        this.#lose(error);
      });
    });
  }

  /** @param {any} answer */
  #receive(answer) {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    clearTimeout(waiting?.timer);
    waiting?.resolve(answer);
  }

  /** @param {Error} error */
  #lose(error) {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    this.close();
  }

  close() {
    void this.#socket?.then((socket) => socket.close(), () => undefined);
    this.#socket = undefined;
  }
}

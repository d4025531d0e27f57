// A backend of the original noiR's: it leaves its requests in Redis, in protobuf, and reads the replies there. Nothing of noiR's is in it.

import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { until } from './wait.mjs';

const REQUESTS = 'noir/topic/router';
const REPLIES = 'noir/topic/to-admin/';
const REPLY_MS = 10_000;
const BYTES = 2; // Protobuf's wire type of what has a length.

function varint(number) {
  const bytes = [];
  let rest = number;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** @param {number} number of the field @param {string | Buffer} content a text, or another message */
function field(number, content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint((number << 3) | BYTES), varint(bytes.length), bytes]);
}

/** NoirRequest{admin: AdminRequest{roomAdmin: RoomAdminRequest{roomJob: RoomJobRequest}}} */
function runJob(name, room, handler, options) {
  const job = Buffer.concat([field(1, handler), field(3, JSON.stringify(options))]);
  const roomAdmin = Buffer.concat([field(1, room), field(3, job)]);
  return Buffer.concat([
    field(1, `notify-${name}`),
    field(2, new Date().toISOString()),
    field(3, 'request.admin.room.runjob'),
    field(5, field(1, roomAdmin)),
    field(6, name),
  ]);
}

/** @returns {Promise<Buffer>} what Redis says to a command, as it comes */
async function ask(port, ...words) {
  const socket = connect(port, '127.0.0.1');
  try {
    const parts = words.map((word) => Buffer.from(word));
    socket.write(`*${parts.length}\r\n`);
    for (const part of parts) socket.write(Buffer.concat([Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]));
    return await new Promise((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
    });
  } finally {
    socket.destroy();
  }
}

/**
 * Has a node run a job in a room.
 *
 * @returns {Promise<string>} the reply's bytes as text: the job's name is in it, or why not
 */
export async function runJobByRedis(redis, room, handler, options) {
  const name = randomUUID();
  await ask(redis.port, 'LPUSH', REQUESTS, runJob(name, room, handler, options));
  const { value } = await until('a reply in Redis', REPLY_MS, async () => {
    const reply = await ask(redis.port, 'RPOP', REPLIES + name);
    return reply.length > '$-1\r\n'.length && reply.toString('latin1');
  });
  return value;
}

// Who makes tokens for people: a key pair, its public half as a JWKS file, and JWTs signed with the other half.

import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { OUTPUT } from './paths.mjs';

const ISSUER = 'https://login.example.org';
const AUDIENCE = 'noir';
const KEY_ID = 'e2e';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** noiR's settings that make it believe these tokens. */
export function tokenSettings() {
  const file = `${OUTPUT}jwks.json`;
  const key = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  writeFileSync(file, JSON.stringify({ keys: [key] }));
  return {
    'noir.auth.jwt.keys': file,
    'noir.auth.jwt.issuer': ISSUER,
    'noir.auth.jwt.audience': AUDIENCE,
    'noir.auth.jwt.clock-skew': 0,
  };
}

/**
 * @param {string} name
 * @param {string[]} roles
 * @param {number} seconds from now until it is worth nothing
 */
export function token(name, roles, seconds = 600) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: name, upn: name, groups: roles, iat: now, exp: now + seconds };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

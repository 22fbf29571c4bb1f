import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { CHECK, callOf, LIST, send } from '../support/clients/raw-http.ts';
import { ERAS, speaker, tokenIn } from '../support/clients/stdio-lines.ts';
import {
  type IdentityProvider,
  makeKey,
  PUBLIC_URL,
  SCOPES,
  startIdentityProvider,
} from '../support/programs/identity-provider.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { type TokenFileOfTest, tokenFile } from '../support/programs/token-files.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';

type Claims = Record<string, unknown>;

let sandbox: Sandbox;
let issuer: IdentityProvider;
let folder: TokenFileOfTest;
let program: HttpProgram;
const audit = () => join(folder.folder, 'audit.jsonl');
const start = (args: string[] = [], env: Record<string, string> = {}) =>
  startHttpProgram({
    args: ['--auth', 'oauth', '--log-level', 'debug', ...args],
    env: {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_OAUTH_ISSUER: issuer.issuer,
      HEYREACH_PUBLIC_URL: PUBLIC_URL,
      ...env,
    },
  });
beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  issuer = await startIdentityProvider();
  folder = tokenFile('group:sales people read-only', 'ada full', 'grace draft');
  program = await start([], { HEYREACH_AUDIT_LOG: audit() });
});
afterAll(async () => {
  await program?.stop();
  await issuer?.close();
  await sandbox?.close();
  folder?.remove();
});
beforeEach(() => {
  sandbox.requests.length = 0;
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const now = () => Math.floor(Date.now() / 1_000);
const METADATA_URL = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';

/** Expects that a text contains no usable part of a token. */
function expectNoTokenIn(text: string, token: string): void {
  for (const part of token.split('.').slice(1)) if (part !== '') expect(text).not.toContain(part);
}

describe('an access token', () => {
  test('a token of the issuer is accepted, on the public host and on loopback', async () => {
    const token = await issuer.sign();
    for (const host of [undefined, 'mcp.example.com', 'mcp.example.com:443']) {
      const headers = { ...bearer(token), ...(host === undefined ? {} : { host }) };
      const reply = await send(program.url, { headers, body: CHECK });
      expect([host, reply.status]).toEqual([host, 200]);
      expect(reply.text).toContain('"valid":true');
    }
    expect(new Set(sandbox.requests.map(({ headers }) => headers['x-api-key']))).toEqual(new Set([TEST_KEY]));
    expectNoTokenIn(JSON.stringify(sandbox.requests), token);
  });

  type Change = () => Promise<string>;
  const changed =
    (claims: Claims, header: Claims = {}): Change =>
    () =>
      issuer.sign(claims, header);
  const secret = () => new TextEncoder().encode('a secret of thirty-two characters');
  const claims = () => ({ iss: issuer.issuer, aud: PUBLIC_URL, sub: 'ada', exp: now() + 600, scope: SCOPES.join(' ') });
  test.each<[what: string, make: Change, why: RegExp]>([
    ['of another issuer', changed({ iss: 'https://login.example.com' }), /its iss/],
    ['for another audience', changed({ aud: 'https://other.example.com/mcp' }), /its aud/],
    ['without an audience', changed({ aud: undefined }), /its aud/],
    ['that has expired', async () => issuer.sign({ exp: now() - 1 }), /has expired/],
    ['without an expiry', changed({ exp: undefined }), /no valid exp/],
    ['with an expiry that is text', changed({ exp: '4102444800' }), /no valid exp/],
    ['that is not yet valid', async () => issuer.sign({ nbf: now() + 300 }), /not valid yet/],
    ['without a subject', changed({ sub: undefined }), /no valid sub/],
    ['with an empty subject', changed({ sub: '' }), /no valid sub/],
    ['with a subject that is a number', changed({ sub: 7 }), /sub/],
    ['with the type of a logout token', changed({}, { typ: 'logout+jwt' }), /its typ/],
    ['that is an ID token, shown by its nonce', changed({ nonce: 'n' }, { typ: 'JWT' }), /ID token/],
    ['that is an ID token, shown by its hash', changed({ at_hash: 'h' }, { typ: 'JWT' }), /ID token/],
    ['that is an ID token, shown by the claim of Keycloak', changed({ typ: 'ID' }, { typ: 'JWT' }), /ID token/],
    ['that is a refresh token of Keycloak', changed({ typ: 'Refresh' }, { typ: 'JWT' }), /ID token/],
    ['for its own client', changed({ aud: ['a-client', PUBLIC_URL] }, { typ: 'JWT' }), /ID token/],
    ['that is bound to a key', changed({ cnf: { jkt: 'a-thumbprint' } }), /bound to a key/],
    ['without a signature', async () => new UnsecuredJWT(claims()).encode(), /not a signed JWT|alg/],
    [
      'whose algorithm is none',
      async () => {
        const [, payload] = (await issuer.sign()).split('.');
        const header = { alg: 'none', kid: issuer.key.kid, typ: 'at+jwt' };
        return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
      },
      /alg is not allowed|not a signed JWT/,
    ],
    [
      'signed with the public key as a secret',
      async () => {
        const publicKey = (await importJWK(issuer.key.publicJwk, 'RS256', { extractable: true })) as CryptoKeyLike;
        const pem = new TextEncoder().encode(await exportSPKI(publicKey));
        return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: issuer.key.kid, typ: 'at+jwt' }).sign(pem);
      },
      /alg is not allowed/,
    ],
    [
      'signed with a secret',
      async () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: issuer.key.kid }).sign(secret()),
      /alg is not allowed/,
    ],
    ['of another key with the same id', async () => issuer.sign({}, {}, await makeKey(issuer.key.kid)), /signature/],
    [
      'of a key that the issuer does not have',
      async () => issuer.sign({}, {}, await makeKey('unknown')),
      /the issuer has no key with the key id \(kid\) of the token/,
    ],
    [
      'with a changed payload',
      async () => {
        const [head, , signature] = (await issuer.sign({ sub: 'grace' })).split('.');
        return `${head}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`;
      },
      /signature/,
    ],
    ['that is not a JWT', async () => 'an-opaque-token', /not a signed JWT/],
    ['that is a HeyReach key', async () => TEST_KEY, /not a signed JWT/],
  ])('%s gets 401', async (_, make, why) => {
    const token = await make();
    for (const body of [LIST, CHECK]) {
      const reply = await send(program.url, { headers: bearer(token), body });
      expect([reply.status, reply.message().error?.message]).toEqual([401, expect.stringMatching(why)]);
      const challenge = reply.headers['www-authenticate']!;
      expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]+", /);
      expect(challenge).toContain(`scope="heyreach:read", resource_metadata="${METADATA_URL}"`);
      expectNoTokenIn(reply.text + challenge, token);
    }
    expect(sandbox.requests).toEqual([]);
    expectNoTokenIn(program.stderr(), token);
  });

  test('is required, and a HeyReach key or another scheme does not replace it', async () => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { 'x-api-key': OTHER_TEST_KEY }]) {
      const reply = await send(program.url, { headers });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toContain(`resource_metadata="${METADATA_URL}"`);
    }
  });

  test('a token with a HeyReach key, given twice, or in the URL is rejected', async () => {
    const token = await issuer.sign();
    const withKey = await send(program.url, { headers: { ...bearer(token), 'x-api-key': OTHER_TEST_KEY } });
    expect([withKey.status, withKey.message().error?.message]).toEqual([403, expect.stringContaining('its own key')]);
    const twice = await send(program.url, { headers: { authorization: [`Bearer ${token}`, `Bearer ${token}`] } });
    expect(twice.status).toBe(400);
    expect((await send(`${program.url}?access_token=${token}`)).status).toBe(400);
    expect(sandbox.requests).toEqual([]);
  });

  test('may have no type, and may name its scopes in the claims of other issuers', async () => {
    for (const token of [
      await issuer.sign({}, { typ: undefined }),
      await issuer.sign({ scope: undefined, scp: 'heyreach:read' }, { typ: 'JWT' }),
      await issuer.sign({ scope: undefined, scp: ['other', 'heyreach:read'], aud: ['other', PUBLIC_URL] }),
      // An app of Entra that is both client and API.
      await issuer.sign(
        { scope: undefined, scp: 'heyreach:read', azp: PUBLIC_URL, client_id: undefined },
        { typ: 'JWT' },
      ),
    ]) {
      expect((await send(program.url, { headers: bearer(token) })).status).toBe(200);
    }
  });
});

type CryptoKeyLike = Parameters<typeof exportSPKI>[0];

describe('the scopes of a token', () => {
  const shown = async (url: string, scope: string) => {
    const reply = await send(url, { headers: bearer(await issuer.sign({ scope })) });
    const { tools } = reply.message().result as { tools: { name: string }[] };
    const names = tools.map(({ name }) => name);
    return ['list_campaigns', 'create_list', 'send_message'].filter((name) => names.includes(name));
  };

  test('set its mode: the widest scope applies, within the mode of the server', async () => {
    const READ = ['list_campaigns'];
    const DRAFT = [...READ, 'create_list'];
    expect(await shown(program.url, 'heyreach:read')).toEqual(READ);
    expect(await shown(program.url, 'openid heyreach:read heyreach:draft')).toEqual(DRAFT);
    expect(await shown(program.url, 'heyreach:full')).toEqual([...DRAFT, 'send_message']);
    const drafting = await start(['--mode', 'draft'], { HEYREACH_OAUTH_SCOPES: 'r,api://an-app/draft,f' });
    expect(await shown(drafting.url, 'f')).toEqual(DRAFT);
    // Entra omits the name of the app.
    expect(await shown(drafting.url, 'draft')).toEqual(DRAFT);
    expect(await shown(drafting.url, 'r')).toEqual(READ);
    const other = await send(drafting.url, { headers: bearer(await issuer.sign()) });
    expect([other.status, other.headers['www-authenticate']]).toEqual([403, expect.stringContaining('scope="r"')]);
    // No scope shows a tool that the server hides.
    const call = callOf('send_message', {});
    const hidden = await send(drafting.url, { headers: bearer(await issuer.sign({ scope: 'r' })), body: call });
    expect([hidden.status, hidden.message().error?.code]).toEqual([200, -32_602]);
    await drafting.stop();
  });

  test('must be wider before the call of a hidden tool, alone and in a batch', async () => {
    const headers = bearer(await issuer.sign({ scope: 'heyreach:read' }));
    const cases: [object, string][] = [
      [callOf('create_list', { name: 'Never' }), 'heyreach:draft'],
      [callOf('send_message', {}), 'heyreach:full'],
      [[callOf('send_message', {}, 1), callOf('create_list', { name: 'Never' }, 2)], 'heyreach:full'],
    ];
    for (const [body, scope] of cases) {
      const reply = await send(program.url, { headers, body });
      expect([reply.status, reply.message().error?.message]).toEqual([403, expect.stringContaining(scope)]);
      expect(reply.headers['www-authenticate']).toMatch(
        new RegExp(`^Bearer error="insufficient_scope", .*scope="${scope}", resource_metadata="${METADATA_URL}"`),
      );
    }
    const unknown = await send(program.url, { headers, body: callOf('no_such_tool') });
    expect(unknown.message().error?.message).toContain('Unknown tool');
    expect(sandbox.requests).toEqual([]);
  });
});

describe('the metadata of the resource', () => {
  const places = ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'];
  test.each(places)('%s is readable for every web page', async (path) => {
    const url = program.url.replace('/mcp', path);
    const reply = await send(url, { method: 'GET', headers: { origin: 'https://inspector.example.com' } });
    expect(reply.status).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(JSON.parse(reply.text)).toEqual({
      resource: PUBLIC_URL,
      authorization_servers: [issuer.issuer],
      // Some clients request all scopes in this list.
      scopes_supported: ['heyreach:read', 'heyreach:draft'],
      resource_name: 'HeyReach',
      bearer_methods_supported: ['header'],
    });
    expect((await send(url, { method: 'OPTIONS' })).headers['access-control-allow-methods']).toBe('GET, HEAD');
    expect((await send(url)).status).toBe(405);
    const foreign = await send(program.url, { headers: { origin: 'https://inspector.example.com' } });
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect((await send(url, { method: 'GET', headers: { host: 'evil.example.com' } })).status).toBe(403);
  });

  test('is absent without --auth oauth, because clients would then ignore their headers', async () => {
    const plain = await startHttpProgram({ env: { HEYREACH_BASE_URL: sandbox.url } });
    for (const path of places) {
      expect((await send(plain.url.replace('/mcp', path), { method: 'GET' })).status).toBe(404);
    }
    await plain.stop();
  });
});

describe.each(ERAS)('a user (%s)', (era) => {
  test('cannot use the confirmation of another user, but may confirm with another token and client', async () => {
    const as = async (claims: Claims) => speaker(program.url, era, bearer(await issuer.sign(claims)));
    const { conversationId, accountId } = sandbox.workspace.fixtures.unreadReply;
    const message = { conversationId, linkedInAccountId: accountId, message: `Hello from ${era}` };
    const confirmToken = tokenIn(await (await as({ sub: 'ada' })).call('send_message', message));
    for (const claims of [{ sub: 'grace' }, { sub: 'Ada' }]) {
      const stolen = await (await as(claims)).call('send_message', { ...message, confirmToken });
      expect(stolen.structuredContent).toMatchObject({ error: { kind: 'confirmation_other_key' } });
    }
    const other = await as({ sub: 'ada', client_id: 'b-client' });
    const own = await inFastTimeByDefault(() => other.call('send_message', { ...message, confirmToken }));
    expect(own.isError).toBeFalsy();
    const lines = readFileSync(audit(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ phase }) => phase === 'intent').at(-1)).toMatchObject({
      tool: 'send_message',
      user: `${issuer.issuer} ada`,
      client: 'b-client',
      confirmed: 'token',
    });
    expect(program.stderr()).toContain('"user":"ada"');
  });
});

describe('the file of subjects', () => {
  test('limits the users and their modes, and is read again on SIGHUP', async () => {
    const listed = await start([], { HEYREACH_OAUTH_SUBJECTS: folder.path });
    const status = async (claims: Claims, body: object = LIST) => {
      const reply = await send(listed.url, { headers: bearer(await issuer.sign(claims)), body });
      return [reply.status, reply.headers['www-authenticate'] !== undefined];
    };
    const create = callOf('create_list', { name: 'By a subject' });
    expect(await status({ sub: 'ada' }, create)).toEqual([200, false]);
    expect(await status({ sub: 'alan' })).toEqual([403, false]);
    expect(await status({ sub: 'alan', groups: ['sales people'] })).toEqual([200, false]);
    expect(await status({ sub: 'group:sales people' })).toEqual([403, false]);
    // A wider scope would not show the tool to a read-only group.
    expect(await status({ sub: 'alan', groups: ['sales people'], scope: 'heyreach:read' }, create)).toEqual([
      200,
      false,
    ]);
    expect(await status({ sub: 'grace', scope: 'heyreach:read' }, create)).toEqual([403, true]);
    const reloaded = async (text: RegExp) => {
      listed.process.kill('SIGHUP');
      await expect.poll(() => listed.stderr()).toMatch(text);
    };
    folder.write('ada full', 'grace');
    await reloaded(/HEYREACH_OAUTH_SUBJECTS: \S+ line 2 must have/);
    expect(await status({ sub: 'ada' })).toEqual([200, false]);
    expect(await status({ sub: 'grace' })).toEqual([403, false]);
    folder.write('alan draft');
    await reloaded(/"msg":"file of subjects reloaded"/);
    expect(await status({ sub: 'ada' })).toEqual([403, false]);
    expect(await status({ sub: 'alan' })).toEqual([200, false]);
    await listed.stop();
  });
});

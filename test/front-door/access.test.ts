import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HeyReachConnection } from '../../src/client/index.ts';
import { type Access, byTokens, type Entrant, openTo, ownKeys } from '../../src/front-door/access.ts';
import { isRefusal, type Refusal } from '../../src/front-door/refusals.ts';
import { TokenFile } from '../../src/front-door/token-file.ts';
import { makeToken } from '../../src/front-door/tokens.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../kit/keys.ts';

const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
const clientFor = (key: string) => connection.clientFor(key);
const own = clientFor('the-key-of-the-server');
const ofKey = (key: string) => clientFor(key).fingerprint;

/** Headers as node hands them over. */
type Headers = Record<string, string>;
/** @param raw names and values as they were sent, where node hands over fewer. */
const admit = (access: Access, headers: Headers, { url = '/mcp', raw = Object.entries(headers).flat() } = {}) =>
  access.admit({
    headers,
    rawHeaders: raw,
    url,
    socket: { remoteAddress: '192.0.2.7' },
  } as unknown as IncomingMessage);

/** Under which name somebody was let in, and the fingerprint of the key that is used; or the refusal. */
const outcomeOf = (found: Entrant | Refusal) =>
  isRefusal(found) ? [found.status, found.reason] : [found.name, found.client?.fingerprint];

const key = (name: string): Headers => ({ 'x-api-key': name });
const bearer = (name: string): Headers => ({ authorization: `Bearer ${name}` });
const ODD = [400, 'odd_credentials'];
const STRAY = 'hmcp_made-up-token-of-another-server';
const STRAY_TOKEN = [401, 'stray_token'];

/** What no mode takes, since it may mean two things. */
const odd: [what: string, headers: Headers][] = [
  ['a key that came twice', key(`${TEST_KEY}, ${OTHER_TEST_KEY}`)],
  ['a key with a blank in it', key('not a key')],
  ['a key with a tab in it', key('not\ta-key')],
  ['a key beyond ASCII', key('schlüssel')],
  ['a bearer of two words', bearer('one two')],
  ['a bearer that came twice', bearer('one, Bearer two')],
  ['an odd key beside a plain bearer', { ...key('not a key'), ...bearer(TEST_KEY) }],
  ['an odd bearer beside a plain key', { ...key(TEST_KEY), ...bearer('one two') }],
];

/** What a server without tokens does not take for a key. */
const unread: [what: string, headers: Headers][] = [
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['a key under another scheme', { authorization: `Token ${TEST_KEY}` }],
  ['a key without a scheme', { authorization: TEST_KEY }],
  ['a bearer of nothing', { authorization: 'Bearer ' }],
  ['a bearer of nothing beside an empty key', { authorization: 'bearer', ...key(' ') }],
];
const stray: [what: string, headers: Headers][] = [
  ['a token as the bearer', bearer(STRAY)],
  ['a token as X-API-KEY', key(STRAY)],
  ['a token as X-API-KEY beside a bearer', { ...key(STRAY), ...bearer(TEST_KEY) }],
  ['a token in capitals', bearer(STRAY.toUpperCase())],
];

describe('each with a key of its own', () => {
  const access = ownKeys(clientFor);
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const THEIRS = [`key ${ofKey(OTHER_TEST_KEY)}`, ofKey(OTHER_TEST_KEY)];
  const NOBODY = ['address 192.0.2.7', undefined];

  test.each<[what: string, headers: Headers, outcome: unknown[]]>([
    ['X-API-KEY', key(TEST_KEY), MINE],
    ['a bearer', bearer(OTHER_TEST_KEY), THEIRS],
    ['a bearer in small letters', { authorization: `bearer ${TEST_KEY}` }, MINE],
    ['blanks around', { 'x-api-key': `  ${TEST_KEY} `, authorization: '' }, MINE],
    ['both: X-API-KEY goes first', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE],
    ['both, the other way round', { ...key(OTHER_TEST_KEY), ...bearer(TEST_KEY) }, THEIRS],
    ['an empty X-API-KEY beside a bearer', { ...key('  '), ...bearer(OTHER_TEST_KEY) }, THEIRS],
    ['nothing', {}, NOBODY],
    ['empty headers', { ...key(' '), authorization: ' ' }, NOBODY],
    ["X-API-KEY beside a proxy's own", { ...key(TEST_KEY), authorization: 'Basic YTpi' }, MINE],
    ['X-API-KEY beside a bearer of nothing', { ...key(TEST_KEY), authorization: 'Bearer' }, MINE],
    ['X-API-KEY beside a token', { ...key(TEST_KEY), ...bearer(STRAY) }, MINE],
    [
      'what only begins as a token does',
      key(`${TEST_KEY}hmcp_`),
      [`key ${ofKey(`${TEST_KEY}hmcp_`)}`, ofKey(`${TEST_KEY}hmcp_`)],
    ],
    ...unread.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
    ...stray.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, STRAY_TOKEN]),
    ['a name of it that nobody reads', { 'api-key': TEST_KEY, cookie: `x-api-key=${TEST_KEY}` }, NOBODY],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(admit(access, headers))).toEqual(outcome);
  });

  test('takes no key out of the URL', () => {
    expect(outcomeOf(admit(access, {}, { url: `/mcp?x-api-key=${TEST_KEY}&apiKey=${TEST_KEY}` }))).toEqual(NOBODY);
  });

  test('names nobody by a key, or by a part of one', () => {
    const found = admit(access, key(TEST_KEY)) as Entrant;
    for (let at = 0; at + 6 <= TEST_KEY.length; at += 1) expect(found.name).not.toContain(TEST_KEY.slice(at, at + 6));
    expect(access.isStillIn(found)).toBe(true);
  });
});

describe('the key of the server, for those with a token', () => {
  const ann = makeToken('ann', 'draft');
  const ben = makeToken('ben', undefined);
  const OURS = own.fingerprint;
  const NO_TOKEN = [401, 'no_token'];
  const WRONG_TOKEN = [401, 'wrong_token'];
  let folder: string;
  let file: TokenFile;
  let access: Access;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-access-'));
    await writeFile(join(folder, 'tokens'), `${ann.line}\n${ben.line}\n`);
    file = await TokenFile.open(join(folder, 'tokens'));
    access = byTokens(file, own);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<[what: string, headers: Headers, outcome: unknown[]]>([
    ['a token', bearer(ann.token), ['token ann', OURS]],
    ['another token', bearer(ben.token), ['token ben', OURS]],
    ['a token and an empty key', { ...bearer(ann.token), ...key('') }, ['token ann', OURS]],
    ['nothing', {}, NO_TOKEN],
    ['another scheme', { authorization: `Basic ${ann.token}` }, NO_TOKEN],
    ['a token without a scheme', { authorization: ann.token }, NO_TOKEN],
    ['a token as X-API-KEY', key(ann.token), NO_TOKEN],
    ['a HeyReach key', key(TEST_KEY), NO_TOKEN],
    ['a HeyReach key as the bearer', bearer(TEST_KEY), WRONG_TOKEN],
    ["the server's own key as the bearer", bearer('the-key-of-the-server'), WRONG_TOKEN],
    ['a wrong token', bearer(`${ann.token}x`), WRONG_TOKEN],
    ['a token in small letters', bearer(ann.token.toLowerCase()), WRONG_TOKEN],
    ['the hash of a token', bearer(ann.line.split(' ')[1]!), WRONG_TOKEN],
    ['the name of a token', bearer('ann'), WRONG_TOKEN],
    ['a wrong token and a key', { ...bearer('hmcp_made-up'), ...key(TEST_KEY) }, WRONG_TOKEN],
    ['a token and a key', { ...bearer(ann.token), ...key(TEST_KEY) }, [403, 'foreign_key']],
    ['a token twice, in both headers', { ...bearer(ann.token), ...key(ann.token) }, [403, 'foreign_key']],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(admit(access, headers))).toEqual(outcome);
  });

  test('a token that came twice, of which node hands over one', () => {
    const raw = ['Authorization', `Bearer ${ann.token}`, 'Authorization', `Bearer ${ben.token}`];
    expect(outcomeOf(admit(access, bearer(ann.token), { raw }))).toEqual(ODD);
  });

  test.each([
    ['nothing', {}, 'Bearer realm="heyreach-mcp"'],
    ['a wrong token', bearer('hmcp_made-up'), 'Bearer realm="heyreach-mcp", error="invalid_token"'],
  ])('with %s a client is told what it takes', (_, headers, told) => {
    const refusal = admit(access, headers as Headers) as Refusal;
    expect(refusal.headers).toEqual({ 'www-authenticate': told });
    expect(refusal.message).toContain('heyreach-mcp token NAME');
    expect(refusal.message).not.toContain('made-up');
  });

  test('takes no token out of the URL', () => {
    expect(outcomeOf(admit(access, {}, { url: `/mcp?token=${ann.token}` }))).toEqual(NO_TOKEN);
  });

  test('knows who would be let in no more', async () => {
    const found = admit(access, bearer(ann.token)) as Entrant;
    const other = admit(access, bearer(ben.token)) as Entrant;
    expect([found, other].map((one) => access.isStillIn(one))).toEqual([true, true]);
    await writeFile(join(folder, 'tokens'), ben.line);
    await file.reload();
    expect([found, other].map((one) => access.isStillIn(one))).toEqual([false, true]);
    expect(outcomeOf(admit(access, bearer(ann.token)))).toEqual(WRONG_TOKEN);
  });
});

describe('the key of the server, for whoever comes', () => {
  const OURS = ['own', own.fingerprint];
  const lending = openTo(own, { clientFor, lends: true });
  const alone = openTo(own, { clientFor, lends: false });
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const FOREIGN = [403, 'foreign_key'];

  test.each<[what: string, headers: Headers, ofLending: unknown[], ofAlone: unknown[]]>([
    ['nothing', {}, OURS, OURS],
    ['an empty key', key(' '), OURS, OURS],
    ['empty headers', { ...key(''), authorization: '' }, OURS, OURS],
    ["a key beside a proxy's own", { ...key(TEST_KEY), authorization: 'Basic YTpi' }, MINE, FOREIGN],
    ...unread.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [what, headers, ODD, ODD]),
    ...stray.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [
      what,
      headers,
      STRAY_TOKEN,
      STRAY_TOKEN,
    ]),
    ['a key', key(TEST_KEY), MINE, FOREIGN],
    ['a bearer', bearer(TEST_KEY), MINE, FOREIGN],
    ['both', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE, FOREIGN],
    ...odd.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [what, headers, ODD, ODD]),
  ])('%s', (_, headers, ofLending, ofAlone) => {
    expect(outcomeOf(admit(lending, headers))).toEqual(ofLending);
    expect(outcomeOf(admit(alone, headers))).toEqual(ofAlone);
  });
});

describe('a header that came twice, of which node hands over one', () => {
  const modes = [ownKeys(clientFor), openTo(own, { clientFor, lends: true }), openTo(own, { clientFor, lends: false })];
  test.each<[what: string, headers: Headers, raw: string[]]>([
    [
      'Authorization',
      bearer(TEST_KEY),
      ['Authorization', `Bearer ${TEST_KEY}`, 'Authorization', `Bearer ${OTHER_TEST_KEY}`],
    ],
    [
      'Authorization, twice the same',
      bearer(TEST_KEY),
      ['authorization', `Bearer ${TEST_KEY}`, 'AUTHORIZATION', `Bearer ${TEST_KEY}`],
    ],
    ['Authorization, once empty', bearer(TEST_KEY), ['authorization', `Bearer ${TEST_KEY}`, 'authorization', '']],
    [
      'Authorization beside a key',
      { ...key(TEST_KEY), authorization: 'Basic YTpi' },
      ['x-api-key', TEST_KEY, 'authorization', 'Basic YTpi', 'authorization', `Bearer ${TEST_KEY}`],
    ],
    ['X-API-KEY', key(TEST_KEY), ['X-API-KEY', TEST_KEY, 'Accept', '*/*', 'x-api-key', TEST_KEY]],
  ])('%s', (_, headers, raw) => {
    for (const access of modes) expect(outcomeOf(admit(access, headers, { raw }))).toEqual(ODD);
  });

  test('a value that reads as the name of one is none', () => {
    const raw = ['x-api-key', TEST_KEY, 'x-note', 'x-api-key', 'x-other', 'authorization'];
    expect(outcomeOf(admit(modes[0]!, key(TEST_KEY), { raw }))[0]).toBe(`key ${ofKey(TEST_KEY)}`);
  });
});

test('who presents something that is not read is told what is', () => {
  const access = openTo(own, { clientFor, lends: true });
  for (const [, headers] of unread) expect((admit(access, headers) as Refusal).message).toContain('Bearer');
  for (const [, headers] of stray) {
    const { message, headers: told } = admit(access, headers) as Refusal;
    expect(message).toContain('HEYREACH_MCP_TOKENS is not set');
    expect(told).toEqual({ 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' });
  }
});

test('no refusal says what was presented', () => {
  const modes = [ownKeys(clientFor), openTo(own, { clientFor, lends: true }), openTo(own, { clientFor, lends: false })];
  const given = [...[...odd, ...unread, ...stray].map(([, headers]) => headers), key(TEST_KEY), bearer(TEST_KEY)];
  for (const found of modes.flatMap((access) => given.map((headers) => admit(access, headers)))) {
    if (!isRefusal(found)) continue;
    for (const part of [TEST_KEY, OTHER_TEST_KEY, 'not a key', 'one two', 'schlüssel', 'YTpi', 'made-up'])
      expect(JSON.stringify(found)).not.toContain(part);
  }
});

import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../../src/client/index.ts';
import { httpError } from '../../../../src/lib/http-error.ts';
import { type Sent, send } from '../../../support/clients/raw-http.ts';
import { type HttpHarness, startHttpHarness } from '../../../support/programs/http-harness.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../../support/runs/keys.ts';
import { files, linesOf } from '../../../support/tools/caller-files.ts';

const JOB = '0123456789ab';
const TABLE = { kind: 'find_leads', columns: ['name'], rows: [['=Ada'], ['Łukasz']] };
const CSV = { 'content-type': 'text/csv' };
const WITH_KEY = { 'x-api-key': TEST_KEY };
const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');

let harness: HttpHarness;
beforeEach(async () => {
  harness = await startHttpHarness({ allowedOrigins: ['https://app.example.com'] });
});
afterEach(() => harness.close());
const at = (path: string) => harness.url.replace('/mcp', path);
const mine = () => files.ofOwner(fingerprintKey(TEST_KEY));
const upload = (body: string, headers: Record<string, string> = {}) =>
  send(at('/files'), { headers: { ...CSV, ...WITH_KEY, ...headers }, body });

describe('POST /files', () => {
  test('keeps the body for the key, and returns the value for the parameter file', async () => {
    const body = 'name,url\r\n"Łukasz",https://www.linkedin.com/in/lukasz-example\r\n';
    const reply = await upload(body);
    const sha = shaOf(body);
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      200,
      { file: `up:${sha}`, bytes: Buffer.byteLength(body) },
    ]);
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f]{16}$/);
    expect(Buffer.from((await mine().uploaded(sha))!).toString()).toBe(body);
    expect(await files.ofOwner(fingerprintKey(OTHER_TEST_KEY)).uploaded(sha)).toBeUndefined();
    expect(harness.lines).toContainEqual({
      requestId: reply.headers['x-request-id'],
      keyFingerprint: fingerprintKey(TEST_KEY),
      bytes: Buffer.byteLength(body),
      message: 'file was uploaded',
    });
    expect(harness.reports).toMatchObject([{ status: 200 }]);
  });

  test('accepts the body of curl --data-binary', async () => {
    expect((await upload('a,b\n', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(200);
  });

  test.each<[refusal: string, status: number, sent: Sent]>([
    ['no_key', 401, { headers: CSV, body: 'a' }],
    ['empty_file', 400, { headers: { ...CSV, ...WITH_KEY }, body: '' }],
    ['multipart', 415, { headers: { ...WITH_KEY, 'content-type': 'multipart/form-data; boundary=x' }, body: 'a' }],
    ['encoding', 415, { headers: { ...CSV, ...WITH_KEY, 'content-encoding': 'gzip' }, body: 'a' }],
    ['host', 403, { headers: { ...CSV, ...WITH_KEY, host: 'evil.example.com' }, body: 'a' }],
    ['origin', 403, { headers: { ...CSV, ...WITH_KEY, origin: 'https://evil.example.com' }, body: 'a' }],
    ['odd_credentials', 400, { headers: { ...CSV, 'x-api-key': 'two, keys' }, body: 'a' }],
    ['unfilled_key', 401, { headers: { ...CSV, 'x-api-key': '${HEYREACH_API_KEY}' }, body: 'a' }],
    ['repeated_header', 400, { headers: { ...WITH_KEY, 'content-type': ['text/csv', 'text/csv'] }, body: 'a' }],
  ])('rejects with %s, %i', async (refusal, status, sent) => {
    const reply = await send(at('/files'), sent);
    expect(reply.status).toBe(status);
    expect(reply.message()).toMatchObject({ jsonrpc: '2.0', error: { message: /\w{3}/ } });
    expect(reply.headers.connection).toBe('close');
    await expect
      .poll(() => harness.lines)
      .toContainEqual(expect.objectContaining({ refusal, status, requestId: reply.headers['x-request-id'] }));
  });

  test('rejects a file above 20 MB before its body', async () => {
    const head = ['POST /files HTTP/1.1', 'host: localhost', `x-api-key: ${TEST_KEY}`, 'content-length: 20000001'];
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
      socket.once('error', reject);
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('larger than 20 MB. Nothing was kept.');
  });

  test('allows a page of an allowed origin to post', async () => {
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    const reply = await send(at('/files'), { method: 'OPTIONS', headers });
    expect([reply.status, reply.headers['access-control-allow-methods']]).toEqual([204, 'POST']);
  });

  test('accepts no other method', async () => {
    const reply = await send(at('/files'), { method: 'GET', headers: WITH_KEY });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('a CSV over GET', () => {
  test('is the file of a result, or of the outcome of a job', async () => {
    const { resultId } = await mine().keep(TABLE);
    await mine().keepOutcome(JOB, TABLE);
    for (const [path, name] of [
      [`/results/${resultId}.csv`, `result-${resultId}.csv`],
      [`/jobs/${JOB}/outcome.csv`, `outcome-${JOB}.csv`],
    ] as const) {
      const reply = await send(at(path), { method: 'GET', headers: WITH_KEY });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(linesOf(Buffer.from(reply.text))).toEqual(['name', "'=Ada", 'Łukasz']);
    }
    expect(harness.lines.map(({ message }) => message)).toEqual(['file was downloaded', 'file was downloaded']);
  });

  test.each<[refusal: string, status: number, headers: Record<string, string>, path?: string]>([
    ['no_file', 404, { 'x-api-key': OTHER_TEST_KEY }],
    ['no_file', 404, WITH_KEY, '/results/ffffffffffff.csv'],
    ['no_key', 401, {}],
    ['host', 403, { ...WITH_KEY, host: 'evil.example.com' }],
    ['origin', 403, { ...WITH_KEY, origin: 'https://evil.example.com' }],
    ['not_found', 404, WITH_KEY, '/results/..%2f..%2fetc.csv'],
    ['secret_in_url', 400, {}, `/jobs/${JOB}/outcome.csv?key=${OTHER_TEST_KEY}`],
  ])('is rejected with %s, %i', async (refusal, status, headers, path = `/jobs/${JOB}/outcome.csv`) => {
    await mine().keepOutcome(JOB, TABLE);
    const reply = await send(at(path), { method: 'GET', headers });
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain('Łukasz');
    await expect.poll(() => harness.lines).toContainEqual(expect.objectContaining({ refusal, status }));
  });

  test('accepts no other method, and allows a page of an allowed origin to read', async () => {
    const path = `/jobs/${JOB}/outcome.csv`;
    const reply = await send(at(path), { method: 'POST', headers: WITH_KEY, body: 'a' });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, OPTIONS']);
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' };
    const asked = await send(at(path), { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers['access-control-allow-methods']]).toEqual([204, 'GET']);
  });
});

describe('access to files', () => {
  test('a key that HeyReach has not accepted gets 503, and nothing is kept', async () => {
    await harness.close();
    harness = await startHttpHarness({ hasAcceptedKey: () => false });
    const reply = await upload('never kept');
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10']);
    expect(await mine().uploaded(shaOf('never kept'))).toBeUndefined();
  });

  test('a token that is revoked during the upload gets 401, and nothing is kept', async () => {
    await harness.close();
    const client = { fingerprint: fingerprintKey(TEST_KEY) };
    let authenticated = 0;
    harness = await startHttpHarness({
      authenticator: {
        authenticate: () => {
          authenticated += 1;
          if (authenticated > 1) return httpError(401, 'wrong_token', 'The server does not know this token.');
          return { name: 'token made-up', client: client as never, token: { name: 'made-up' } as never };
        },
        isStillValid: () => false,
      },
    });
    expect((await upload('of a revoked token')).status).toBe(401);
    expect(await mine().uploaded(shaOf('of a revoked token'))).toBeUndefined();
  });

  test('uploads and calls share the limit of 64 requests of a caller', async () => {
    const calls = Array.from({ length: 64 }, (_, id) =>
      send(harness.url, {
        headers: WITH_KEY,
        body: { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'check_api_key', arguments: {} } },
      }),
    );
    await expect.poll(() => harness.begun()).toBe(64);
    const reply = await upload('one more');
    expect(reply.status).toBe(429);
    harness.release();
    await Promise.all(calls);
  });
});

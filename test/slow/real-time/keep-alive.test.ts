import { afterAll, beforeAll, describe, test } from 'vitest';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { type HttpHarness, startHttpHarness } from '../../support/programs/http-harness.ts';
import { pause } from '../../support/runs/timing.ts';

/** Proxies and hosts close a stream without data after a minute, and some of them sooner. */
const EVERY_MS = 15_000;

let harness: HttpHarness;
beforeAll(async () => {
  harness = await startHttpHarness({ toolMs: 50_000 });
});
afterAll(() => harness.close());

describe.concurrent('an idle stream sends a keep-alive', () => {
  test('a client of 2025 gets keep-alives during a long call', async ({ expect }) => {
    const reply = send(harness.url, { body: callOf('check_api_key') });
    await pause(2 * EVERY_MS + 7_000);
    harness.release();
    const { text } = await reply;
    expect(text.match(/^: .*$|^:$/gm)).toHaveLength(2);
    expect(text).toMatch(/"result":/);
  });

  test('a client of 2026-07-28 gets keep-alives without changes', async ({ expect }) => {
    const leaving = new AbortController();
    const response = await fetch(harness.url, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
        'x-api-key': 'not-a-real-key-that-listens',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {
          notifications: { resourcesListChanged: true },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    let text = '';
    const reading = response.body!.pipeTo(
      new WritableStream({
        write(chunk) {
          text += new TextDecoder().decode(chunk);
        },
      }),
      { signal: leaving.signal },
    );
    await pause(2 * EVERY_MS + 7_000);
    expect(harness.counts().streams).toBe(1);
    leaving.abort();
    await reading.catch(() => {});
    expect(text).toContain('notifications/subscriptions/acknowledged');
    expect(text.match(/^: .*$|^:$/gm)).toHaveLength(2);
    await expect.poll(() => harness.counts().streams).toBe(0);
  });
});

import { afterAll, beforeAll, describe, test } from 'vitest';
import { pause } from '../kit/at-once.ts';
import { type InHouse, startInHouse } from '../kit/in-house.ts';
import { callOf, send } from '../kit/raw-http.ts';

/** Proxies and hosts give a stream up that says nothing for a minute, some of them sooner. */
const EVERY_MS = 15_000;

let house: InHouse;
beforeAll(async () => {
  house = await startInHouse({ toolMs: 50_000 });
});
afterAll(() => house.close());

describe.concurrent('a stream that has nothing to say says so', () => {
  test('while a call of 2025 takes its time', async ({ expect }) => {
    const reply = send(house.url, { body: callOf('check_api_key') });
    await pause(2 * EVERY_MS + 2_000);
    house.letGo();
    const { text } = await reply;
    expect(text.match(/^: .*$|^:$/gm)).toHaveLength(2);
    expect(text).toMatch(/"result":/);
  });

  test('while nothing changes of what a client of 2026-07-28 listens to', async ({ expect }) => {
    const leaving = new AbortController();
    const response = await fetch(house.url, {
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
    await pause(2 * EVERY_MS + 2_000);
    expect(house.counts().streams).toBe(1);
    leaving.abort();
    await reading.catch(() => {});
    expect(text).toContain('notifications/subscriptions/acknowledged');
    expect(text.match(/^: .*$|^:$/gm)).toHaveLength(2);
    await expect.poll(() => house.counts().streams).toBe(0);
  });
});

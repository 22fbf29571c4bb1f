import { afterAll, beforeAll, expect, test } from 'vitest';
import type { McpPeer } from '../../support/clients/clients.ts';
import { CALLS, callTool, RETRY_CLASSES, startBefore } from '../../support/heyreach/fault-injection-calls.ts';
import { answer, type RawServer, startRawServer } from '../../unit/client/raw-server.ts';

const STATUSES = [301, 302, 303, 307, 308];
const PATH = '/api/public/elsewhere';
/** The targets of a redirect, made from the address of HeyReach and another address. */
const TARGETS: Record<string, (own: URL, other: URL) => string> = {
  'another port': (_own, other) => `${other.origin}${PATH}`,
  'another host': (_own, other) => `http://localhost:${other.port}${PATH}`,
  'another host without a scheme': (_own, other) => `//localhost:${other.port}${PATH}`,
  'https elsewhere': (_own, other) => `https://${other.host}${PATH}`,
  'https at its own address': (own) => `https://${own.host}${PATH}`,
  'its own address': (own) => `${own.origin}${PATH}`,
  'a path': () => PATH,
};

let heyreach: RawServer;
let other: RawServer;
let peer: McpPeer;
beforeAll(async () => {
  [heyreach, other] = await Promise.all([startRawServer(), startRawServer()]);
  peer = await startBefore(heyreach.url);
});
afterAll(async () => {
  await Promise.all([heyreach?.close(), other?.close()]);
  await peer?.close();
});

test.each(RETRY_CLASSES)('a %s call follows no redirect, whatever its status and target', async (retryClass) => {
  for (const status of STATUSES) {
    for (const [target, locate] of Object.entries(TARGETS)) {
      const location = locate(new URL(heyreach.url), new URL(other.url));
      heyreach.behave((socket) => socket.write(answer(status, '', { location })));
      const [asked, connected] = [heyreach.requests.length, heyreach.connections()];
      const { error, text } = await callTool(peer, CALLS[retryClass]);

      const cell = `${status} to ${target}`;
      expect(error, cell).toMatchObject({ kind: 'redirect', status, outcome: 'refused' });
      // An agent that knows the target might request it itself.
      expect(text, cell).not.toContain(location);
      expect(heyreach.requests.length - asked, cell).toBe(1);
      // A connection only for TLS would count as another one.
      expect(heyreach.connections() - connected, cell).toBeLessThanOrEqual(1);
    }
  }
  expect(heyreach.requests.filter(({ path }) => path.includes('elsewhere'))).toEqual([]);
  expect(other.connections()).toBe(0);
});

import { ProtocolError } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Changes } from '../../src/changes.ts';
import { guides, resources } from '../../src/resources/catalog.ts';
import { listResources } from '../../src/resources/list.ts';
import { readResource } from '../../src/resources/read.ts';
import { matchTemplate, splitUri } from '../../src/resources/uri.ts';
import type { Caller } from '../../src/tools/context.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { UNKNOWN_RESOURCES } from '../kit/resource-samples.ts';
import { openSafety } from '../kit/safety.ts';
import { oddHeyReach } from './odd-heyreach.ts';

const RUNS = { seed: 20260923, numRuns: 80 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
const INVISIBLE = /[\u0000-\u0008\u200b\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;
const reading = { resources, guides, hasTool: () => true };
const { signal } = new AbortController();

function callerOf(seed: number) {
  const { client, requests } = oddHeyReach(seed, TEST_KEY);
  const caller: Caller = {
    client,
    organization: undefined,
    source: 'live',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    safety: openSafety(),
    changes: new Changes(),
    toolMs: 54_000,
  };
  return { caller, requests };
}

/** What was answered, or the error: never anything but one of the protocol's. */
async function outcomeOf<Result>(act: Promise<Result>): Promise<Result | undefined> {
  const settled = act.catch(() => {});
  await vi.advanceTimersByTimeAsync(60_000);
  await settled;
  try {
    return await act;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    const { code, message } = error as ProtocolError;
    expect([-32602, -32603]).toContain(code);
    expect(message).not.toMatch(/TypeError|RangeError|node_modules|\.ts:\d/);
    expect(message).not.toMatch(INVISIBLE);
    return undefined;
  }
}

beforeAll(() => {
  vi.useFakeTimers();
});
afterAll(() => {
  vi.useRealTimers();
});

describe('whatever HeyReach answers', () => {
  test.each(resources.map(({ uri }) => UNKNOWN_RESOURCES[uri] ?? uri))(
    '%s is read, or refused by the protocol',
    async (uri) => {
      let read = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.constantFrom(96_000, 8_000), async (seed, maxBytes) => {
          const { caller, requests } = callerOf(seed);
          const found = await outcomeOf(readResource(uri, { ...reading, maxBytes }, caller, signal));
          expect(requests.length).toBeLessThanOrEqual(12);
          if (found === undefined) return;
          read += 1;
          const texts = found.contents.map((one) => ('text' in one ? one.text : ''));
          const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
          expect(bytes).toBeLessThanOrEqual(maxBytes + 2_000);
          for (const text of texts) expect(text).not.toMatch(INVISIBLE);
          const data = JSON.parse(texts.at(-1)!);
          expect(typeof data).toBe('object');
          if (texts.length > 1) expect(texts[0]).not.toMatch(/undefined|\[object |NaN/);
        }),
        RUNS,
      );
      expect(read).toBeGreaterThan(10);
    },
  );

  test('resources are listed, or the listing is refused', async () => {
    let listed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { caller } = callerOf(seed);
        const found = await outcomeOf(listResources(undefined, reading, caller, signal));
        if (found === undefined) return;
        listed += 1;
        for (const { uri, name, description = '' } of found.resources) {
          const segments = splitUri(uri)!;
          const isKnown = guides.some((guide) => guide.uri === uri);
          expect(isKnown || resources.some((one) => matchTemplate(one.uri, segments)), uri).toBe(true);
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThan(160);
          expect(`${name}${description}`).not.toMatch(/\n|undefined|\[object |NaN/);
          expect(`${name}${description}`).not.toMatch(INVISIBLE);
        }
      }),
      RUNS,
    );
    expect(listed).toBeGreaterThan(10);
  });
});

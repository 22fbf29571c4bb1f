import { ProtocolError } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RequestContext } from '../../src/mcp/request-context.ts';
import { ChangeEvents } from '../../src/mcp/services/change-events.ts';
import { guides, resources } from '../../src/resources/index.ts';
import { listResources } from '../../src/resources/protocol/list-resources.ts';
import { readResource } from '../../src/resources/protocol/read-resource.ts';
import { matchTemplate, splitUri } from '../../src/resources/shared/uri-template.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { runs } from '../support/runs/runs.ts';
import { files } from '../support/tools/caller-files.ts';
import { hiddenJobs } from '../support/tools/jobs.ts';
import { UNKNOWN_RESOURCES } from '../support/tools/resource-samples.ts';
import { openSafety } from '../support/tools/safety.ts';
import { oddHeyReach } from './odd-heyreach.ts';

const RUNS = { seed: 20260923, numRuns: runs(80) };
// biome-ignore lint/suspicious/noControlCharactersInRegex: results must not contain these characters.
const INVISIBLE = /[\u0000-\u0008\u200b\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;
const resourceSet = { resources, guides, hasTool: () => true };
const { signal } = new AbortController();

function callerOf(seed: number) {
  const { client, requests } = oddHeyReach(seed, TEST_KEY);
  const caller: RequestContext = {
    client,
    organization: undefined,
    source: 'live',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    safety: openSafety(),
    jobs: hiddenJobs,
    files,
    changes: new ChangeEvents(),
    toolMs: 54_000,
  };
  return { caller, requests };
}

/** The result, or undefined for a protocol error. Any other error fails the test. */
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

describe('for any response of HeyReach', () => {
  test.each(resources.map(({ uri }) => UNKNOWN_RESOURCES[uri] ?? uri))(
    '%s returns contents or a protocol error',
    async (uri) => {
      let read = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.constantFrom(96_000, 8_000), async (seed, maxBytes) => {
          const { caller, requests } = callerOf(seed);
          const result = await outcomeOf(readResource(uri, { ...resourceSet, maxBytes }, caller, signal));
          expect(requests.length).toBeLessThanOrEqual(12);
          if (result === undefined) return;
          read += 1;
          const texts = result.contents.map((content) => ('text' in content ? content.text : ''));
          const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
          expect(bytes).toBeLessThanOrEqual(maxBytes + 2_000);
          for (const text of texts) expect(text).not.toMatch(INVISIBLE);
          const data = JSON.parse(texts.at(-1)!);
          expect(typeof data).toBe('object');
          if (texts.length > 1) expect(texts[0]).not.toMatch(/undefined|\[object |NaN/);
        }),
        RUNS,
      );
      expect(read).toBeGreaterThan(RUNS.numRuns / 8);
    },
  );

  test('resources/list returns a page or a protocol error', async () => {
    let listed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { caller } = callerOf(seed);
        const result = await outcomeOf(listResources(undefined, resourceSet, caller, signal));
        if (result === undefined) return;
        listed += 1;
        for (const { uri, name, description = '' } of result.resources) {
          const segments = splitUri(uri)!;
          const isKnown = guides.some((guide) => guide.uri === uri);
          expect(isKnown || resources.some((resource) => matchTemplate(resource.uri, segments)), uri).toBe(true);
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThan(160);
          expect(`${name}${description}`).not.toMatch(/\n|undefined|\[object |NaN/);
          expect(`${name}${description}`).not.toMatch(INVISIBLE);
        }
      }),
      RUNS,
    );
    expect(listed).toBeGreaterThan(RUNS.numRuns / 8);
  });
});

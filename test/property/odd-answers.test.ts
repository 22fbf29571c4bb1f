import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../src/tools/registry.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { isFullRun } from '../support/runs/run-scope.ts';
import { runs } from '../support/runs/runs.ts';
import { type InputSchema, validArguments } from '../support/tools/arguments.ts';
import { outputValidatorOf } from '../support/tools/output-validator.ts';
import { answerTool } from '../support/tools/safety.ts';
import { oddHeyReach } from './odd-heyreach.ts';

const SEED = 20260314;
const CASES = runs(100);
const CAP = 48_000;

beforeAll(async () => {
  // A lazy import takes real time, and the fake clock does not wait for it.
  await Promise.all([
    import('../../src/state/memory/open-confirmations.ts'),
    import('../../src/workflows/people-index/part-cache.ts'),
    import('lru-cache'),
    import('csv-parse/sync'),
    import('csv-stringify/sync'),
    import('iconv-lite'),
  ]);
  vi.useFakeTimers();
});
afterAll(() => {
  vi.useRealTimers();
});

/** The prototypes of all objects in a value. JSON can create only the standard ones. */
function hasPlainPrototypes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === (Array.isArray(value) ? Array.prototype : Object.prototype);
  return isPlain && !Object.hasOwn(value, '__proto__') && Object.values(value).every(hasPlainPrototypes);
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  const { inputSchema } = describeTool(tool);
  const accepts = outputValidatorOf(tool);

  test('returns a valid result or error for every response of HeyReach', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(validArguments(inputSchema as InputSchema), fc.nat(), async (args, seed) => {
        const { client, requests } = oddHeyReach(seed, TEST_KEY);
        const confirm = seed % 2 === 0 ? 'ask' : 'off';
        const began = Date.now();
        let took = Number.POSITIVE_INFINITY;
        const running = answerTool(tool, args, client, { confirm }).finally(() => {
          took = Date.now() - began;
        });
        await vi.advanceTimersByTimeAsync(60_000);
        expect(took, 'the time it took').toBeLessThanOrEqual(55_000);
        const result = await running;
        vi.clearAllTimers();

        const structured = result.structuredContent as Record<string, unknown> & { error?: { kind: string } };
        const texts = result.content.flatMap((part) => (part.type === 'text' ? part.text : []));
        expect(accepts(structured), JSON.stringify(accepts.errors)).toBe(true);
        expect(structured.error?.kind, texts[0]).not.toBe('internal');
        expect(hasPlainPrototypes(structured)).toBe(true);
        expect(Object.keys(Object.prototype)).toEqual([]);
        for (const text of texts) {
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(CAP);
          expect(text).not.toMatch(/node_modules|node:internal|\.ts:\d+|TypeError|RangeError/);
          expect(text).not.toContain(TEST_KEY);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: results must not contain these characters.
          expect(text).not.toMatch(/[\u0000-\u0008\u200b\u202a-\u202e\ufeff]/);
          expect(text.isWellFormed()).toBe(true);
        }
        if (result.isError) {
          expect(structured.error).toMatchObject({
            kind: expect.any(String),
            message: expect.stringMatching(/\S/),
            nextStep: expect.stringMatching(/\S/),
            outcome: expect.stringMatching(/^(not_sent|refused|unknown)$/),
          });
          if (requests.length === 0) expect(structured.error).toMatchObject({ outcome: 'not_sent' });
        } else {
          expect(texts).toHaveLength(1);
          expect(JSON.parse(texts[0]!)).toEqual(JSON.parse(JSON.stringify(structured)));
          expect(structured).not.toHaveProperty('error');
        }
        if (structured.error?.kind !== 'invalid_input') answered += 1;
      }),
      { seed: SEED, numRuns: CASES },
    );
    // Rules across parameters reject arguments, nine in ten for get_performance and import_leads. In a short run they
    // can reject all.
    const isRuled = ['get_performance', 'import_leads'].includes(tool.name);
    if (isFullRun) expect(answered).toBeGreaterThan(CASES / (isRuled ? 20 : 4));
  });
});

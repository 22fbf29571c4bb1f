import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitTo, type HeyReachClient, HeyReachError } from '../../src/client/index.ts';
import type { Tool } from '../../src/tools/define.ts';
import { describeTool } from '../../src/tools/output.ts';
import { tools } from '../../src/tools/registry.ts';
import { type InputSchema, spoiledArguments, validArguments } from '../kit/arguments.ts';
import { areas } from '../kit/operations.ts';
import { answerTool } from '../kit/safety.ts';

const SEED = 20260418;
const CASES = 120;

/** Bodies as HeyReach might answer them on a bad day: known fields with values of any kind, rows of any kind. */
const body: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  fc.constantFrom(
    ...[
      'id',
      'totalCount',
      'items',
      'messages',
      'name',
      'status',
      'campaignAccountIds',
      'progressStats',
      'notFoundInList',
    ],
    ...[
      'addedLeadsCount',
      'updatedLeadsCount',
      'failedLeadsCount',
      'overallStats',
      'byDayStats',
      'nextCursor',
      'hasNextPage',
    ],
    ...[
      'tags',
      'newAssignedTags',
      'experiences',
      'customHeaders',
      'entries',
      'duplicates',
      'correspondentProfile',
      'error',
    ],
    ...['excludeInOtherCampaigns', 'excludeHasOtherAccConversations', 'excludeContactedFromSenderInOtherCampaign'],
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.boolean(),
    fc.nat(500),
    fc.array(
      fc.oneof(fc.dictionary(fc.constantFrom('id', 'name', 'body', 'leadStatus'), fc.jsonValue()), fc.jsonValue()),
      { maxLength: 6 },
    ),
  ),
  { maxKeys: 8 },
);

/** A client that answers made-up bodies, brought into shape as the real one does, and fails now and then. */
function fakeClient(answer: Record<string, unknown>, fails: boolean) {
  let calls = 0;
  const client = new Proxy({} as HeyReachClient, {
    get: (_, area: string) => {
      if (area === 'fingerprint') return 'made up';
      if (area === 'hideKey') return (text: string) => text;
      return new Proxy(
        {},
        {
          get: (_target, name: string) => async () => {
            calls += 1;
            const operation = areas[area]?.[name];
            if (operation === undefined) throw new Error(`no operation ${area}.${name}`);
            if (fails && calls > 1) throw failure;
            if (operation.answers === 'nothing') return undefined;
            if (operation.answers.endsWith('number')) return 1;
            const given = structuredClone(answer);
            if (operation.response !== undefined) fitTo(operation.response as never, given);
            return given;
          },
        },
      );
    },
  });
  return { client, calls: () => calls };
}

const failure = new HeyReachError({
  kind: 'server_error',
  status: 500,
  outcome: 'unknown',
  message: 'made up',
  meaning: 'Made up.',
  nextStep: 'None.',
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** What must hold for any call at all, whether or not anything is asked before it. */
async function check(
  tool: Tool,
  valid: ValidateFunction,
  args: unknown,
  answer: Record<string, unknown>,
  fails: boolean,
) {
  if (tool.asks !== 'no') await checkOne(tool, valid, args, answer, fails, 'ask');
  return checkOne(tool, valid, args, answer, fails, 'off');
}

async function checkOne(
  tool: Tool,
  valid: ValidateFunction,
  args: unknown,
  answer: Record<string, unknown>,
  fails: boolean,
  confirm: 'ask' | 'off',
) {
  const { client, calls } = fakeClient(answer, fails);
  const result = await answerTool(tool, args, client, { confirm, toolMs: 0 });
  const text = result.content.map((part) => ('text' in part ? part.text : '')).join('');
  const { error } = (result.structuredContent ?? {}) as { error?: { kind: string; message: string; outcome: string } };
  expect(valid(result.structuredContent), JSON.stringify(valid.errors)).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(49_500);
  expect(text).not.toMatch(/\n\s+at |TypeError|node_modules/);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(error?.kind).not.toBe('internal');
  if (result.isError) expect(error).toBeDefined();
  if (error?.kind === 'invalid_input') expect(error.outcome).toBe('not_sent');
  if (error?.kind === 'invalid_input') expect(calls()).toBe(0);
  return { refused: error?.kind === 'invalid_input', message: error?.message ?? '', calls: calls() };
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  const definition = describeTool(tool);
  const schema = definition.inputSchema as InputSchema;
  const valid = ajv.compile(definition.outputSchema);

  test('takes what its schema allows, whatever HeyReach answers', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(validArguments(schema), body, fc.boolean(), async (args, answer, fails) => {
        const { refused } = await check(tool, valid, args, answer, fails);
        if (!refused) taken += 1;
      }),
      { seed: SEED, numRuns: CASES, endOnFailure: true },
    );
    // Rules across parameters refuse some; most of what a schema allows has to be taken.
    expect(taken).toBeGreaterThan(CASES / 5);
  });

  test('refuses what it does not take by the name of a parameter, and sends nothing', async () => {
    const names = Object.keys(schema.properties ?? {});
    await fc.assert(
      fc.asyncProperty(spoiledArguments(schema), body, async (args, answer) => {
        const { refused, message } = await check(tool, valid, args, answer, false);
        if (!refused) return;
        const named =
          names.some((name) => message.includes(name)) || /unknown parameter|arguments must be|row \d+:/.test(message);
        expect(named, message).toBe(true);
      }),
      { seed: SEED, numRuns: CASES, endOnFailure: true },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeyReachClient } from '../../src/client/index.ts';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../src/tools/registry.ts';
import { runs } from '../support/runs/runs.ts';
import { type InputSchema, validArguments } from '../support/tools/arguments.ts';
import { outputValidatorOf } from '../support/tools/output-validator.ts';
import { answerTool } from '../support/tools/safety.ts';
import { knownFaults } from './known-issues.ts';

const SEED = 20260314;
const CASES = runs(200);

/** A client that records every call and returns nothing. */
function silentClient() {
  const calls: string[] = [];
  const area = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, operation) => () => {
          calls.push(`${name}.${String(operation)}`);
          return Promise.reject(new Error('a refused call must not get here'));
        },
      },
    );
  const client = new Proxy({} as HeyReachClient, {
    get: (_, name) => (name === 'isSandbox' ? () => false : area(String(name))),
  });
  return { client, calls };
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  const { inputSchema } = describeTool(tool);
  const schema = inputSchema as InputSchema;
  const accepts = outputValidatorOf(tool);

  async function expectRefusal(args: unknown, named: string, what: string): Promise<void> {
    const { client, calls } = silentClient();
    const result = await answerTool(tool, args, client);
    expect(calls, what).toEqual([]);
    expect(result, what).toMatchObject({
      isError: true,
      structuredContent: { error: { kind: 'invalid_input', outcome: 'not_sent' } },
    });
    expect(accepts(result.structuredContent), what).toBe(true);
    expect(result.content, what).toHaveLength(1);
    const { text } = result.content[0] as { text: string };
    expect(text.includes(named) || /; and \d+ more/.test(text), `${what}: ${named} is not in: ${text}`).toBe(true);
    expect(text.length, what).toBeLessThan(5_000);
    expect(({} as { polluted?: boolean }).polluted, what).toBeUndefined();
  }

  test('rejects known issues at every depth with the name, and sends nothing', async () => {
    await fc.assert(
      fc.asyncProperty(validArguments(schema), fc.nat(), async (args, which) => {
        const spoiled = structuredClone(args) as Record<string, unknown>;
        const faults = knownFaults(schema, spoiled);
        const fault = faults[which % faults.length]!;
        fault.spoil(spoiled);
        await expectRefusal(spoiled, fault.named, fault.what);
      }),
      { seed: SEED, numRuns: CASES },
    );
  });

  test.each([[[]], [[{}]], ['text'], [7], [true]])('rejects %j as arguments', async (args) => {
    await expectRefusal(args, 'arguments', JSON.stringify(args));
  });
});

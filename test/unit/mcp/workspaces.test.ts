import { describe, expect, test } from 'vitest';
import type { HeyReachClient } from '../../../src/client/index.ts';
import { describeTool } from '../../../src/mcp/definitions/tool-definition.ts';
import { joinResults } from '../../../src/mcp/results/all-workspaces.ts';
import { plainResult, rejection } from '../../../src/mcp/results/tool-result.ts';
import { chooseWorkspace, type Workspaces } from '../../../src/mcp/workspaces.ts';
import { tools } from '../../../src/tools/registry.ts';

const of = (names: string[], hasUnnamed = false): Workspaces => ({
  names: () => names,
  byDefault: () => (hasUnnamed ? undefined : names[0]),
  isChoice: () => names.length > 1 || hasUnnamed,
  clientOf: () => ({}) as HeyReachClient,
});
const TWO = of(['acme', 'globex']);
const toolOf = (name: string) => tools.find((tool) => tool.name === name)!;
const parameterOf = (name: string, workspaces: Workspaces) => {
  const { properties, required = [] } = describeTool(toolOf(name), { isConfirmationOn: true, workspaces })
    .inputSchema as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return { schema: properties?.workspace, isRequired: required.includes('workspace') };
};

describe('the parameter workspace', () => {
  test('is optional in reads, which use the first by default, and required in writes', () => {
    const read = { type: 'string', enum: ['acme', 'globex'], description: 'Default acme' };
    expect(parameterOf('list_campaigns', TWO)).toEqual({ schema: read, isRequired: false });
    const write = { type: 'string', enum: ['acme', 'globex'] };
    expect(parameterOf('send_message', TWO)).toEqual({ schema: write, isRequired: true });
    expect(parameterOf('add_leads_to_campaign', TWO)).toEqual({ schema: write, isRequired: true });
  });

  test('accepts all in the reads that support all workspaces', () => {
    const taking = tools.filter(({ name }) => JSON.stringify(parameterOf(name, TWO).schema ?? {}).includes('"all"'));
    expect(taking.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['list_unanswered', 'get_performance', 'get_sender_capacity', 'find_leads']),
    );
    for (const { risk } of taking) expect(risk).toBe('read');
  });

  test('is absent with one workspace, and in tools of the organization', () => {
    expect(parameterOf('send_message', of(['acme'])).schema).toBeUndefined();
    expect(parameterOf('list_workspaces', TWO).schema).toBeUndefined();
    expect(parameterOf('send_message', of(['acme'], true)).schema).toEqual({ type: 'string', enum: ['acme'] });
  });

  test('lists no values if there are many', () => {
    const many = of(Array.from({ length: 40 }, (_, index) => `customer-${index}`));
    expect(parameterOf('list_campaigns', many).schema).toEqual({ type: 'string', description: 'Default customer-0' });
  });
});

describe('a call', () => {
  const choose = (name: string, args: unknown, workspaces = TWO) => chooseWorkspace(toolOf(name), args, workspaces);

  test('removes the workspace from the arguments of the tool', () => {
    expect(choose('list_campaigns', { workspace: 'globex', limit: 1 })).toEqual({
      arguments: { limit: 1 },
      name: 'globex',
    });
    expect(choose('send_message', { workspace: 'acme' })).toEqual({ arguments: {}, name: 'acme' });
  });

  test.each([undefined, null, '', {}, { workspace: null }])(
    'of a read without a workspace uses the first: %j',
    (args) => {
      const input = typeof args === 'object' && args !== null ? args : {};
      expect(choose('list_campaigns', input)).toEqual({ arguments: {}, name: 'acme' });
      expect(choose('list_campaigns', input, of(['acme'], true))).toEqual({ arguments: {}, name: undefined });
    },
  );

  test('a write without a workspace, with all, or with an unknown one is rejected', () => {
    expect(choose('send_message', {})).toEqual({ issue: 'workspace is required: one of acme, globex' });
    expect(choose('pause_campaign', { workspace: 'all' })).toEqual({
      issue: 'workspace cannot be all: a write takes one workspace, one of acme, globex',
    });
    expect(choose('send_message', { workspace: 'globx' })).toEqual({
      issue: 'workspace must be one of acme, globex (got "globx"; did you mean globex?)',
    });
    expect(choose('send_message', { workspace: ['acme'] })).toMatchObject({ issue: /must be one of/ });
  });

  test('a write uses the only workspace', () => {
    expect(choose('send_message', {}, of(['acme']))).toEqual({ arguments: {}, name: 'acme' });
  });

  test('a read of all workspaces requests few rows of each, and accepts no cursor', () => {
    expect(choose('list_unanswered', { workspace: 'all', limit: 50 })).toEqual({
      arguments: { limit: 10 },
      all: ['acme', 'globex'],
    });
    expect(choose('list_unanswered', { workspace: 'all', cursor: 'x' })).toMatchObject({ issue: /cursor goes on/ });
    expect(choose('list_campaigns', { workspace: 'all' })).toMatchObject({ issue: /this tool reads one/ });
  });
});

describe('the joined result of all workspaces', () => {
  const rows = Array.from({ length: 12 }, (_, index) => [`Ada ${index}`]);
  const structure = {
    waiting: 12,
    byAge: { under1d: 12 },
    columns: ['name'],
    rows,
    senders: { columns: ['id'], rows: [[1]] },
    nextCursor: 'next',
    untrustedFields: ['rows[][]', 'incomplete[].reason'],
  };
  const done = (workspace: string, fields: Record<string, unknown> = structure) => ({
    workspace,
    result: plainResult(fields),
  });
  const failed = (workspace: string) => ({
    workspace,
    result: rejection('unauthorized', 'Invalid key.', 'Replace it.'),
  });

  test('has the counts of each workspace first, then ten rows of each', () => {
    const { structuredContent, content } = joinResults([
      done('acme'),
      done('globex', { waiting: 0, columns: [], rows: [] }),
    ]);
    expect(structuredContent).toEqual({
      workspaces: [
        { workspace: 'acme', waiting: 12, byAge: { under1d: 12 } },
        { workspace: 'globex', waiting: 0 },
      ],
      tables: [
        {
          workspace: 'acme',
          columns: ['name'],
          rows: rows.slice(0, 10),
          senders: { columns: ['id'], rows: [[1]] },
          more: 'Call with workspace=acme for further rows.',
        },
        { workspace: 'globex', columns: [], rows: [] },
      ],
      untrustedFields: ['tables[].rows[][]', 'workspaces[].incomplete[].reason'],
    });
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  });

  test('names a failed workspace, and is an error only if all failed', () => {
    expect(joinResults([done('acme'), failed('globex')]).structuredContent).toMatchObject({
      workspaces: [{ workspace: 'acme' }],
      incomplete: [{ workspace: 'globex', reason: 'Invalid key.', nextStep: 'Replace it.' }],
    });
    expect(joinResults([failed('acme'), failed('globex')])).toMatchObject({
      isError: true,
      structuredContent: { error: { kind: 'unauthorized' } },
    });
  });
});

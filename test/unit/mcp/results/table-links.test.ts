import type { ServerContext } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { HeyReachError } from '../../../../src/client/index.ts';
import { readsLinks, toLink, withoutLinks } from '../../../../src/mcp/results/table-links.ts';
import { asTextOnly, failedResult, jobResultOf, toResult } from '../../../../src/mcp/results/tool-result.ts';
import { defineTool } from '../../../../src/mcp/tool.ts';

const KEPT = { resultId: '0123456789ab', uri: 'heyreach://jobs/0123456789ab/outcome.csv', rows: 1_845, bytes: 90_000 };
const LINK = {
  type: 'resource_link',
  uri: KEPT.uri,
  name: 'outcome.csv',
  description: '1845 rows, kept for 24 hours',
  mimeType: 'text/csv',
  size: 90_000,
};
const tool = defineTool({
  name: 'made_up',
  title: 'Made up',
  description: 'Made up.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({}),
  output: () => z.looseObject({ rows: z.number() }),
  run: async () => ({ data: {} }),
});
const output = { data: { rows: 1 }, links: [KEPT] };

describe('the links of a result to its tables', () => {
  test('come after the text, with name, type and size', () => {
    expect(toLink(KEPT)).toEqual(LINK);
    expect(toResult(tool, output, false).content).toEqual([{ type: 'text', text: '{"rows":1}' }, LINK]);
  });

  test('stay in a failed call, and where results are text only', () => {
    const error = new HeyReachError({
      kind: 'changed',
      outcome: 'not_sent',
      message: 'no',
      meaning: 'no',
      nextStep: 'no',
    });
    const failed = failedResult(tool, error, {}, toResult(tool, output, false));
    expect(failed.content.map(({ type }) => type)).toEqual(['text', 'text', 'resource_link']);
    expect(asTextOnly(failed).content.map(({ type }) => type)).toEqual(['text', 'resource_link']);
  });

  test('stay with the result of a job', () => {
    expect(jobResultOf(tool, output, false)).toEqual({ structured: { rows: 1 }, untrustedFields: [], links: [KEPT] });
    expect(jobResultOf(tool, { data: {} }, false)).not.toHaveProperty('links');
  });

  test('are omitted for clients of revisions without resource links', () => {
    expect(withoutLinks(toResult(tool, output, false)).content).toEqual([{ type: 'text', text: '{"rows":1}' }]);
  });
});

describe('a client supports resource links', () => {
  const over = (header: string | undefined) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'mcp-protocol-version': header };
    return { mcpReq: {}, http: { req: new Request('http://localhost/mcp', { headers }) } } as unknown as ServerContext;
  };
  const stdio = { mcpReq: {} } as ServerContext;

  test.each([
    ['2025-06-18', true],
    ['2025-11-25', true],
    ['2025-03-26', false],
    ['2024-11-05', false],
    [undefined, false],
  ])('in the revision %s: %s', (revision, expected) => {
    expect(readsLinks(stdio, revision)).toBe(expected);
    // A stateless request has no connection, so its header decides.
    expect(readsLinks(over(revision), '2025-03-26')).toBe(expected);
  });

  test('if the request has the envelope of 2026-07-28', () => {
    const envelope = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    expect(readsLinks({ mcpReq: { envelope } } as unknown as ServerContext, undefined)).toBe(true);
  });
});

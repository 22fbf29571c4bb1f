import { expect, test } from 'vitest';
import * as z from 'zod';
import { describeIssues } from '../../../../src/mcp/arguments/describe-issues.ts';

const schema = z.object({
  tags: z.array(z.strictObject({ displayName: z.string(), color: z.string().optional() })),
  ids: z.array(z.number()).optional(),
});
const sentencesOf = (input: object) =>
  describeIssues(schema.safeParse(input, { reportInput: true }).error?.issues ?? [], { input, schema }).sentences;

test('errors about objects show their shape', () => {
  expect(sentencesOf({ tags: ['a'] })).toEqual([
    'tags[0] must be an object, got the text "a" (such as {"displayName":"…"})',
  ]);
  expect(sentencesOf({ tags: { a: 'b' } })).toEqual([
    'tags must be a list, got an object (such as [{"displayName":"…"}])',
  ]);
});

test('no error suggests an empty list for a value', () => {
  expect(sentencesOf({ tags: [], ids: { a: 1 } })).toEqual(['ids must be a list, got an object']);
});

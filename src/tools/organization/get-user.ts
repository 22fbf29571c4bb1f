import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { filledInId, notBlank } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';

const ISSUE = 'must be a user id from list_users';
/**
 * HeyReach does not document the type of user ids. The id is a path segment, so . and .. are rejected.
 * The published type is text, because some frameworks drop a type that is one of several.
 */
const userId = lazy(() =>
  z
    .preprocess(
      (value) => (Number.isSafeInteger(value) && Number(value) > 0 ? String(value) : value),
      z.string(ISSUE).check(notBlank, z.regex(/^(?!\.{1,2}$).{1,100}$/, ISSUE), filledInId),
    )
    .describe('User id'),
);

export const getUser = defineTool({
  name: 'get_user',
  title: 'Get a user',
  description: 'Returns one user of the organization with role and invitation state. User ids come from list_users.',
  toolset: 'organization',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ userId: userId() }),
  output: anyOutput,
  nextStep: organizationStep(),
  async run({ userId }, { client, call }) {
    return untypedResult(await client.organization.getUser({ userId }, call));
  },
});

import * as z from 'zod';
import { lead } from '../../client/operations/leads.ts';
import { detail, profileUrl } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { parseHistory } from '../../views/people.ts';

const history = z.array(z.unknown()).nullish();

const BY_URL =
  'HeyReach finds a lead by profileUrl only; list_lists_for_lead takes an e-mail address or a member id, and list_conversations a name';

export const getLead = defineTool({
  name: 'get_lead',
  title: 'Get a lead',
  description:
    'Returns profile, jobs and education of a person who is in a HeyReach list, campaign or conversation. It cannot look up other people on LinkedIn.',
  toolset: 'leads',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ profileUrl: profileUrl('Profile URL or slug'), ...detail() }),
  missingParameters: {
    email: BY_URL,
    name: BY_URL,
    linkedinId: BY_URL,
  },
  output: () => lead().extend({ experiences: history, education: history }),
  clipAt: 1_000,
  async run(input, { client, call }) {
    const profile = await client.leads.getLead({ profileUrl: input.profileUrl }, call);
    return {
      data: { ...profile, experiences: parseHistory(profile.experiences), education: parseHistory(profile.education) },
    };
  },
});

import { z } from 'zod';
import { lead } from '../../client/operations/leads.ts';
import { defineTool } from '../define.ts';
import { detail, profileUrl } from '../fields.ts';
import { parseHistory } from './history.ts';

const history = z.array(z.unknown()).nullish();

export const getLead = defineTool({
  name: 'get_lead',
  title: 'Get a lead',
  description:
    'The profile of a person HeyReach holds already (in a list, campaign or conversation), with jobs and education. It cannot look up others on LinkedIn.',
  toolset: 'leads',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { profileUrl: profileUrl('Profile URL or slug'), ...detail },
  output: lead.extend({ experiences: history, education: history }),
  clipAt: 1_000,
  async run(input, { client, call }) {
    const found = await client.leads.getLead({ profileUrl: input.profileUrl }, call);
    return {
      data: { ...found, experiences: parseHistory(found.experiences), education: parseHistory(found.education) },
    };
  },
});

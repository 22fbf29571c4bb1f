import { z } from 'zod';
import { lead } from '../../client/operations/leads.ts';
import { defineTool } from '../define.ts';
import { detail, profileUrl } from '../fields.ts';

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
      data: { ...found, experiences: parseList(found.experiences), education: parseList(found.education) },
    };
  },
});

/** HeyReach sends these two as JSON inside a string; what cannot be read stays as it came. */
function parseList(value: unknown): unknown[] | null {
  if (value == null || value === '') return null;
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return [value];
  }
}

import { afterEach } from 'vitest';
import type { ToolResult } from '../clients/clients.ts';
import { rowsOf } from './tables.ts';
import { useToolHarness } from './tool-harness.ts';

export const ada = 'https://www.linkedin.com/in/ada-example';
export const mei = 'https://www.linkedin.com/in/mei-example';
export const table = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);

interface Membership {
  campaignId: number | null;
  campaignName?: string;
  campaignStatus: string;
  leadStatus: string;
}

/** A person in a running campaign, in a finished one and in a canceled one. */
export const memberships = (leadStatus = 'InSequence'): Membership[] => [
  { campaignId: 1, campaignName: 'One', campaignStatus: 'IN_PROGRESS', leadStatus },
  { campaignId: 2, campaignName: 'Two', campaignStatus: 'IN_PROGRESS', leadStatus: 'Finished' },
  { campaignId: 3, campaignName: 'Three', campaignStatus: 'CANCELED', leadStatus: 'Pending' },
];
export const pageOf = (items: unknown[]) => ({ body: { totalCount: items.length, items } });
export const urlIn = (body: string) => {
  const { profileUrl, leadUrl, leadProfileUrl } = JSON.parse(body) as Record<string, string>;
  return profileUrl ?? leadUrl ?? leadProfileUrl ?? '';
};

/** suppress_leads on the wire. A test sets the answers of HeyReach that differ. */
export function useSuppressLeads() {
  const wire = useToolHarness();
  /** People who were stopped. */
  const stopped = new Set<string>();
  afterEach(() => stopped.clear());

  /** A HeyReach in which every stop, tag and entry works, except for the answers of a test. */
  function answer(different: Parameters<typeof wire.answerWith>[0] = {}) {
    wire.answerWith({
      '/blacklist/AddLeads': ({ body }) => {
        const { leads } = JSON.parse(body) as { leads: unknown[] };
        const entries = leads.map((_, inputIndex) => ({ inputIndex, id: 100 + inputIndex, created: true }));
        return { body: { added: leads.length, entries, duplicates: [], validationErrors: [] } };
      },
      '/blacklist/GetLeads': pageOf([
        { id: 100, profileUrl: ada, matchingStatus: 'Matched' },
        { id: 101, profileUrl: mei, matchingStatus: 'Matched' },
      ]),
      '/campaign/GetCampaignsForLead': ({ body }) =>
        pageOf(memberships(stopped.has(urlIn(body)) ? 'Finished' : 'InSequence')),
      '/campaign/StopLeadInCampaign': ({ body }) => {
        stopped.add(urlIn(body));
        return {};
      },
      '/lead/AddTags': { body: { newAssignedTags: ['do-not-contact'] } },
      ...different,
    });
  }
  const call = (args: Record<string, unknown>) => wire.call('suppress_leads', args);
  return { wire, stopped, answer, call };
}

import { type LeadProfile, leadProfile } from '../../client/operations/fields.ts';
import { detail, id, paging } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { personRow } from '../../views/people.ts';

export const listNetwork = defineTool({
  name: 'list_network',
  title: "List a sender's connections",
  description: 'Lists the first-degree connections of a sender. For one person use check_connection.',
  toolset: 'network',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ senderId: id('Sender id'), ...paging(), ...detail() }),
  missingParameters: { keyword: 'HeyReach cannot search a network; check_connection checks one person' },
  output: () => pageOutput(leadProfile()),
  async run({ senderId, offset, limit }, { client, call, full }) {
    // HeyReach counts pages, so rows that straddle two pages take two calls. A page can be short, so each row keeps its offset.
    const page = Math.floor(offset / limit);
    const within = offset % limit;
    const read = async (pageNumber: number) => {
      const { items, totalCount } = await client.network.getForSender({ senderId, pageNumber, pageSize: limit }, call);
      const placed = (items ?? []).map((person, index) => ({ person, offset: pageNumber * limit + index }));
      return { placed, totalCount };
    };
    const { placed: first, totalCount } = await read(page);
    const isLast = typeof totalCount === 'number' ? (page + 1) * limit >= totalCount : first.length < limit;
    const second = within > 0 && !isLast ? (await read(page + 1)).placed : [];
    const rows = [...first.slice(within), ...second.slice(0, within)];
    const row = full ? (person: LeadProfile) => person : personRow;
    return pageResult({ totalCount, items: rows }, offset, ({ person }) => row(person), {
      offsetAfter: (rowCount) => rows[rowCount]?.offset ?? offset + limit,
    });
  },
});

import { type LeadProfile, leadProfile } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { detail, id, paging } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { personRow } from '../person-row.ts';

export const listNetwork = defineTool({
  name: 'list_network',
  title: "List a sender's connections",
  description: 'The first-degree connections of a sender. For one person use check_connection.',
  toolset: 'network',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { senderId: id('Sender id'), ...paging(), ...detail },
  output: pageOutput(leadProfile),
  async run({ senderId, offset, limit }, { client, call, full }) {
    // HeyReach counts pages: rows that straddle two of them take two calls. A page may come back short, so each row keeps
    // its own place.
    const page = Math.floor(offset / limit);
    const within = offset % limit;
    const read = async (pageNumber: number) => {
      const { items, totalCount } = await client.network.getForSender({ senderId, pageNumber, pageSize: limit }, call);
      const placed = (items ?? []).map((person, index) => ({ person, place: pageNumber * limit + index }));
      return { placed, totalCount };
    };
    const { placed: first, totalCount } = await read(page);
    const isLast = typeof totalCount === 'number' ? (page + 1) * limit >= totalCount : first.length < limit;
    const second = within > 0 && !isLast ? (await read(page + 1)).placed : [];
    const rows = [...first.slice(within), ...second.slice(0, within)];
    const row = full ? (person: LeadProfile) => person : personRow;
    return pageAnswer({ totalCount, items: rows }, offset, ({ person }) => row(person), {
      offsetAfter: (kept) => rows[kept]?.place ?? offset + limit,
    });
  },
});

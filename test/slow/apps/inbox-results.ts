const ROW = {
  conversationId: '2-abc',
  linkedInAccountId: 170_001,
  name: 'Ada Example',
  company: 'Example Ltd',
  said: 'Tell me more…(130)',
  weSaid: 'Hello',
  waitingSince: '2026-11-28T09:30',
  inbound: 1,
  campaigns: [600_061],
  read: false,
  profileUrl: 'ada-example-1',
};

/** A result of list_unanswered with these people. Omitted fields have the values of `ROW`. */
export function resultOf(...people: Partial<Record<keyof typeof ROW, unknown>>[]) {
  const columns = Object.keys(ROW);
  const rows = people.map((person) => Object.values({ ...ROW, ...person }));
  const data = {
    ...{ asOf: '2026-11-30T09:30Z', from: '2026-10-31', scanned: 9, waiting: rows.length, byAge: { over7d: 0 } },
    ...{ columns, rows },
    senders: { columns: ['linkedInAccountId', 'name'], rows: [[170_001, 'Grace Sender']] },
    campaigns: { columns: ['campaignId', 'name', 'status'], rows: [[600_061, 'Founders', 'IN_PROGRESS']] },
  };
  return { content: [{ type: 'text', text: JSON.stringify(data) }], structuredContent: data };
}

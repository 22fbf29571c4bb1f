/** A campaign as HeyReach answers it: 14 keys, nulls among them. */
export const exampleCampaign = (changes: object = {}) => ({
  id: 600001,
  name: 'Q3 founders',
  creationTime: '2026-09-13T10:33:38.1234567Z',
  linkedInUserListName: 'Q3 founders list',
  linkedInUserListId: 930001,
  campaignAccountIds: [170001],
  status: 'DRAFT',
  progressStats: {
    totalUsers: 10,
    totalUsersInProgress: -7,
    totalUsersPending: 12,
    totalUsersFinished: 3,
    totalUsersFailed: 1,
    totalUsersManuallyStopped: 1,
    totalUsersExcluded: 0,
  },
  excludeInOtherCampaigns: true,
  excludeHasOtherAccConversations: false,
  excludeContactedFromSenderInOtherCampaign: true,
  excludeListId: null,
  organizationUnitId: 12345,
  startedAt: null,
  ...changes,
});

const end = (actionDelay: number) => ({ nodeType: 'END', actionDelay, actionDelayUnit: 'HOUR' });

/** A sequence as it is written. */
export const exampleSequence = () => ({
  nodeType: 'CONNECTION_REQUEST',
  actionDelay: 0,
  actionDelayUnit: 'HOUR',
  payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: 'Hi there', toBeWithdrawnAfterDays: 21 },
  conditionalNode: {
    nodeType: 'MESSAGE',
    actionDelay: 1,
    actionDelayUnit: 'DAY',
    payload: { messages: ['Thanks for connecting'], fallbackMessage: 'Thanks' },
    externalReference: 'step-2',
    unconditionalNode: end(3),
  },
  unconditionalNode: { nodeType: 'END', actionDelay: 21, actionDelayUnit: 'DAY' },
});

/** The same as HeyReach reads it back: nulls for what is not set, and its own END under the MESSAGE. */
export const exampleSequenceReadBack = () => {
  const written = exampleSequence();
  const leaf = { payload: null, externalReference: null, unconditionalNode: null, conditionalNode: null };
  return {
    ...written,
    externalReference: null,
    conditionalNode: {
      ...written.conditionalNode,
      unconditionalNode: { ...end(3), ...leaf },
      conditionalNode: { ...end(0), ...leaf },
    },
    unconditionalNode: { ...written.unconditionalNode, ...leaf },
  };
};

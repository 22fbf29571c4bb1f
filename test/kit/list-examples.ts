/** A list as HeyReach answers it. */
export const exampleList = (changes: object = {}) => ({
  id: 930001,
  name: 'Q3 founders list',
  totalItemsCount: 0,
  listType: 'USER_LIST',
  creationTime: '2026-09-13T10:33:37.5417789Z',
  campaignIds: [600001],
  ...changes,
});

/** The refusal of a list that is not there. */
export const listNotFound = {
  kind: 'not_found',
  status: 404,
  message: 'List with id 930009 was not found.',
  nextStep: 'Find the list with list_lists.',
  outcome: 'refused',
} as const;
